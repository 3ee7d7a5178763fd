//! What a token endpoint's refusal says: OAuth's `error` (RFC 6749, section 5.2) decides whether the client
//! was refused, the AADSTS number gives the cause.

use serde_json::Value;

use crate::collect::http::Answer;
use crate::model::{ClientRefusal, Word};
use crate::reference::codes;
use crate::reference::codes::{Class, Code};

/// What was refused, if anything that can be told.
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    /// The client: `code` is the number as `AADSTS…`, known or not, else OAuth's word.
    Refused {
        code: String,
        error: Option<ClientRefusal>,
    },
    /// An answer that proves nothing: Conditional Access, throttling, a passing fault. `shown` is the code
    /// as it came.
    SaysNothing { code: &'static Code, shown: String },
    /// A status, word or number that is not known: with what stood there, where it can be repeated.
    Unrecognised(Option<String>),
}

/// Where an answer wants more than a program can give, whatever else it says.
const MORE_CLAIMS: &str = "insufficient_claims";

/// Reads an answer that is no success.
pub(crate) fn refusal(answer: &Answer) -> Refusal {
    read(answer.status, &answer.body)
}

/// Reads status and body of an answer that is no success.
pub(crate) fn read(status: u16, body: &[u8]) -> Refusal {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return Refusal::Unrecognised(None);
    };
    let word = body
        .get("error")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let numbers = numbers_in(&body);
    let known: Vec<&'static Code> = numbers
        .iter()
        .filter_map(|number| codes::aadsts(*number))
        .collect();
    let number = numbers.first().map(|number| format!("AADSTS{number}"));
    let says_nothing = |code: &'static Code, own: bool| Refusal::SaysNothing {
        code,
        shown: match &number {
            Some(number) if !own => format!("{number} {}", code.code),
            _ => code.code.to_owned(),
        },
    };
    let by_word = codes::oauth(word);
    let error = ClientRefusal::from_word(word);
    // One code that proves nothing is enough: the credential may be right all the same.
    if let Some(code) = known.iter().find(|code| proves_nothing(code.class)) {
        return says_nothing(code, true);
    }
    // So is a word that does: what the resource lacks is the one cause that a person is asked about, too.
    let about_the_resource = known.iter().any(|code| code.class == Class::Resource);
    if let Some(code) = by_word
        && (proves_nothing(code.class)
            || (code.class == Class::PersonNeeded && !about_the_resource))
    {
        return says_nothing(code, false);
    }
    let documented = matches!(status, 400 | 401);
    match (known.first(), error, by_word) {
        (Some(code), ..) if documented && (says_something(code.class) || error.is_some()) => {
            Refusal::Refused {
                code: code.code.to_owned(),
                error,
            }
        }
        (Some(code), ..) if documented => says_nothing(code, true),
        (None, Some(_), _) if documented && challenges(&body) => codes::oauth(MORE_CLAIMS)
            .map_or(Refusal::Unrecognised(number.clone()), |code| {
                says_nothing(code, false)
            }),
        (None, Some(error), _) if documented => Refusal::Refused {
            code: number.unwrap_or_else(|| error.as_str().to_owned()),
            error: Some(error),
        },
        (None, None, Some(code)) if documented => says_nothing(code, false),
        _ => Refusal::Unrecognised(number.or_else(|| quotable(word))),
    }
}

/// Whether the answer carries a claims challenge: Conditional Access asks for more.
fn challenges(body: &Value) -> bool {
    body.get("claims").is_some_and(|claims| !claims.is_null())
}

/// Whether an answer of this class leaves open whether the credential is right.
const fn proves_nothing(class: Class) -> bool {
    matches!(
        class,
        Class::ConditionalAccess | Class::Throttled | Class::Transient | Class::Clock
    )
}

/// Whether a number of this class refuses by itself, without a word of OAuth.
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
            | Class::CredentialMissing
            | Class::Assertion
    )
}

/// A word as OAuth writes them, fit to be repeated.
fn quotable(word: &str) -> Option<String> {
    let plain = !word.is_empty()
        && word.len() <= 40
        && word
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    plain.then(|| word.to_owned())
}

/// The AADSTS numbers of an error: `error_codes`, else the one in `error_description`.
pub(crate) fn numbers(body: &[u8]) -> Vec<u64> {
    serde_json::from_slice(body).map_or_else(|_| Vec::new(), |body| numbers_in(&body))
}

fn numbers_in(body: &Value) -> Vec<u64> {
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

#[cfg(test)]
#[path = "refusal_tests.rs"]
mod tests;
