//! When a request is sent again, and after which wait: pure decisions over what came back.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// The longest wait that a service may ask for.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// With a connect timeout of four seconds, a host that does not answer is given up within 15 s.
const LAST_CONNECT: Duration = Duration::from_secs(9);

/// What went wrong below HTTP.
#[derive(Debug)]
pub(crate) enum Fault {
    /// No connection: the words say whether name, connection or TLS failed.
    Unreachable(&'static str),
    /// The connection broke after it stood.
    Broken,
    /// Connected, and no answer in time.
    Silent,
    /// The body is longer than what is read.
    TooLarge {
        status: u16,
        content_type: String,
        bytes: usize,
    },
}

/// How many times each kind of trouble was met.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    throttled: u32,
    faults: u32,
}

impl Tries {
    /// The wait before the next try after this status; `None` takes the answer as it is.
    pub(crate) fn after_status(
        &mut self,
        status: u16,
        retry_after: Option<Duration>,
    ) -> Option<Duration> {
        match status {
            429 | 503 => {
                self.throttled += 1;
                if self.throttled > 3 {
                    return None;
                }
                Some(retry_after.map_or_else(
                    || Duration::from_millis(500) * 2_u32.pow(self.throttled - 1),
                    |wait| wait.min(LONGEST_WAIT),
                ))
            }
            500 | 502 | 504 => self.again(),
            _ => None,
        }
    }

    /// The wait before the next try after this fault; `None` gives up.
    pub(crate) fn after_fault(&mut self, fault: &Fault, elapsed: Duration) -> Option<Duration> {
        match fault {
            Fault::Unreachable(_) if elapsed < LAST_CONNECT => self.again(),
            Fault::Broken => self.again(),
            _ => None,
        }
    }

    fn again(&mut self) -> Option<Duration> {
        self.faults += 1;
        (self.faults <= 2).then(|| Duration::from_millis(300) * self.faults)
    }
}

/// `Retry-After`: seconds, or an HTTP date.
pub(crate) fn retry_after(header: &str, now: DateTime<Utc>) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTime::parse_from_rfc2822(header).ok()?;
    Some(
        (date.with_timezone(&Utc) - now)
            .to_std()
            .unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_both_forms_and_capped() {
        let now = "2026-11-21T06:00:00Z".parse().expect("a literal date");
        assert_eq!(retry_after("7", now), Some(Duration::from_secs(7)));
        assert_eq!(
            retry_after("Sat, 21 Nov 2026 06:00:30 GMT", now),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            retry_after("Sat, 21 Nov 2026 05:00:00 GMT", now),
            Some(Duration::ZERO)
        );
        assert_eq!(retry_after("soon", now), None);
        let wait = Tries::default().after_status(429, Some(Duration::from_secs(86_400)));
        assert_eq!(wait, Some(LONGEST_WAIT));
    }

    #[test]
    fn tries_come_to_an_end() {
        let mut tries = Tries::default();
        let waits: Vec<_> = (0..5)
            .map_while(|_| tries.after_status(429, None))
            .collect();
        assert_eq!(waits.len(), 3);
        assert!(waits.windows(2).all(|pair| pair[0] < pair[1]));
        let mut tries = Tries::default();
        assert!(tries.after_status(502, None).is_some());
        assert!(tries.after_status(502, None).is_some());
        assert!(tries.after_status(502, None).is_none());
        assert!(Tries::default().after_status(404, None).is_none());
        let fault = Fault::Unreachable("the connection was refused");
        assert!(
            Tries::default()
                .after_fault(&fault, Duration::from_secs(10))
                .is_none()
        );
    }
}
