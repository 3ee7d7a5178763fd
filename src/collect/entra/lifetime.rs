//! How long a token lasts, as its answer says it.

use std::time::Duration;

use serde_json::Value;

/// `expires_in`: seconds, as a number or as text (both are met; MSAL reads both). A negative one is over.
pub(super) fn lasts(expires_in: &Value) -> Option<Duration> {
    let seconds = match expires_in {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    Some(Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn seconds_are_read_in_both_forms() {
        for (value, seconds) in [
            (json!(3599), Some(3599)),
            (json!("3599"), Some(3599)),
            (json!(" 60 "), Some(60)),
            (json!(0), Some(0)),
            (json!(-5), Some(0)),
            (json!(1e300), Some(Duration::MAX.as_secs())),
            (json!("soon"), None),
            (json!(null), None),
            (json!([3599]), None),
        ] {
            assert_eq!(
                lasts(&value).map(|lasts| lasts.as_secs()),
                seconds,
                "{value}"
            );
        }
    }
}
