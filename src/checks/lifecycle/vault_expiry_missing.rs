//! Does the vault entry carry an end date?

use crate::checks::prelude::*;

pub(crate) struct VaultExpiryMissing;

impl Check for VaultExpiryMissing {
    const META: CheckMeta = CheckMeta {
        id: "vault-expiry-missing",
        title: "The vault entry has no expiry date",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "Every reminder that Key Vault can send hangs on the entry's expiry date; without it the vault keeps silent.",
        remediation: "Set it to the credential's own end: `az keyvault secret set-attributes --id ENTRY --expires DATE`.",
        controls: controls::VAULT_EXPIRY,
        evidence: &["Key Vault secret"],
        explains: &[],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_entry(|case| {
            let attributes = case.entry_attributes()?;
            Ok(match attributes.expires {
                Some(_) => Outcome::Pass,
                None => failed(format!("The {} has no expiry date", case.entry_name())),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn an_entry_without_exp_fails() {
        assert_pass::<VaultExpiryMissing>(|_| {});
        assert_fail::<VaultExpiryMissing>(|snapshot| attributes(snapshot).expires = None);
        assert_unknown::<VaultExpiryMissing>(|snapshot| raia(snapshot).entry = gap());
        assert_not_applicable::<VaultExpiryMissing>(|snapshot| {
            raia(snapshot).entry = known(crate::model::Presence::Absent);
        });
    }
}
