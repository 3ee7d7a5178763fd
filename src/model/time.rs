//! Days left, counted the one way every part of credaudit counts them.

use chrono::{DateTime, Datelike, Utc};

/// Whole days from `as_of` until `end`, rounded down, in UTC: 0 means "within the next 24 hours".
/// Negative once `end` lies before `as_of`.
#[must_use]
pub fn days_left(end: DateTime<Utc>, as_of: DateTime<Utc>) -> i64 {
    (end - as_of).num_seconds().div_euclid(86_400)
}

/// Whether something that ends at `end` is over at `as_of` (the end itself counts as over).
#[must_use]
pub fn is_past(end: DateTime<Utc>, as_of: DateTime<Utc>) -> bool {
    end <= as_of
}

/// From the year 2299 on, as Entra itself writes "never", a date is no end that anybody plans with: scripts
/// write 2999 or 9999 for it.
#[must_use]
pub fn is_no_end(end: DateTime<Utc>) -> bool {
    end.year() >= 2299
}

/// A date as reports print it: `2026-11-21`.
#[must_use]
pub fn day(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d").to_string()
}

/// A moment as reports print it: `2026-11-21 06:00 UTC`.
#[must_use]
pub fn minute(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a literal date")
    }

    #[test]
    fn days_are_floored_and_the_end_itself_is_past() {
        let now = at("2026-11-21T12:00:00Z");
        assert_eq!(days_left(at("2026-11-22T11:59:59Z"), now), 0);
        assert_eq!(days_left(at("2026-11-22T12:00:00Z"), now), 1);
        assert_eq!(days_left(at("2026-11-21T11:59:59Z"), now), -1);
        assert!(is_past(now, now));
        assert!(!is_past(at("2026-11-21T12:00:01Z"), now));
    }

    #[test]
    fn a_year_that_nobody_plans_with_is_no_end() {
        for never in ["2299-01-01", "2299-12-31", "2999-12-31", "9999-12-31"] {
            assert!(is_no_end(at(&format!("{never}T00:00:00Z"))), "{never}");
        }
        assert!(!is_no_end(at("2298-12-31T23:59:59Z")));
        assert!(!is_no_end(at("2028-12-31T00:00:00Z")));
    }
}
