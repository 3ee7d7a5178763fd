//! From the token endpoint's answer to a verdict: which refusals say something of the credential.

use secrecy::SecretString;
use serde_json::Value;
use zeroize::Zeroize;

use super::claims;
use crate::collect::http::Answer;
use crate::evidence::{AssertionForm, TokenAnswer};
use crate::model::codes::{self, Class, Code};
use crate::model::{Gap, GapKind, Observed};

/// What the endpoint said, and the token where it gave one.
#[derive(Debug)]
pub(crate) struct Granted {
    pub(crate) answer: Observed<TokenAnswer>,
    pub(crate) token: Option<SecretString>,
}

impl Granted {
    pub(crate) const fn unknown(gap: Gap) -> Self {
        Self {
            answer: Observed::Unknown(gap),
            token: None,
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
        && numbers(answer)
            .iter()
            .any(|number| ABOUT_THE_FORM.contains(number))
}

/// Reads the answer to a token request.
pub(crate) fn granted(call: &str, answer: &Answer) -> Granted {
    if answer.is_success() {
        return issued(call, answer);
    }
    let numbers = numbers(answer);
    let known: Vec<&'static Code> = numbers
        .iter()
        .filter_map(|number| codes::aadsts(*number))
        .collect();
    // One code that proves nothing is enough: the credential may be right all the same.
    let inconclusive = known.iter().find(|code| !says_something(code.class));
    match (inconclusive, known.first()) {
        (Some(code), _) => Granted::unknown(inconclusive_gap(call, answer, code)),
        (None, Some(code)) if (400..500).contains(&answer.status) => Granted {
            answer: Observed::Known(TokenAnswer::Refused {
                seen: answer.seen(call, Some(code.code.to_owned())),
            }),
            token: None,
        },
        (None, known) => {
            let code = known.map_or_else(
                || numbers.first().map(|number| format!("AADSTS{number}")),
                |code| Some(code.code.to_owned()),
            );
            Granted::unknown(answer.unrecognised(call, code.as_deref()))
        }
    }
}

/// Whether a refusal of this class says something about credential, registration or request.
const fn says_something(class: Class) -> bool {
    matches!(
        class,
        Class::CredentialWrong
            | Class::CredentialExpired
            | Class::RegistrationMissing
            | Class::RegistrationDisabled
            | Class::ServicePrincipalMissing
            | Class::WrongTenant
            | Class::Resource
            | Class::Request
    )
}

fn inconclusive_gap(call: &str, answer: &Answer, code: &Code) -> Gap {
    let kind = match code.class {
        Class::Throttled => GapKind::Throttled,
        _ => GapKind::Unrecognised,
    };
    Gap::new(
        kind,
        format!(
            "{call} answered {} {}, which says nothing about the credential: {}",
            answer.status, code.code, code.cause
        ),
    )
    .with_remedy(code.fix)
}

fn issued(call: &str, answer: &Answer) -> Granted {
    let mut body = match answer.json(call) {
        Ok(body) => body,
        Err(gap) => return Granted::unknown(gap),
    };
    let Some(Value::String(token)) = body.get_mut("access_token").map(Value::take) else {
        return Granted::unknown(answer.malformed(call, "which holds no access_token"));
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
    Granted {
        answer: Observed::Known(TokenAnswer::Issued {
            seen: answer.seen(call, None),
            claims: claims::read(&token),
            assertion: None,
        }),
        token: Some(SecretString::from(token)),
    }
}

/// The AADSTS numbers of an error: `error_codes`, else the one in `error_description`.
fn numbers(answer: &Answer) -> Vec<u64> {
    let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else {
        return Vec::new();
    };
    let listed: Vec<u64> = body
        .get("error_codes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_u64)
        .collect();
    if !listed.is_empty() {
        return listed;
    }
    body.get("error_description")
        .and_then(Value::as_str)
        .and_then(aadsts_in)
        .into_iter()
        .collect()
}

/// The first AADSTS number in a text, whatever follows it.
pub(crate) fn aadsts_in(text: &str) -> Option<u64> {
    let rest = &text[text.find("AADSTS")? + "AADSTS".len()..];
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
