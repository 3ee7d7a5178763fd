//! When a request is sent again, and after which wait: pure decisions over what came back.

use std::time::Duration;

/// The longest that one call waits because a service asks it to.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// Tries where a service is busy and names no wait, or one that can be waited for.
const BUSY: u32 = 3;

/// Tries after a fault that counts.
const FAULTS: u32 = 2;

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

/// What follows on an answer or a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The same again, after this wait.
    Again(Duration),
    /// What came is taken as it is.
    Take,
    /// The service asks for a wait that cannot be waited for: nothing is sent again.
    TooLong(TooLong),
}

/// A wait that was asked for and is not waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong {
    pub(crate) asked: Duration,
    pub(crate) limit: Limit,
}

/// What a wait was too long for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// [`LONGEST_WAIT`] for this one wait.
    Wait,
    /// [`LONGEST_WAIT`] for all waits of the call: so much was waited before.
    Waited(Duration),
    /// What is left of the run.
    Deadline,
}

impl TooLong {
    /// After "asked to".
    pub(crate) fn words(self) -> String {
        let asked = spelled(self.asked);
        match self.limit {
            Limit::Wait => format!(
                "wait {asked}, which is longer than the {} that are waited for",
                spelled(LONGEST_WAIT)
            ),
            Limit::Waited(before) => format!(
                "wait {asked} more after {}, and no call waits longer than {}",
                spelled(before),
                spelled(LONGEST_WAIT)
            ),
            Limit::Deadline => {
                format!("wait {asked}, which is longer than the run's deadline leaves")
            }
        }
    }
}

/// `90 s`, `15 min`, `24 h`, `3 days`: rounded up, so that who waits that long has waited long enough.
pub(crate) fn spelled(wait: Duration) -> String {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    match seconds {
        0..=120 => format!("{seconds} s"),
        121..=7_200 => format!("{} min", seconds.div_ceil(60)),
        7_201..=172_800 => format!("{} h", seconds.div_ceil(3_600)),
        _ => format!("{} days", seconds.div_ceil(86_400)),
    }
}

/// How many times each kind of trouble was met, and how long was waited.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tries {
    busy: u32,
    faults: u32,
    /// Whether a shared connection broke before.
    broke: bool,
    waited: Duration,
}

impl Tries {
    /// What follows on this status. `asked` is the wait that the service asks for, `left` what is left of
    /// the run.
    pub(crate) fn after_status(
        &mut self,
        status: u16,
        asked: Option<Duration>,
        left: Duration,
    ) -> Next {
        match status {
            429 | 503 => {
                self.busy += 1;
                match asked {
                    Some(asked) => self.after_asking(asked, left),
                    None => self.busy(
                        Duration::from_millis(250) * 2_u32.pow(self.busy.min(8)),
                        left,
                    ),
                }
            }
            500 | 502 | 504 => self.again(left),
            _ => Next::Take,
        }
    }

    fn after_asking(&mut self, asked: Duration, left: Duration) -> Next {
        let limit = if asked > LONGEST_WAIT {
            Limit::Wait
        } else if asked >= left {
            Limit::Deadline
        } else if self.waited.saturating_add(asked) > LONGEST_WAIT {
            Limit::Waited(self.waited)
        } else {
            return self.busy(asked, left);
        };
        Next::TooLong(TooLong { asked, limit })
    }

    fn busy(&mut self, wait: Duration, left: Duration) -> Next {
        if self.busy > BUSY || wait >= left {
            return Next::Take;
        }
        self.waited += wait;
        Next::Again(wait)
    }

    /// What follows on this fault. The first connection that breaks is shared, and another request may have
    /// broken it: that is no try of this one's. From then on it has a connection of its own.
    pub(crate) fn after_fault(&mut self, fault: &Fault, left: Duration) -> Next {
        match fault {
            Fault::Broken if !self.broke => {
                self.broke = true;
                Next::Again(Duration::ZERO)
            }
            Fault::Unreachable(_) | Fault::Broken => self.again(left),
            Fault::Silent | Fault::TooLarge { .. } => Next::Take,
        }
    }

    fn again(&mut self, left: Duration) -> Next {
        self.faults += 1;
        let wait = Duration::from_millis(300) * self.faults;
        if self.faults > FAULTS || wait >= left {
            return Next::Take;
        }
        Next::Again(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_wait_that_is_too_long_ends_the_call_at_once() {
        let far = seconds(u64::MAX);
        for status in [429, 503] {
            for (asked, left, limit) in [
                (seconds(86_400), HOUR, Some(Limit::Wait)),
                (seconds(121), HOUR, Some(Limit::Wait)),
                (far, HOUR, Some(Limit::Wait)),
                (far, seconds(1), Some(Limit::Wait)),
                (seconds(60), seconds(60), Some(Limit::Deadline)),
                (seconds(60), seconds(5), Some(Limit::Deadline)),
                (seconds(120), HOUR, None),
                (seconds(7), HOUR, None),
                (Duration::ZERO, HOUR, None),
            ] {
                let next = Tries::default().after_status(status, Some(asked), left);
                let wanted = match limit {
                    Some(limit) => Next::TooLong(TooLong { asked, limit }),
                    None => Next::Again(asked),
                };
                assert_eq!(next, wanted, "{status} {asked:?} of {left:?}");
            }
        }
    }

    #[test]
    fn all_waits_of_one_call_together_are_no_longer_than_one_may_be() {
        let mut tries = Tries::default();
        let mut waited = Duration::ZERO;
        let end = loop {
            match tries.after_status(429, Some(seconds(50)), HOUR) {
                Next::Again(wait) => waited += wait,
                end => break end,
            }
        };
        assert_eq!(waited, seconds(100));
        let limit = Limit::Waited(waited);
        let asked = seconds(50);
        assert_eq!(end, Next::TooLong(TooLong { asked, limit }));
    }

    #[test]
    fn tries_come_to_an_end() {
        for (status, asked, most) in [
            (429, None, 3),
            (503, None, 3),
            (429, Some(Duration::ZERO), 3),
            (500, None, 2),
            (502, None, 2),
            (504, Some(seconds(86_400)), 2),
            (200, Some(seconds(86_400)), 0),
            (404, None, 0),
            (501, None, 0),
        ] {
            let mut tries = Tries::default();
            let mut waits = Vec::new();
            while let Next::Again(wait) = tries.after_status(status, asked, HOUR) {
                waits.push(wait);
            }
            assert_eq!(waits.len(), most, "{status} {asked:?}");
            let grows = waits.windows(2).all(|pair| pair[0] < pair[1]);
            assert!(grows || asked.is_some(), "{waits:?}");
        }
        let faults = [
            (Fault::Unreachable("the connection was refused"), 2),
            (Fault::Broken, 3),
            (Fault::Silent, 0),
        ];
        for (fault, most) in faults {
            let mut tries = Tries::default();
            let again = |tries: &mut Tries| tries.after_fault(&fault, HOUR) != Next::Take;
            let count = (0..10).filter(|_| again(&mut tries)).count();
            assert_eq!(count, most, "{fault:?}");
            let left = Duration::from_millis(1);
            let mut tries = Tries::default();
            let ends = (0..2).any(|_| tries.after_fault(&fault, left) == Next::Take);
            assert!(ends, "{fault:?}");
        }
    }

    #[test]
    fn a_wait_is_spelled_so_that_it_is_long_enough() {
        for (wait, words) in [
            (Duration::from_millis(1), "1 s"),
            (seconds(120), "120 s"),
            (seconds(121), "3 min"),
            (seconds(86_400), "24 h"),
            (seconds(86_400 * 3), "3 days"),
        ] {
            assert_eq!(spelled(wait), words);
        }
    }
}
