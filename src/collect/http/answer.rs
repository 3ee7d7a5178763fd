//! One answer of a service: what may be said of it, and nothing of what is inside.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::model::{Gap, GapKind, Seen};

/// An answer, its body zeroed on drop: it may hold a secret or a token.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Without parameters, lower case; `no content type` where there is none.
    pub(crate) content_type: String,
    pub(crate) retry_after: Option<Duration>,
    /// `WWW-Authenticate`.
    pub(crate) challenge: Option<String>,
    /// Whether a header came along that Finance & Operations marks its answers with: its activity's id
    /// (`ms-dyn-aid`, "Monitor and troubleshoot API operations"), or `P3P`, as in public captures.
    pub(crate) of_finops: bool,
    pub(crate) body: Zeroizing<Vec<u8>>,
    pub(crate) at: DateTime<Utc>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Answer {
    pub(crate) const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    pub(crate) fn is_json(&self) -> bool {
        self.content_type == "application/json" || self.content_type.ends_with("+json")
    }

    /// What a 200 brought, as JSON.
    ///
    /// # Errors
    /// Malformed, with status, content type and length.
    pub(crate) fn json(&self, call: &str) -> Result<Value, Gap> {
        self.brings(call)?;
        let body: Value = serde_json::from_slice(&self.body)
            .map_err(|_| self.malformed(call, "which is not JSON"))?;
        if body.get("error").is_some_and(|error| !error.is_null()) {
            return Err(self.malformed(call, "which reports an error"));
        }
        Ok(body)
    }

    /// Whether its status is one that brings what was asked for: no other of success does.
    ///
    /// # Errors
    /// Malformed, with the status.
    pub(crate) fn brings(&self, call: &str) -> Result<(), Gap> {
        if self.status == 200 {
            return Ok(());
        }
        Err(self.malformed(call, "and only a 200 brings what was asked for"))
    }

    /// The service's own code: OData's `error.code` (Graph, Dataverse).
    pub(crate) fn odata_code(&self) -> Option<String> {
        let body: Value = serde_json::from_slice(&self.body).ok()?;
        code_word(body.pointer("/error/code")?)
    }

    pub(crate) fn seen(&self, call: &str, code: Option<String>) -> Seen {
        Seen {
            call: call.to_owned(),
            status: self.status,
            code,
            at: self.at,
        }
    }

    /// `X answered 200 with application/json, 120 bytes, which …`.
    pub(crate) fn malformed(&self, call: &str, what: &str) -> Gap {
        let seen = format!(
            "{call} answered {} with {}, {} bytes, {what}",
            self.status,
            self.content_type,
            self.body.len()
        );
        self.remedied(Gap::new(GapKind::Malformed, seen))
    }

    /// A status or code that proves nothing.
    pub(crate) fn unrecognised(&self, call: &str, code: Option<&str>) -> Gap {
        let seen = match code {
            Some(code) => format!("{call} answered {} {code}", self.status),
            None => format!(
                "{call} answered {} with {}, {} bytes and no code",
                self.status,
                self.content_type,
                self.body.len()
            ),
        };
        self.remedied(Gap::new(GapKind::Unrecognised, seen))
    }

    /// With what to do, where the answer itself says so: the service's own answers are no web pages.
    fn remedied(&self, gap: Gap) -> Gap {
        if self.content_type == "text/html" {
            gap.with_remedy(
                "a web page came in place of the service's answer: look for a proxy, gateway or \
                 sign-in page between this machine and the service",
            )
        } else if self.status >= 500 {
            gap.with_remedy("run again later")
        } else {
            gap
        }
    }
}

/// Key Vault's code in an error body: the `AKV…` marker that its message may begin with, else
/// `innererror.code`, else `error.code`.
pub(crate) fn vault_code(body: &Value) -> Option<String> {
    let marker = body
        .pointer("/error/message")
        .and_then(Value::as_str)
        .and_then(|message| message.split(':').next())
        .filter(|word| {
            word.strip_prefix("AKV").is_some_and(|number| {
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            })
        });
    if let Some(marker) = marker {
        return Some(marker.to_owned());
    }
    [
        "/error/innererror/code",
        "/error/innerError/code",
        "/error/code",
    ]
    .iter()
    .find_map(|path| body.pointer(path).and_then(code_word))
}

/// A code as a service may write it: a short word. Anything else is not quoted.
pub(crate) fn code_word(value: &Value) -> Option<String> {
    let word = value.as_str()?;
    let plain = !word.is_empty()
        && word.len() <= 64
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    plain.then(|| word.to_owned())
}
