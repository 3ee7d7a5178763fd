//! The wait that a service asks for, in every header and form that it may stand in.

use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDateTime, Utc};

/// Longer than anything that is waited for, and short enough to be added to a time.
const FOR_EVER: Duration = Duration::from_secs(10 * 365 * 86_400);

/// The longest wait that these headers ask for: `Retry-After` (RFC 9110, section 10.2.3: seconds, or a date),
/// and the milliseconds that Azure's services send (`retry-after-ms`, `x-ms-retry-after-ms`; Azure SDK
/// guidelines, "retry policy"). `now` is the service's own time, where it says so. What is none of these
/// forms asks for nothing.
pub(crate) fn wait<'h>(
    headers: impl IntoIterator<Item = (&'h str, &'h str)>,
    now: DateTime<Utc>,
) -> Option<Duration> {
    headers
        .into_iter()
        .filter_map(|(name, value)| match name.to_ascii_lowercase().as_str() {
            "retry-after" => seconds_or_date(value, now),
            "retry-after-ms" | "x-ms-retry-after-ms" => number(value, 0.001),
            _ => None,
        })
        .max()
}

fn seconds_or_date(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    if let Some(date) = http_date(value) {
        let wait = (date - now).to_std().unwrap_or_default();
        return Some(wait.min(FOR_EVER));
    }
    // Several headers of one name may have been joined on the way.
    value.split(',').filter_map(|one| number(one, 1.0)).max()
}

/// A number of zero or more, whole or not.
fn number(value: &str, unit: f64) -> Option<Duration> {
    let value = value.trim();
    let plain = value.bytes().any(|byte| byte.is_ascii_digit())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = plain.then(|| value.parse().ok())??;
    Some(Duration::try_from_secs_f64(number * unit).map_or(FOR_EVER, |wait| wait.min(FOR_EVER)))
}

/// A date in one of HTTP's three forms (RFC 9110, section 5.6.7), of a year that has four digits.
pub(crate) fn http_date(value: &str) -> Option<DateTime<Utc>> {
    let value = value.trim();
    let date = match DateTime::parse_from_rfc2822(value) {
        Ok(date) => Some(date.with_timezone(&Utc)),
        Err(_) => older_form(value),
    };
    date.filter(|date| (1_900..=9_999).contains(&date.year()))
}

fn older_form(value: &str) -> Option<DateTime<Utc>> {
    ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(value, form).ok())
        .map(|date| date.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-21T06:00:00Z".parse().expect("a literal date")
    }

    #[test]
    fn every_form_is_read_and_what_is_none_asks_for_nothing() {
        for (value, seconds) in [
            ("7", Some(7)),
            (" 7 ", Some(7)),
            ("0", Some(0)),
            ("1.5", Some(2)),
            ("86400", Some(86_400)),
            ("60, 120", Some(120)),
            ("Sat, 21 Nov 2026 06:00:30 GMT", Some(30)),
            ("Saturday, 21-Nov-26 06:00:30 GMT", Some(30)),
            ("Sat Nov 21 06:00:30 2026", Some(30)),
            ("Sat, 21 Nov 2026 05:00:00 GMT", Some(0)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(FOR_EVER.as_secs())),
            ("99999999999999999999999999", Some(FOR_EVER.as_secs())),
            ("-5", None),
            ("soon", None),
            ("", None),
            (".", None),
            ("1e9", None),
            ("inf", None),
            ("NaN", None),
            ("0x10", None),
            ("١٢", None),
            ("Sat, 99 Nov 2026 06:00:30 GMT", None),
        ] {
            let asked = wait([("Retry-After", value)], now());
            let rounded = asked.map(|asked| asked.as_secs_f64().ceil());
            assert_eq!(rounded, seconds.map(|seconds| seconds as f64), "{value}");
        }
    }

    #[test]
    fn of_several_headers_the_longest_counts() {
        let headers = [
            ("x-ms-retry-after-ms", "1500"),
            ("Retry-After", "1"),
            ("retry-after", "soon"),
            ("RETRY-AFTER-MS", "900"),
            ("x-other", "86400"),
        ];
        assert_eq!(wait(headers, now()), Some(Duration::from_millis(1500)));
        let huge = "9".repeat(400);
        assert_eq!(
            wait([("retry-after-ms", huge.as_str())], now()),
            Some(FOR_EVER)
        );
        assert_eq!(wait([("date", "7")], now()), None);
    }
}
