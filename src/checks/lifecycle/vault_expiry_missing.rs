//! Does the vault entry have an expiry date?

use crate::checks::prelude::*;

pub(crate) struct VaultExpiryMissing;

impl Check for VaultExpiryMissing {
    const META: CheckMeta = CheckMeta {
        id: "vault-expiry-missing",
        title: "The vault entry has no expiry date",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "Every reminder that Key Vault can send depends on the entry's expiry date; without one the vault sends none.",
        remediation: "Set it to the credential's own expiry date: Azure portal > key vault VAULT > Secrets > ENTRY-NAME > current version > Set expiration date.",
        controls: controls::VAULT_EXPIRY,
        evidence: &["Key Vault secret"],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::Entry);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_entry(|case| {
            let attributes = case.entry_attributes()?;
            Ok(match attributes.expires {
                Some(_) => Outcome::Pass,
                None => without(case),
            })
        })
    }
}

/// The command where it is known which date belongs there.
fn without(case: &Case<'_>) -> Outcome {
    let seen = format!("The {} has no expiry date", case.entry_name());
    let own = match case.in_use() {
        Ok(InUse::One(held)) => held.credential.end.known().copied(),
        _ => None,
    };
    let outcome = match own.filter(|end| !is_no_end(*end)) {
        Some(end) => advised(seen, super::expiry_remedy(end)).fixes([fixes::set_expiry(end)]),
        None => failed(seen),
    };
    outcome.what(format!(": {} has no expiry date", super::stored_name(case)))
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
