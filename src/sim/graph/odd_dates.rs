//! Dates as other serialisers write them: seven digits of a second, and an offset.

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

use crate::sim::wire::Answer;

const EAST: i32 = 2 * 60 * 60;

/// The same answer, its dates written in the odd way. They stay the same moments, but for a fraction.
pub(super) fn rewritten(mut answer: Answer) -> Answer {
    if let Ok(mut body) = serde_json::from_slice(&answer.body) {
        rewrite(&mut body);
        answer.body = body.to_string().into_bytes();
    }
    answer
}

fn rewrite(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(odd) = odd(text) {
                *text = odd;
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(rewrite),
        Value::Object(fields) => fields.values_mut().for_each(rewrite),
        _ => {}
    }
}

/// `2026-11-21T06:00:00Z` as `2026-11-21T08:00:00.1234567+02:00`; nothing for any other text.
fn odd(text: &str) -> Option<String> {
    if text.len() != 20 || !text.ends_with('Z') {
        return None;
    }
    let moment = DateTime::parse_from_rfc3339(text).ok()?;
    let there = moment.with_timezone(&FixedOffset::east_opt(EAST)?);
    Some(there.format("%Y-%m-%dT%H:%M:%S.1234567%:z").to_string())
}

#[cfg(test)]
mod tests {
    use super::odd;

    #[test]
    fn dates_keep_their_moment_and_other_texts_stay() {
        let far = odd("2299-12-31T00:00:00Z");
        assert_eq!(far.as_deref(), Some("2299-12-31T02:00:00.1234567+02:00"));
        for text in ["", "Z", "aaaaaaaaaaaaaaaaaaaZ", "2026-11-21T08:00:00+02:00"] {
            assert_eq!(odd(text), None, "{text}");
        }
    }
}
