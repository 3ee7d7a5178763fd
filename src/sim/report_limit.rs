//! How often one application may ask for the reports of a tenant.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};

/// As many requests as one application may send to the reports of one tenant ..
const MOST: usize = 5;
/// .. in so many seconds.
const WINDOW: i64 = 10;

/// Who asked for reports, and when.
#[derive(Debug, Default)]
pub(super) struct ReportLimit(Mutex<BTreeMap<String, VecDeque<DateTime<Utc>>>>);

impl ReportLimit {
    /// Counts a request; where it is one too many, the seconds to wait.
    pub(super) fn take(&self, who: String, now: DateTime<Utc>) -> Result<(), i64> {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let times = asked.entry(who).or_default();
        let window = Duration::seconds(WINDOW);
        while times.front().is_some_and(|first| *first + window <= now) {
            times.pop_front();
        }
        match times.front() {
            Some(first) if times.len() >= MOST => {
                // Rounded up: who waits as long is accepted.
                Err(((*first + window - now).num_milliseconds() + 999) / 1000)
            }
            _ => {
                times.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_requests_in_ten_seconds_are_one_too_many() {
        let limit = ReportLimit::default();
        let start: DateTime<Utc> = "2026-11-21T06:00:00Z".parse().expect("a date");
        let at = |seconds| start + Duration::seconds(seconds);
        let take = |who: &str, seconds| limit.take(who.to_owned(), at(seconds));
        for seconds in 0..5 {
            assert_eq!(take("a", seconds), Ok(()));
        }
        assert_eq!(take("a", 5), Err(5));
        // Others have a limit of their own, and the first request leaves the window.
        assert_eq!(take("b", 5), Ok(()));
        assert_eq!(take("a", 11), Ok(()));
        assert_eq!(take("a", 11), Ok(()));
        assert_eq!(take("a", 11), Err(1));
    }
}
