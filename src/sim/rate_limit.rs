//! How often one caller may ask one service: so many requests in so many seconds.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};

/// Who asked, and when.
#[derive(Debug)]
pub(super) struct RateLimit {
    most: usize,
    window: Duration,
    asked: Mutex<BTreeMap<String, VecDeque<DateTime<Utc>>>>,
}

/// What a request leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub requests: usize,
    /// Seconds until the first of those counted is counted no more, rounded up.
    pub seconds: i64,
}

impl RateLimit {
    pub(super) fn new(most: usize, seconds: i64) -> Self {
        Self {
            most,
            window: Duration::seconds(seconds),
            asked: Mutex::default(),
        }
    }

    /// Counts a request; where it is one too many, the seconds to wait.
    pub(super) fn take(&self, who: String, now: DateTime<Utc>) -> Result<Left, i64> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let times = asked.entry(who).or_default();
        while times
            .front()
            .is_some_and(|first| *first + self.window <= now)
        {
            times.pop_front();
        }
        let first = times.front().copied().unwrap_or(now);
        // Rounded up: who waits as long is accepted.
        let seconds = ((first + self.window - now).num_milliseconds() + 999) / 1000;
        if times.len() >= self.most {
            return Err(seconds);
        }
        times.push_back(now);
        Ok(Left {
            requests: self.most - times.len(),
            seconds,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_requests_in_ten_seconds_are_one_too_many() {
        let limit = RateLimit::new(5, 10);
        let start: DateTime<Utc> = "2026-11-21T06:00:00Z".parse().expect("a date");
        let at = |seconds| start + Duration::seconds(seconds);
        let take = |who: &str, seconds| limit.take(who.to_owned(), at(seconds));
        let left = |requests, seconds| Ok(Left { requests, seconds });
        for (number, seconds) in (0..5).enumerate() {
            assert_eq!(take("a", seconds), left(4 - number, 10 - seconds));
        }
        assert_eq!(take("a", 5), Err(5));
        // Others have a limit of their own, and the first request leaves the window.
        assert_eq!(take("b", 5), left(4, 10));
        assert_eq!(take("a", 11), left(1, 1));
        assert_eq!(take("a", 11), left(0, 1));
        assert_eq!(take("a", 11), Err(1));
    }
}
