//! Does Key Vault renew the certificate, or at least notify somebody in time?

use crate::checks::prelude::*;

pub(crate) struct CertificateWithoutAutoRenewal;

impl Check for CertificateWithoutAutoRenewal {
    const META: CheckMeta = CheckMeta {
        id: "certificate-without-auto-renewal",
        title: "Key Vault neither renews the certificate nor warns before it expires",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "Key Vault can renew the certificates it issues and can mail people before others expire. A certificate with neither expires unnoticed.",
        remediation: "Set the lifetime action of certificate ENTRY-NAME to renew automatically: Azure portal > key vault VAULT > Certificates > ENTRY-NAME > Issuance Policy. Key Vault does not put the renewed certificate on registration CLIENT-ID: do that after each renewal.",
        controls: controls::CREDENTIAL_LIFETIME,
        evidence: &["Key Vault certificate"],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::Entry);

    type Params = NoParams;

    fn fixes() -> Vec<Fix> {
        vec![fixes::register_certificate()]
    }

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_entry(|case| {
            if case.stored()?.kind != CredentialForm::Certificate {
                return Err(not_applicable("the estate names a secret, not a certificate"));
            }
            let name = case.entry_name();
            let Some(certificate) = &case.entry()?.certificate else {
                return Err(not_applicable(
                    "a plain secret holds the certificate, which Key Vault cannot renew",
                ));
            };
            let policy = certificate.get()?.policy.get()?;
            let has = |actions: &std::collections::BTreeMap<String, String>, action: &str| {
                actions.keys().any(|key| key.eq_ignore_ascii_case(action))
            };
            let issuer = policy.issuer.get()?;
            let actions = policy.lifetime_actions.get()?;
            if issuer.eq_ignore_ascii_case("Unknown") {
                // Made elsewhere: Key Vault can only write to the vault's contacts.
                if has(actions, "EmailContacts") {
                    return Ok(Outcome::Pass);
                }
                return Ok(advised(
                    format!("The {name} was issued elsewhere (issuer Unknown), so Key Vault cannot renew it, and its policy notifies nobody before it expires"),
                    "set the lifetime action of certificate ENTRY-NAME to email the contacts (Azure portal > key vault VAULT > Certificates > ENTRY-NAME > Issuance Policy), and add a contact under Certificates > Certificate Contacts",
                )
                .what(format!(": nobody is warned before {} expires", super::stored_name(case))));
            }
            if has(actions, "AutoRenew") {
                return Ok(Outcome::Pass);
            }
            Ok(failed(format!(
                "The policy of {name} (issuer {issuer}) has no lifetime action AutoRenew"
            ))
            .what(format!(
                ": Key Vault does not renew {}",
                super::stored_name(case)
            )))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    fn with(snapshot: &mut Snapshot, issuer: &str, action: &str) {
        store_certificate(snapshot);
        let policy = certificate_policy(snapshot);
        policy.issuer = known(issuer.to_owned());
        policy.lifetime_actions =
            known([(action.to_owned(), "80 % of its life".to_owned())].into());
    }

    #[test]
    fn what_is_renewed_passes_and_what_was_made_elsewhere_needs_a_word() {
        assert_pass::<CertificateWithoutAutoRenewal>(|snapshot| {
            with(snapshot, "Self", "AutoRenew")
        });
        assert_fail::<CertificateWithoutAutoRenewal>(|snapshot| {
            with(snapshot, "Self", "EmailContacts");
        });
        assert_pass::<CertificateWithoutAutoRenewal>(|snapshot| {
            with(snapshot, "Unknown", "EmailContacts");
        });
        assert_fail::<CertificateWithoutAutoRenewal>(|snapshot| {
            with(snapshot, "Unknown", "AutoRenew");
        });
    }

    #[test]
    fn secrets_are_not_asked_and_an_unread_policy_is_unknown() {
        assert_not_applicable::<CertificateWithoutAutoRenewal>(|_| {});
        assert_unknown::<CertificateWithoutAutoRenewal>(|snapshot| {
            store_certificate(snapshot);
            *vault_certificate(snapshot) = gap();
        });
        assert_unknown::<CertificateWithoutAutoRenewal>(|snapshot| {
            store_certificate(snapshot);
            certificate_policy(snapshot).lifetime_actions = gap();
        });
    }
}
