//! Can the entry's current version be used?

use super::case::Context;
use super::check::{Check, NoParams};
use super::controls;
use super::words::failed;
use crate::model::Outcome;
use crate::model::time::day;
use crate::model::{CheckMeta, Family, Severity, Verdict};

pub(super) struct VaultEntryDisabled;

impl Check for VaultEntryDisabled {
    const META: CheckMeta = CheckMeta {
        id: "vault-entry-disabled",
        title: "The entry's current version is disabled or not yet valid",
        severity: Severity::High,
        family: Family::Lifecycle,
        rationale: "Key Vault refuses to hand out a disabled version, so the integration gets nothing although the entry exists.",
        remediation: "Enable the current version (`az keyvault secret set-attributes --id ENTRY --enabled true`) or store a new one.",
        controls: controls::CREDENTIAL_STORAGE,
        evidence: &["Key Vault secret"],
        explains: &[],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_entry(|case| {
            if !*case.entry()?.enabled.get()? {
                return Ok(failed(format!(
                    "The current version of {} is disabled",
                    case.entry_name()
                )));
            }
            let attributes = case.entry_attributes()?;
            if let Some(start) = attributes.not_before
                && start > context.as_of
            {
                return Ok(failed(format!(
                    "The current version of {} is not valid before {}",
                    case.entry_name(),
                    day(start)
                )));
            }
            Ok(Outcome::Pass)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;

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
}
