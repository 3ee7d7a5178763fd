//! A link of the chain that gives no token: what it answered, in words of our own, and whose remedy it is.

use azure_core::error::ErrorKind;

use super::links::Holder;
use super::local::NotThere;
use crate::collect::entra::refusal::{self, aadsts_in};
use crate::collect::http::{Answer, NoToken, found_in, gap_in};
use crate::model::{Gap, GapKind, Signer};
use crate::reference::codes;
use crate::reference::codes::{Class, Code};

/// What a link answered instead of a token.
pub(super) struct Refusal {
    pub(super) words: String,
    pub(super) kind: GapKind,
    pub(super) remedy: Option<String>,
    /// The service's own code, where it gave one.
    pub(super) code: Option<String>,
    /// The link is not there on this machine: no further scope need be asked of it.
    pub(super) absent: bool,
}

impl Refusal {
    pub(super) fn absent(why: &str) -> Self {
        Self {
            words: why.to_owned(),
            kind: GapKind::Denied,
            remedy: None,
            code: None,
            absent: true,
        }
    }

    /// Something went wrong on the way: whether the identity is there, it does not say.
    pub(super) fn failed(gap: Gap) -> Self {
        Self {
            words: gap.seen.to_string(),
            kind: gap.kind,
            remedy: gap.remedy.map(|remedy| remedy.to_string()),
            code: None,
            absent: false,
        }
    }

    /// Reads an SDK error without its text, which may quote what a service answered.
    pub(super) fn read(error: &azure_core::Error, holder: Holder, signer: Signer) -> Self {
        if let Some(NoToken(answer)) = found_in(error) {
            return Self::answered(answer, signer);
        }
        if let Some(gap) = gap_in(error) {
            return Self::failed(gap);
        }
        if let Some(NotThere(why)) = found_in(error) {
            return Self::absent(why);
        }
        if let Some((status, number)) = answered_by_status(error) {
            let code = number.map(|number| format!("AADSTS{number}"));
            let mut words = format!("Entra ID answered {status}");
            if let Some(code) = &code {
                words.push_str(&format!(" {code}"));
            }
            return Self::told(words, code, number.and_then(codes::aadsts), signer);
        }
        // The Azure CLI is a program: only whether these words occur is used, never the text around them.
        let text = error.to_string();
        if let Some(number) = aadsts_in(&text) {
            let code = format!("AADSTS{number}");
            let words = format!("Entra ID answered {code}");
            return Self::told(words, Some(code), codes::aadsts(number), signer);
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

    /// What Entra answered: OAuth's word and the number say whether it refused, or only could not answer.
    fn answered(answer: &Answer, signer: Signer) -> Self {
        let status = answer.status;
        let entra = "Entra ID";
        match refusal::refusal(answer) {
            refusal::Refusal::Refused { code, error } => {
                let by_word = || error.and_then(|error| codes::oauth(error.as_str()));
                let known = codes::find(&code).or_else(by_word);
                let words = format!("{entra} answered {status} {code}");
                Self::told(words, Some(code), known, signer)
            }
            refusal::Refusal::SaysNothing { code, shown } => {
                let words = format!("{entra} answered {status} {shown}");
                Self::told(words, Some(code.code.to_owned()), Some(code), signer)
            }
            refusal::Refusal::Unrecognised(None) if !answer.is_json() => {
                Self::failed(answer.malformed(entra, "which is not Entra's own answer"))
            }
            refusal::Refusal::Unrecognised(code) => Self {
                code: code.clone(),
                ..Self::failed(answer.unrecognised(entra, code.as_deref()))
            },
        }
    }

    fn told(
        mut words: String,
        code: Option<String>,
        known: Option<&'static Code>,
        signer: Signer,
    ) -> Self {
        if let Some(known) = known {
            words.push_str(&format!(": {}", known.cause));
        }
        Self {
            words,
            kind: match known.map(|known| known.class) {
                Some(Class::Throttled) => GapKind::Throttled,
                Some(Class::Transient) => GapKind::Unreachable,
                None => GapKind::Unrecognised,
                Some(_) => GapKind::Denied,
            },
            remedy: known.map(|known| {
                let advice = known.advice(signer);
                format!("{} (done by {})", advice.fix, advice.who)
            }),
            code,
            absent: false,
        }
    }
}

/// Status and first number of an answer that the SDK itself read: one that did not come by the login host.
fn answered_by_status(error: &azure_core::Error) -> Option<(u16, Option<u64>)> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(ErrorKind::HttpResponse {
            status, error_code, ..
        }) = error
            .downcast_ref::<azure_core::Error>()
            .map(azure_core::Error::kind)
        {
            let first = error_code.as_deref().and_then(|all| all.split(',').next());
            return Some((
                u16::from(*status),
                first.and_then(|code| code.trim().parse().ok()),
            ));
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::tests::spoiled::labelled as answer;

    /// Signer, status, body -> kind and what the remedy names.
    #[test]
    fn the_remedy_is_that_of_whoever_signed_in() {
        let expired = r#"{"error":"invalid_client","error_codes":[7000222]}"#;
        let outdated = r#"{"error":"invalid_client","error_codes":[700024]}"#;
        let new = r#"{"error":"invalid_client","error_codes":[424242]}"#;
        for (signer, body, words) in [
            (Signer::AuditorSecret, expired, "AZURE_CLIENT_SECRET"),
            (Signer::AuditorSecret, new, "AZURE_CLIENT_SECRET"),
            (
                Signer::WorkloadIdentity,
                outdated,
                "AZURE_FEDERATED_TOKEN_FILE",
            ),
            (Signer::AzurePipelines, outdated, "service connection"),
            (Signer::AzureCli, outdated, "az login"),
        ] {
            let refusal = Refusal::answered(&answer(401, "application/json", body), signer);
            assert_eq!(refusal.kind, GapKind::Denied, "{signer}");
            let remedy = refusal.remedy.unwrap_or_default();
            assert!(remedy.contains(words), "{signer}: {remedy}");
            assert!(!remedy.contains("vault"), "{signer}: {remedy}");
            assert!(!refusal.absent);
        }
    }

    #[test]
    fn what_is_no_refusal_is_not_called_denied() {
        for (status, content_type, body, kind) in [
            (407, "text/html", "<html>proxy</html>", GapKind::Malformed),
            (401, "text/html", "<html>proxy</html>", GapKind::Malformed),
            (503, "text/html", "<html>busy</html>", GapKind::Malformed),
            (503, "application/json", "{}", GapKind::Unrecognised),
            (401, "application/json", "{}", GapKind::Unrecognised),
            (
                400,
                "application/json",
                r#"{"error":"temporarily_unavailable"}"#,
                GapKind::Unreachable,
            ),
            (
                400,
                "application/json",
                r#"{"error":"invalid_request","error_codes":[90055]}"#,
                GapKind::Throttled,
            ),
        ] {
            let answer = answer(status, content_type, body);
            let refusal = Refusal::answered(&answer, Signer::AuditorSecret);
            assert_eq!(refusal.kind, kind, "{status} {body}");
        }
    }

    #[test]
    fn the_azure_clis_own_words_are_used_for_their_code_alone() {
        let error = |text: &str| {
            azure_core::Error::with_message(
                azure_core::error::ErrorKind::Credential,
                text.to_owned(),
            )
        };
        let text =
            "ERROR: AADSTS700024: Client assertion is not within its valid time range. canary";
        let refusal = Refusal::read(&error(text), Holder::Anybody, Signer::AzureCli);
        assert!(!refusal.absent && !refusal.words.contains("canary"));
        assert_eq!(refusal.code.as_deref(), Some("AADSTS700024"));
        let remedy = refusal.remedy.unwrap_or_default();
        assert!(
            remedy.contains("az login") && !remedy.contains("NTP"),
            "{remedy}"
        );
        let out = Refusal::read(
            &error("Please run 'az login'"),
            Holder::Anybody,
            Signer::AzureCli,
        );
        assert!(out.absent);
    }
}
