//! OAuth's word and Entra's number, in every mixture that was thought of.

use super::*;

fn said(status: u16, body: &str) -> String {
    match read(status, body.as_bytes()) {
        Refusal::Refused { code, error } => {
            let word = error.map_or("-", ClientRefusal::as_str);
            format!("refused {code} {word}")
        }
        Refusal::SaysNothing { code, shown } => format!("nothing {:?} {shown}", code.class),
        Refusal::Unrecognised(code) => format!("unrecognised {}", code.unwrap_or_default()),
    }
}

/// An answer as Entra forms it.
fn answer(error: &str, numbers: &[u64]) -> String {
    serde_json::json!({"error": error, "error_codes": numbers, "error_description": "words"})
        .to_string()
}

#[test]
fn a_word_that_refuses_the_client_decides_whatever_the_number() {
    for error in ClientRefusal::ALL.map(ClientRefusal::as_str) {
        for status in [400, 401] {
            for number in [
                7_000_215, 1_000_502, 7_000_214, 70025, 700_082, 50076, 9_999_999, 1,
            ] {
                let said = said(status, &answer(error, &[number]));
                assert_eq!(said, format!("refused AADSTS{number} {error}"));
            }
            let bare = said(status, &answer(error, &[]));
            assert_eq!(bare, format!("refused {error} {error}"));
            let text = format!(r#"{{"error":"{error}","error_description":"AADSTS424242: new"}}"#);
            assert_eq!(said(status, &text), format!("refused AADSTS424242 {error}"));
        }
        for status in [302, 403, 404, 407, 429, 500, 502, 503] {
            let said = said(status, &answer(error, &[9_999_999]));
            assert_eq!(said, "unrecognised AADSTS9999999", "{status}");
            let bare = self::said(status, &answer(error, &[]));
            assert_eq!(bare, format!("unrecognised {error}"), "{status}");
        }
    }
}

#[test]
fn what_is_not_about_the_client_keeps_its_meaning_under_any_word() {
    for error in [
        "invalid_client",
        "unauthorized_client",
        "invalid_grant",
        "invalid_request",
        "",
    ] {
        for (number, class) in [
            (53003, "ConditionalAccess"),
            (53011, "ConditionalAccess"),
            (530_032, "ConditionalAccess"),
            (530_034, "ConditionalAccess"),
            (53000, "ConditionalAccess"),
            (90055, "Throttled"),
            (50196, "Throttled"),
            (90033, "Transient"),
            (700_024, "Clock"),
        ] {
            for numbers in [
                vec![number],
                vec![7_000_215, number],
                vec![number, 7_000_215],
            ] {
                let said = said(401, &answer(error, &numbers));
                assert_eq!(said, format!("nothing {class} AADSTS{number}"), "{error}");
            }
        }
        for number in [90002, 900_023, 90038] {
            let said = said(400, &answer(error, &[number]));
            assert!(
                said.starts_with(&format!("refused AADSTS{number} ")),
                "{said}"
            );
        }
    }
}

#[test]
fn the_other_words_are_not_about_the_client() {
    for (error, class) in [
        ("temporarily_unavailable", "Transient"),
        ("server_error", "Transient"),
        ("slow_down", "Throttled"),
        ("interaction_required", "PersonNeeded"),
        ("login_required", "PersonNeeded"),
        ("invalid_request", "Request"),
        ("invalid_scope", "Request"),
        ("unsupported_grant_type", "Request"),
        ("invalid_resource", "Resource"),
        ("access_denied", "ConditionalAccess"),
        ("insufficient_claims", "ConditionalAccess"),
    ] {
        let bare = said(400, &answer(error, &[]));
        assert_eq!(bare, format!("nothing {class} {error}"));
        let said = said(400, &answer(error, &[9_999_999]));
        assert_eq!(said, format!("nothing {class} AADSTS9999999 {error}"));
    }
    // A passing fault stays one, whatever number stands beside it.
    for error in [
        "temporarily_unavailable",
        "server_error",
        "slow_down",
        "interaction_required",
    ] {
        let said = said(400, &answer(error, &[7_000_215]));
        assert!(said.starts_with("nothing "), "{error}: {said}");
    }
    // A number that is known says what is wrong with the request or the resource.
    for (error, number) in [
        ("invalid_resource", 500_011),
        ("invalid_scope", 70011),
        ("invalid_scope", 1_002_012),
        ("invalid_request", 900_144),
        ("interaction_required", 65001),
        ("invalid_request", 90002),
    ] {
        assert_eq!(
            said(400, &answer(error, &[number])),
            format!("refused AADSTS{number} -")
        );
    }
}

#[test]
fn a_challenge_is_conditional_access_asking_for_more() {
    let body =
        r#"{"error":"invalid_grant","error_codes":[424242],"claims":"{\"access_token\":{}}"}"#;
    assert_eq!(
        said(400, body),
        "nothing ConditionalAccess AADSTS424242 insufficient_claims"
    );
    let none = r#"{"error":"invalid_grant","error_codes":[424242],"claims":null}"#;
    assert_eq!(said(400, none), "refused AADSTS424242 invalid_grant");
}

#[test]
fn what_is_not_oauths_form_refuses_nobody() {
    for body in [
        "",
        "<html><body>invalid_client AADSTS7000215</body></html>",
        "null",
        "[]",
        "5",
        "\"invalid_client\"",
        "{}",
        r#"{"error":null}"#,
        r#"{"error":{"code":"invalid_client"}}"#,
        r#"{"error":["invalid_client"]}"#,
        r#"{"error":"Invalid_Client"}"#,
        r#"{"error":"invalid_client "}"#,
        r#"{"error":"Unauthorized","message":"AADSTS7000215"}"#,
        r#"{"error":"invalid_client""#,
    ] {
        assert_eq!(said(401, body), "unrecognised ", "{body}");
    }
    assert_eq!(
        said(401, r#"{"error":"something_new"}"#),
        "unrecognised something_new"
    );
}

/// The case of a certificate outside its validity, as it was reported in public (microsoft-identity-web#2834).
#[test]
fn a_certificate_outside_its_validity_is_refused() {
    let body = r#"{"error": "invalid_client", "error_description": "AADSTS1000502: The provided certificate is not within its specified validity period. Trace ID: 11111111-2222-3333-4444-555555550100 Correlation ID: 11111111-2222-3333-4444-555555555555 Timestamp: 2026-11-30 07:00:00Z", "error_codes": [1000502], "timestamp": "2026-11-30 07:00:00Z", "trace_id": "11111111-2222-3333-4444-555555550100", "correlation_id": "11111111-2222-3333-4444-555555555555"}"#;
    assert_eq!(said(401, body), "refused AADSTS1000502 invalid_client");
    assert!(codes::find("AADSTS1000502").is_some_and(|code| code.class == Class::CredentialWrong));
}
