//! Is the stored value one of the registration's live credentials?

use super::case::Context;
use super::case::not_applicable;
use super::check::{Check, NoParams};
use super::controls;
use super::words::failed;
use crate::model::codes::Class;
use crate::model::time::{day, is_past};
use crate::model::{CheckMeta, Family, Severity, Verdict};
use crate::model::{Observed, Outcome, Presence};

pub(super) struct VaultValueNotLive;

impl Check for VaultValueNotLive {
    const META: CheckMeta = CheckMeta {
        id: "vault-value-not-live",
        title: "The vault holds a value that is no live credential",
        severity: Severity::High,
        family: Family::Lifecycle,
        rationale: "Somebody renewed the secret and forgot the vault, or the vault and forgot the registration: whoever reads the vault is locked out although a good credential exists.",
        remediation: "Store the live credential's value as a new version of the vault entry; where nobody has it any more, add a new one with `--append` and store that.",
        controls: controls::CREDENTIAL_LIFETIME,
        evidence: &["Entra token", "Graph application", "Key Vault secret"],
        explains: &["token-refused"],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_entry(|case| {
            let refused = case
                .refused_as(Class::CredentialWrong)
                .or_else(|| case.refused_as(Class::CredentialExpired));
            let Some((seen, _)) = refused else {
                if case.token_refusals()?.is_empty() {
                    return Ok(Outcome::Pass);
                }
                return Err(not_applicable("the token was refused for another reason"));
            };
            if let Some(content) = case.evidence.entry.known().and_then(Presence::present)
                .and_then(|entry| entry.content.known())
                && !content.problems.is_empty()
            {
                return Err(not_applicable("the entry's form is wrong (vault-entry-malformed)"));
            }
            if !case.has_live_credential()? {
                return Err(not_applicable("the registration has no live credential (credential-expired)"));
            }
            let collected = case.snapshot().started;
            let mut alike = Vec::new();
            let mut lost = false;
            for credential in case.credentials()? {
                match &credential.matches_stored {
                    Observed::Known(true) => alike.push(credential),
                    Observed::Known(false) => {}
                    Observed::Unknown(_) => lost = true,
                }
            }
            let hint = match alike.as_slice() {
                [] if lost => "which credential it was cannot be told".to_owned(),
                [] => "it begins like none of the registration's credentials".to_owned(),
                several => several
                    .iter()
                    .map(|credential| {
                        let state = match credential.end.known() {
                            Some(end) if is_past(*end, collected) => format!("ended on {}", day(*end)),
                            Some(end) => format!("lives until {}", day(*end)),
                            None => "end unknown".to_owned(),
                        };
                        format!("it begins like key {} ({state})", credential.key_id)
                    })
                    .collect::<Vec<_>>()
                    .join(", "),
            };
            Ok(failed(format!(
                "{seen} with the value of {}, though the registration has a live credential; {hint}",
                case.entry_name()
            )))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;

    #[test]
    fn a_refusal_beside_a_live_credential_fails_and_a_token_outranks_any_hint() {
        assert_fail::<VaultValueNotLive>(|snapshot| refuse_token(snapshot, "AADSTS7000215"));
        assert_pass::<VaultValueNotLive>(|snapshot| {
            credential(snapshot, 0).matches_stored = known(false);
        });
    }

    #[test]
    fn other_causes_are_other_questions() {
        assert_not_applicable::<VaultValueNotLive>(|snapshot| {
            refuse_token(snapshot, "AADSTS700016");
        });
        assert_not_applicable::<VaultValueNotLive>(|snapshot| {
            credential(snapshot, 0).end = known(days_from_now(-1));
            refuse_token(snapshot, "AADSTS7000222");
        });
        assert_unknown::<VaultValueNotLive>(lose_tokens);
    }
}
