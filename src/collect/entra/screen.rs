//! What the SDK is given of a token endpoint's answer: a token, or an error in OAuth's own form.
//!
//! Whatever else comes in their place (a proxy's page, a gateway's error, an empty 200) is no refusal of
//! anybody, and says so as a gap.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::lifetime;
use super::refusal::numbers;
use crate::collect::http::Answer;
use crate::model::{Gap, GapKind};

/// What a token endpoint may say. Borrowed, so that no copy of a token is left behind.
#[derive(Deserialize)]
struct Said<'a> {
    access_token: Option<&'a str>,
    expires_in: Option<Value>,
    error: Option<&'a str>,
}

/// What a token lasts where its answer does not say.
const UNTOLD: Duration = Duration::from_secs(3_600);

/// The answer as the SDK reads it: an error keeps its word and its numbers, and none of its text.
///
/// # Errors
/// The gap, where this is not a token endpoint's own answer, or where the endpoint itself is not well.
pub(crate) fn screen(call: &str, answer: Answer) -> Result<Answer, Gap> {
    let said: Option<Said<'_>> = serde_json::from_slice(&answer.body).ok();
    if answer.is_success() {
        let token = said.as_ref().and_then(|said| said.access_token);
        let Some(token) = token.filter(|token| !token.is_empty()) else {
            return Err(answer.malformed(call, "which holds no access_token"));
        };
        let told = said.as_ref().and_then(|said| said.expires_in.as_ref());
        let lasts = told.and_then(lifetime::lasts).unwrap_or(UNTOLD);
        let lasts = lasts.as_secs().min(u64::from(u32::MAX));
        // The token is as it stood between its quotes: nothing in it needs escaping.
        let own =
            format!(r#"{{"token_type":"Bearer","expires_in":{lasts},"access_token":"{token}"}}"#);
        return Ok(with_body(answer, own));
    }
    if answer.status >= 500 {
        let gap = answer.unrecognised(call, None);
        return Err(Gap {
            kind: GapKind::Unreachable,
            ..gap
        });
    }
    let error = said.as_ref().and_then(|said| said.error);
    let Some(error) = error.filter(|error| !error.is_empty()) else {
        return Err(answer.malformed(call, "which is not an answer of a token endpoint"));
    };
    // RFC 6749, section 5.2: the word is printable ASCII. Its description is never handed on.
    let plain = error.len() <= 64 && error.bytes().all(|byte| byte.is_ascii_graphic());
    let own = json!({
        "error": if plain { error } else { "unknown" },
        "error_codes": numbers(&answer.body),
        "error_description": "",
    });
    Ok(with_body(answer, own.to_string()))
}

fn with_body(answer: Answer, body: String) -> Answer {
    Answer {
        body: Zeroizing::new(body.into_bytes()),
        ..answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::tests::spoiled::labelled as answer;

    #[test]
    fn only_a_token_endpoint_s_own_answer_is_handed_on() {
        let (json, html) = ("application/json", "text/html");
        for (status, content_type, body, kind) in [
            (200, json, r#"{"access_token":"t","expires_in":3599}"#, None),
            (200, json, "", Some(GapKind::Malformed)),
            (200, json, "null", Some(GapKind::Malformed)),
            (200, json, "{}", Some(GapKind::Malformed)),
            (
                200,
                json,
                r#"{"access_token":""}"#,
                Some(GapKind::Malformed),
            ),
            (200, json, r#"{"access_token":5}"#, Some(GapKind::Malformed)),
            (200, html, "<html>", Some(GapKind::Malformed)),
            (204, json, "", Some(GapKind::Malformed)),
            (401, json, r#"{"error":"invalid_client"}"#, None),
            (
                400,
                json,
                r#"{"error_codes":[7000215]}"#,
                Some(GapKind::Malformed),
            ),
            (401, json, "{}", Some(GapKind::Malformed)),
            (403, html, "<html>", Some(GapKind::Malformed)),
            (407, html, "", Some(GapKind::Malformed)),
            (404, "no content type", "", Some(GapKind::Malformed)),
            (
                500,
                json,
                r#"{"error":"invalid_client"}"#,
                Some(GapKind::Unreachable),
            ),
            (502, html, "<html>", Some(GapKind::Unreachable)),
            (503, json, "", Some(GapKind::Unreachable)),
        ] {
            let screened = screen("a token request", answer(status, content_type, body));
            let seen = screened.as_ref().err().map(|gap| gap.kind);
            assert_eq!(seen, kind, "{status} {content_type} {body}");
        }
    }

    #[test]
    fn an_error_keeps_its_numbers_and_none_of_its_text() {
        let body = r#"{"error":"invalid_client","error_description":"AADSTS7000222: canary\r\nTrace ID: x"}"#;
        let screened =
            screen("a token request", answer(401, "application/json", body)).expect("one");
        let text = String::from_utf8(screened.body.to_vec()).expect("text");
        assert!(
            text.contains("7000222") && text.contains("invalid_client"),
            "{text}"
        );
        assert!(!text.contains("canary"), "{text}");
    }
}
