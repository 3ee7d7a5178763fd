//! Days left, counted the one way every part of credaudit counts them.

use chrono::{DateTime, Datelike, SecondsFormat, Utc};

/// Calendar days in UTC from the day of `as_of` to the day of `end`: 0 is today, whatever the hour, and
/// negative days lie in the past. Whether it is over is another question: [`is_past`].
pub(crate) fn days_left(end: DateTime<Utc>, as_of: DateTime<Utc>) -> i64 {
    (end.date_naive() - as_of.date_naive()).num_days()
}

/// `today`, `in 5 days`, `3 days ago`: one rule for what comes and what has been.
pub(crate) fn near(moment: DateTime<Utc>, as_of: DateTime<Utc>) -> String {
    let noun = |days: u64| if days == 1 { "day" } else { "days" };
    match days_left(moment, as_of) {
        0 => "today".to_owned(),
        days @ 1.. => format!("in {days} {}", noun(days.unsigned_abs())),
        days => format!("{} {} ago", days.unsigned_abs(), noun(days.unsigned_abs())),
    }
}

/// Whether something that ends at `end` is over at `as_of` (the end itself counts as over).
pub(crate) fn is_past(end: DateTime<Utc>, as_of: DateTime<Utc>) -> bool {
    end <= as_of
}

/// From the year 2299 on, as Entra itself writes "never", a date is no end that anybody plans with: scripts
/// write 2999 or 9999 for it.
pub(crate) fn is_no_end(end: DateTime<Utc>) -> bool {
    end.year() >= 2299
}

/// A date as reports print it: `2026-11-21`.
pub(crate) fn day(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d").to_string()
}

/// A date as people say it: `5 Dec`, with the year where it is not this one.
pub(crate) fn said(moment: DateTime<Utc>, as_of: DateTime<Utc>) -> String {
    let form = if moment.year() == as_of.year() {
        "%-d %b"
    } else {
        "%-d %b %Y"
    };
    moment.format(form).to_string()
}

/// A moment as reports print it: `2026-11-21 06:00 UTC`.
pub(crate) fn minute(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// A moment as RFC 3339 in UTC, whole seconds.
pub(crate) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a literal date")
    }

    #[test]
    fn days_are_the_calendars_both_ways() {
        for (now, end, days, words) in [
            (
                "2026-11-30T09:00:00Z",
                "2026-11-27T10:00:00Z",
                -3,
                "3 days ago",
            ),
            (
                "2026-11-30T09:00:00Z",
                "2026-11-29T23:59:59Z",
                -1,
                "1 day ago",
            ),
            ("2026-11-30T09:00:00Z", "2026-11-30T00:00:00Z", 0, "today"),
            ("2026-11-30T09:00:00Z", "2026-11-30T23:59:59Z", 0, "today"),
            (
                "2026-11-30T23:59:59Z",
                "2026-12-01T00:00:00Z",
                1,
                "in 1 day",
            ),
            (
                "2026-11-30T09:00:00Z",
                "2026-12-05T08:00:00Z",
                5,
                "in 5 days",
            ),
            (
                "2028-02-28T12:00:00Z",
                "2028-03-01T00:00:00Z",
                2,
                "in 2 days",
            ),
        ] {
            assert_eq!(days_left(at(end), at(now)), days, "{end} seen at {now}");
            assert_eq!(near(at(end), at(now)), words, "{end} seen at {now}");
        }
    }

    #[test]
    fn the_end_itself_is_past_and_later_the_same_day_is_not() {
        let now = at("2026-11-21T12:00:00Z");
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
