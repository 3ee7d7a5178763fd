//! Can the entry's current version be used?

use crate::checks::prelude::*;

pub(crate) struct VaultEntryDisabled;

impl Check for VaultEntryDisabled {
    const META: CheckMeta = CheckMeta {
        id: "vault-entry-disabled",
        title: "The vault entry is deleted, disabled or not yet valid",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "Key Vault does not return a disabled version or a deleted entry, so the integration gets nothing although the value still exists.",
        remediation: "Enable the current version of ENTRY-NAME in vault VAULT, or store a new one. Recover a deleted entry.",
        controls: controls::CREDENTIAL_STORAGE,
        evidence: &["Key Vault secret"],
        explains: &[],
    };

    const EFFECT: Effect = Effect::SignIn;

    const STOPS: Stops = Stops::Everything;

    const STEPS: NextSteps = NextSteps::Rotation;

    const PAGE: Option<Page> = Some(Page::Entry);

    type Params = NoParams;

    fn fixes() -> Vec<Fix> {
        vec![
            fixes::enable_entry("secret"),
            fixes::recover_entry("secret"),
        ]
    }

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_entry(|case| {
            if let Some(deleted) = deleted(case)? {
                return Ok(deleted);
            }
            if !*case.entry()?.enabled.get()? {
                let kind = case.stored()?.kind.as_str();
                return Ok(advised(
                    format!("The current version of {} is disabled", case.entry_name()),
                    "enable it, or store a new version",
                )
                .fixes([fixes::enable_entry(kind)])
                .what(format!(": {} is disabled", super::stored_name(case))));
            }
            let attributes = case.entry_attributes()?;
            if let Some(start) = attributes.not_before
                && start > context.as_of
            {
                let seen = format!(
                    "The current version of {} is not valid before {}",
                    case.entry_name(),
                    day(start)
                );
                let what = format!(
                    ": {} is not valid before {}",
                    super::stored_name(case),
                    said(start, context.as_of)
                );
                return Ok(case.unless_it_signs_in(seen, Severity::High).what(what));
            }
            Ok(Outcome::Pass)
        })
    }
}

/// A deleted entry that can be recovered. Whether there is one was asked only where the vault has none.
fn deleted(case: &Case<'_>) -> Result<Option<Outcome>, Stop> {
    let (Presence::Absent, Some(deleted)) =
        (case.evidence.entry.get()?, &case.evidence.deleted_entry)
    else {
        return Ok(None);
    };
    let Presence::Present(deleted) = deleted.get()? else {
        return Ok(None);
    };
    let on = deleted
        .deleted
        .map_or_else(String::new, |moment| format!(" on {}", day(moment)));
    let until = match deleted.scheduled_purge {
        Some(purge) => format!("it can be recovered until {}", day(purge)),
        None => "Key Vault does not say until when it can be recovered".to_owned(),
    };
    let kind = case.stored()?.kind.as_str();
    Ok(Some(
        advised(
            format!("The {} was deleted{on}; {until}", case.entry_name()),
            "recover ENTRY-NAME in vault VAULT",
        )
        .fixes([fixes::recover_entry(kind)])
        .what(format!(": {} is deleted", super::stored_name(case))),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn disabled_and_not_yet_valid_fail() {
        assert_pass::<VaultEntryDisabled>(|_| {});
        assert_fail::<VaultEntryDisabled>(disable_entry);
        assert_fail::<VaultEntryDisabled>(|snapshot| {
            attributes(snapshot).not_before = Some(days_from_now(1));
        });
        assert_pass::<VaultEntryDisabled>(|snapshot| {
            attributes(snapshot).not_before = Some(as_of());
        });
        assert_unknown::<VaultEntryDisabled>(|snapshot| raia(snapshot).entry = gap());
    }

    #[test]
    fn a_deleted_entry_says_until_when_it_can_come_back() {
        let outcome = judge_raia::<VaultEntryDisabled>(|snapshot| {
            delete_entry(snapshot, Some(days_from_now(60)));
        });
        let Outcome::Fail(failure) = outcome else {
            panic!("{outcome:?}");
        };
        assert!(
            failure.seen.contains("deleted on 2026-11-18")
                && failure.seen.contains("recovered until 2027-01-20"),
            "{failure:?}"
        );
        assert_unknown::<VaultEntryDisabled>(|snapshot| {
            delete_entry(snapshot, None);
            raia(snapshot).deleted_entry = Some(gap());
        });
        assert_not_applicable::<VaultEntryDisabled>(|snapshot| {
            delete_entry(snapshot, None);
            raia(snapshot).deleted_entry = Some(known(Presence::Absent));
        });
    }
}
