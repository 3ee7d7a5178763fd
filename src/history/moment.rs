//! Moments as the store holds them: UTC text of one width, which sorts as it is written.

use chrono::{DateTime, SecondsFormat, Utc};

/// `2026-11-21T06:00:00.000000Z`.
pub(super) fn stamp(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The moment that a stamp stands for. One that cannot be read (only a hand can have written it) is the
/// beginning of time, so that what it dates is long past.
pub(super) fn moment(stamp: &str) -> DateTime<Utc> {
    stamp.parse().unwrap_or(DateTime::<Utc>::MIN_UTC)
}
