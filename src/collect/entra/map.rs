//! From the token endpoint's answer to a verdict: which refusals say something of the credential.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use zeroize::Zeroize;

use super::refusal::{Refusal, numbers, refusal};
use super::{claims, lifetime};
use crate::collect::http::{Answer, Life};
use crate::evidence::{AssertionForm, TokenAnswer};
use crate::model::{Gap, GapKind, Observed};
use crate::reference::codes::{Class, Code};

/// What the endpoint said, and the token where it gave one.
#[derive(Debug)]
pub(crate) struct Granted {
    pub(crate) answer: Observed<TokenAnswer>,
    pub(crate) token: Option<SecretString>,
    /// From when it was given; unknown where the answer does not say.
    pub(crate) life: Life,
}

impl Granted {
    pub(crate) fn unknown(gap: Gap) -> Self {
        Self {
            answer: Observed::Unknown(gap),
            token: None,
            life: Life::new(None),
        }
    }

    /// Notes how the assertion was signed that a token was given for.
    pub(crate) fn signed(mut self, form: AssertionForm) -> Self {
        if let Observed::Known(TokenAnswer::Issued { assertion, .. }) = &mut self.answer {
            *assertion = Some(form);
        }
        self
    }
}

/// AADSTS numbers that the form of an assertion may be refused with, rather than its certificate: no valid
/// token, wrong audience or signature, and, as MSAL reports it, a certificate or signature not recognised.
const ABOUT_THE_FORM: [u64; 3] = [50012, 50027, 700_027];

/// Whether the answer to an assertion may be about the way it was signed.
pub(crate) fn may_be_about_the_form(answer: &Answer) -> bool {
    !answer.is_success()
        && numbers(&answer.body)
            .iter()
            .any(|number| ABOUT_THE_FORM.contains(number))
}

/// Reads the answer to a token request: OAuth's `error` decides, the AADSTS number explains.
pub(crate) fn granted(call: &str, answer: &Answer) -> Granted {
    if answer.is_success() {
        return issued(call, answer);
    }
    match refusal(answer) {
        Refusal::Refused { code, error } => Granted {
            answer: Observed::Known(TokenAnswer::Refused {
                seen: answer.seen(call, Some(code)),
                error,
            }),
            token: None,
            life: Life::new(None),
        },
        Refusal::SaysNothing { code, shown } => {
            Granted::unknown(inconclusive_gap(call, answer, code, &shown))
        }
        Refusal::Unrecognised(code) => Granted::unknown(unheard(call, answer, code.as_deref())),
    }
}

/// An answer that is not the endpoint's, or of an endpoint that is not well: nobody was refused.
fn unheard(call: &str, answer: &Answer, code: Option<&str>) -> Gap {
    let gap = answer.unrecognised(call, code);
    let own: Result<serde_json::Map<String, Value>, _> = serde_json::from_slice(&answer.body);
    let kind = match own {
        _ if answer.status >= 500 => GapKind::Unreachable,
        Err(_) => GapKind::Malformed,
        Ok(_) => GapKind::Unrecognised,
    };
    Gap { kind, ..gap }
}

fn inconclusive_gap(call: &str, answer: &Answer, code: &Code, shown: &str) -> Gap {
    let kind = match code.class {
        Class::Throttled => GapKind::Throttled,
        _ => GapKind::Unrecognised,
    };
    Gap::new(
        kind,
        format!(
            "{call} answered {} {shown}, which says nothing about the credential: {}",
            answer.status, code.cause
        ),
    )
    .with_remedy(code.fix)
}

fn issued(call: &str, answer: &Answer) -> Granted {
    let mut body = match answer.json(call) {
        Ok(body) => body,
        Err(gap) => return Granted::unknown(gap),
    };
    let token = match body.get_mut("access_token").map(Value::take) {
        Some(Value::String(token)) => token,
        _ => return Granted::unknown(answer.malformed(call, "which holds no access_token")),
    };
    let token = SecretString::from(token);
    let lasts = body.get("expires_in").and_then(lifetime::lasts);
    let odd = if !is_token(token.expose_secret()) {
        Some("whose access_token cannot be a token")
    } else if !is_bearer(&body) {
        Some("whose token_type is not Bearer")
    } else if lasts.is_none() {
        Some("which does not say when the token ends")
    } else {
        None
    };
    for other in body
        .as_object_mut()
        .into_iter()
        .flat_map(serde_json::Map::values_mut)
    {
        if let Value::String(text) = other {
            text.zeroize();
        }
    }
    if let Some(odd) = odd {
        return Granted::unknown(answer.malformed(call, odd));
    }
    Granted {
        answer: Observed::Known(TokenAnswer::Issued {
            seen: answer.seen(call, None),
            claims: claims::read(token.expose_secret()),
            assertion: None,
        }),
        token: Some(token),
        life: Life::new(lasts),
    }
}

/// The characters of a bearer token (RFC 6750, 2.1), so that it can be sent.
fn is_token(token: &str) -> bool {
    !token.is_empty()
        && token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte))
}

/// `token_type`, the same in any case (RFC 6749, 5.1).
fn is_bearer(body: &Value) -> bool {
    let kind = body.get("token_type").and_then(Value::as_str);
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("Bearer"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::collect::tests::spoiled;

    #[test]
    fn no_spoiled_answer_of_success_is_a_token() {
        let right = json!({"token_type": "Bearer", "expires_in": 3599, "access_token": "a.b.c"});
        let issued = |body: &Value| granted("a request", &spoiled::answer(200, body.to_string()));
        assert!(issued(&right).token.is_some());
        let mut as_text = right.clone();
        as_text["expires_in"] = json!("3599");
        as_text["token_type"] = json!("bearer");
        assert!(issued(&as_text).token.is_some());
        for (what, answer) in spoiled::forms(&right) {
            if what == "expires_in is 5" {
                continue;
            }
            let granted = granted("a request", &answer);
            assert!(granted.token.is_none(), "{what}");
            let gap = granted.answer.gap().map(|gap| gap.kind);
            assert_eq!(gap, Some(GapKind::Malformed), "{what}");
        }
        for (field, odd) in [
            ("access_token", json!("a b")),
            ("access_token", json!("a\r\nb")),
            ("access_token", json!("tök")),
            ("token_type", json!("pop")),
            ("expires_in", json!("soon")),
        ] {
            let mut body = right.clone();
            body[field] = odd;
            assert!(issued(&body).token.is_none(), "{body}");
        }
    }
}
