//! Is the stored value one of the registration's valid credentials?

use crate::checks::prelude::*;

pub(crate) struct VaultValueNotLive;

impl Check for VaultValueNotLive {
    const META: CheckMeta = CheckMeta {
        id: "vault-value-not-live",
        title: "The vault holds a value that is not a valid credential",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "Somebody renewed the secret and forgot the vault, or updated the vault and forgot the registration: whoever reads the vault is locked out although a valid credential exists.",
        remediation: "If the entry belongs to another registration, correct the estate. Otherwise store the valid credential of client id CLIENT-ID as a new version of ENTRY-NAME in vault VAULT; if nobody has it any more, add a new one and store that. The steps of the finding give the commands.",
        controls: controls::CREDENTIAL_LIFETIME,
        evidence: &[
            "Entra token",
            "Graph application",
            "Graph service principal",
            "Key Vault secret",
        ],
        explains: &["token-refused"],
    };

    const EFFECT: Effect = Effect::SignIn;

    const STOPS: Stops = Stops::Everything;

    const STEPS: NextSteps = NextSteps::Rotation;

    const PAGE: Option<Page> = Some(Page::Entry);

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
                return Err(said_by("vault-entry-malformed", "the entry's form is wrong"));
            }
            if !case.has_live_credential()? {
                return Err(said_by("credential-expired", "the registration has no valid credential"));
            }
            let hint = which(case)?;
            let mut words = format!(
                "{seen} with the value of {}, though the registration has a valid credential; {hint}",
                case.entry_name()
            );
            let others = crate::facts::rotation::steps::step::sharers(case);
            if !others.is_empty() {
                words.push_str(&format!(
                    "; the same entry belongs to {} in the estate: one of them is wrong",
                    others.join(", ")
                ));
            }
            Ok(failed(words).what(format!(
                ": {} is not a valid credential",
                super::stored_name(case)
            )))
        })
    }
}

/// Which of the registration's credentials the stored one looks like, after "though … has a live one;".
fn which(case: &Case<'_>) -> Result<String, Stop> {
    let collected = case.snapshot().started;
    let (alike_one, alike_none) = match case.stored()?.kind {
        CredentialForm::Secret => (
            "its first three characters match",
            "its first three characters match no credential of the registration",
        ),
        CredentialForm::Certificate => (
            "its thumbprint is that of",
            "none of the registration's certificates has its thumbprint",
        ),
    };
    let held = case.of_stored_kind()?;
    let lost = held.iter().any(|one| one.matches_stored.gap().is_some());
    let alike: Vec<String> = held
        .iter()
        .filter(|one| one.matches_stored.known() == Some(&true))
        .map(|one| {
            let state = match one.end.known() {
                Some(end) if is_past(*end, collected) => format!("expired on {}", day(*end)),
                Some(end) => format!("valid until {}", day(*end)),
                None => "expiry date unknown".to_owned(),
            };
            format!("{alike_one} key {} ({state})", one.key_id)
        })
        .collect();
    Ok(match alike.as_slice() {
        [] if lost => "which credential it was is not known".to_owned(),
        [] => alike_none.to_owned(),
        alike => alike.join(", "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

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
