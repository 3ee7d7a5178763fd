//! Does the vault hold the credential at all?

use crate::checks::prelude::*;

pub(crate) struct VaultEntryMissing;

impl Check for VaultEntryMissing {
    const META: CheckMeta = CheckMeta {
        id: "vault-entry-missing",
        title: "The vault holds no usable value under this name",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "The integration finds nothing to sign in with; often the entry was deleted with a vault, or never created in this environment.",
        remediation: "Store the credential of client id CLIENT-ID as ENTRY-NAME in vault VAULT, or correct the entry's name in the estate. The steps of the finding give the command.",
        controls: controls::CREDENTIAL_STORAGE,
        evidence: &["Key Vault secret"],
        explains: &[],
    };

    const EFFECT: Effect = Effect::SignIn;

    const STOPS: Stops = Stops::Everything;

    const STEPS: NextSteps = NextSteps::Rotation;

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_entry(|case| match case.evidence.entry.get()? {
            Presence::Absent if was_deleted(case) => Err(said_by(
                "vault-entry-disabled",
                "it was deleted and can be recovered",
            )),
            Presence::Absent => Ok(failed(format!(
                "Key Vault answered SecretNotFound for {}",
                case.entry_name()
            ))
            .what(format!(": {} does not exist", super::stored_name(case)))),
            Presence::Present(entry) => {
                if entry.enabled.known() == Some(&false) {
                    return Err(said_by(
                        "vault-entry-disabled",
                        "its current version is disabled",
                    ));
                }
                let content = entry.content.get()?;
                if content.problems.contains(&EntryProblem::Empty) {
                    return Ok(failed(format!("The {} is empty", case.entry_name()))
                        .what(format!(": {} is empty", super::stored_name(case))));
                }
                Ok(Outcome::Pass)
            }
        })
    }
}

fn was_deleted(case: &Case<'_>) -> bool {
    let deleted = case.evidence.deleted_entry.as_ref();
    deleted
        .and_then(|deleted| deleted.known())
        .is_some_and(|deleted| deleted.present().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn absent_and_empty_fail_and_refused_is_unknown() {
        assert_pass::<VaultEntryMissing>(|_| {});
        assert_fail::<VaultEntryMissing>(|snapshot| raia(snapshot).entry = known(Presence::Absent));
        assert_fail::<VaultEntryMissing>(|snapshot| {
            content(snapshot).problems = vec![EntryProblem::Empty];
        });
        assert_unknown::<VaultEntryMissing>(|snapshot| raia(snapshot).entry = gap());
        assert_not_applicable::<VaultEntryMissing>(disable_entry);
        assert_not_applicable::<VaultEntryMissing>(|snapshot| delete_entry(snapshot, None));
        // Whether it was deleted could not be asked: it is missing all the same.
        assert_fail::<VaultEntryMissing>(|snapshot| {
            delete_entry(snapshot, None);
            raia(snapshot).deleted_entry = Some(gap());
        });
    }
}
