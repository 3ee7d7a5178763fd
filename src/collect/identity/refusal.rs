//! A link of the chain that gives no token: what it answered, in words of our own.

use azure_core::error::ErrorKind;

use super::links::Holder;
use super::local::NotThere;
use crate::collect::http::{found_in, gap_in};
use crate::model::codes::{self, Class};
use crate::model::{Gap, GapKind};

/// What a link answered instead of a token.
pub(super) struct Refusal {
    pub(super) words: String,
    pub(super) kind: GapKind,
    pub(super) remedy: Option<String>,
    /// The link is not there on this machine: no further scope need be asked of it.
    pub(super) absent: bool,
}

impl Refusal {
    pub(super) fn absent(why: &str) -> Self {
        Self {
            words: why.to_owned(),
            kind: GapKind::Denied,
            remedy: None,
            absent: true,
        }
    }

    /// Something went wrong on the way: whether the identity is there, it does not say.
    pub(super) fn failed(gap: Gap) -> Self {
        Self {
            words: gap.seen,
            kind: gap.kind,
            remedy: gap.remedy,
            absent: false,
        }
    }

    /// Reads an SDK error without its text, which may quote what a service answered.
    pub(super) fn read(error: &azure_core::Error, holder: Holder) -> Self {
        if let Some(gap) = gap_in(error) {
            return Self::failed(gap);
        }
        if let Some(NotThere(why)) = found_in(error) {
            return Self::absent(why);
        }
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(error) = cause {
            if let Some(ErrorKind::HttpResponse {
                status, error_code, ..
            }) = error
                .downcast_ref::<azure_core::Error>()
                .map(azure_core::Error::kind)
            {
                return Self::answered(u16::from(*status), error_code.as_deref());
            }
            cause = error.source();
        }
        // Only whether these words occur is used, never the text around them.
        let text = error.to_string();
        if let Some(number) = crate::collect::entra::refusal::aadsts_in(&text) {
            return Self::answered(401, Some(&number.to_string()));
        }
        let words = if text.contains("az login") {
            "not signed in; run `az login`"
        } else if text.contains("not found") {
            "not installed"
        } else {
            "gave no token"
        };
        match holder {
            Holder::Anybody => Self::absent(words),
            // It was set up, and asked.
            Holder::Application => Self::failed(Gap::new(
                GapKind::Unrecognised,
                "gave no token that can be read",
            )),
        }
    }

    fn answered(status: u16, codes: Option<&str>) -> Self {
        let number = codes
            .and_then(|codes| codes.split(',').next())
            .and_then(|code| code.trim().parse().ok());
        let known = number.and_then(codes::aadsts);
        let mut words = format!("Entra ID answered {status}");
        if let Some(number) = number {
            words.push_str(&format!(" AADSTS{number}"));
        }
        if let Some(known) = known {
            words.push_str(&format!(": {}", known.cause));
        }
        Self {
            words,
            kind: known.map_or(GapKind::Unrecognised, |known| match known.class {
                Class::Throttled => GapKind::Throttled,
                Class::Transient => GapKind::Unreachable,
                _ => GapKind::Denied,
            }),
            remedy: known.map(|known| known.fix.to_owned()),
            absent: false,
        }
    }
}
