//! Can the entry be deleted for good before anybody notices?

use crate::checks::prelude::*;

pub(crate) struct VaultEntryPurgeable;

impl Check for VaultEntryPurgeable {
    const META: CheckMeta = CheckMeta {
        id: "vault-entry-purgeable",
        title: "The vault entry can be deleted for good",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "Without purge protection a deleted entry can be removed for good at once, by mistake or on purpose, and cannot be recovered.",
        remediation: "Turn purge protection on for vault VAULT. It cannot be turned off again.",
        controls: controls::CREDENTIAL_STORAGE,
        evidence: &["Key Vault secret"],
        explains: &[],
    };

    type Params = NoParams;

    fn fixes() -> Vec<Fix> {
        vec![fixes::protect_vault()]
    }

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_entry(|case| {
            let name = case.entry_name();
            let level = case
                .entry_attributes()?
                .recovery_level
                .as_deref()
                .ok_or_else(|| {
                    Gap::new(
                        GapKind::Malformed,
                        format!("Key Vault gives no recovery level for {name}"),
                    )
                })?;
            // `Purgeable` alone means that there is no soft delete either.
            if !level.to_ascii_lowercase().contains("purgeable") {
                return Ok(Outcome::Pass);
            }
            Ok(failed(format!(
                "The recovery level of {name} is {level}: the vault has no purge protection"
            ))
            .what(format!(
                ": {} can be deleted for good",
                super::stored_name(case)
            )))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn every_level_that_allows_a_purge_fails() {
        for (level, fails) in [
            ("Purgeable", true),
            ("Recoverable+Purgeable", true),
            ("CustomizedRecoverable+Purgeable", true),
            ("Recoverable", false),
            ("Recoverable+ProtectedSubscription", false),
        ] {
            let outcome = judge_raia::<VaultEntryPurgeable>(|snapshot| {
                attributes(snapshot).recovery_level = Some(level.to_owned());
            });
            assert_eq!(matches!(outcome, Outcome::Fail(_)), fails, "{level}");
        }
    }

    #[test]
    fn a_level_that_is_not_told_is_unknown() {
        assert_unknown::<VaultEntryPurgeable>(|snapshot| {
            attributes(snapshot).recovery_level = None;
        });
        assert_unknown::<VaultEntryPurgeable>(|snapshot| raia(snapshot).entry = gap());
        assert_not_applicable::<VaultEntryPurgeable>(|snapshot| {
            raia(snapshot).entry = known(crate::model::Presence::Absent);
        });
    }
}
