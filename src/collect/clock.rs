//! The clock: the one place of this room that asks what time it is.
#![expect(
    clippy::disallowed_methods,
    reason = "collecting happens at a time, and the snapshot says at which"
)]

use chrono::{DateTime, Utc};

/// The present moment, in whole seconds: what a snapshot keeps.
pub(crate) fn now() -> DateTime<Utc> {
    let now = Utc::now();
    DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now)
}
