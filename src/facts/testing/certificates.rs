//! Certificates in the tidy estate: stored ones, and those that only sign SAML tokens.

use super::spoil::{content, credential, entry_of};
use super::tidy::{days_from_now, known};
use crate::estate::CredentialForm;
use crate::evidence::*;
use crate::model::Observed;

pub(crate) const THUMBPRINT: &str = "0123456789ABCDEF0123456789ABCDEF01234567";

pub(crate) fn certificate_facts() -> CertificateFacts {
    CertificateFacts {
        thumbprint: THUMBPRINT.to_owned(),
        thumbprint_sha256: THUMBPRINT.repeat(2).chars().take(64).collect(),
        subject: "CN=raia".to_owned(),
        not_before: days_from_now(-30),
        not_after: days_from_now(90),
        key_type: "RSA".to_owned(),
        key_bits: Some(2048),
        signature_hash: "SHA-256".to_owned(),
    }
}

/// Raia's stored credential becomes a Key Vault certificate; all is well with it.
pub(crate) fn store_certificate(snapshot: &mut Snapshot) {
    snapshot.estate.registrations[0].stored_mut().kind = CredentialForm::Certificate;
    content(snapshot).certificate = Some(certificate_facts());
    let entry = entry_of(snapshot, "raia");
    if let Observed::Known(attributes) = &mut entry.attributes {
        attributes.managed = true;
    }
    entry.certificate = Some(known(VaultCertificate {
        version: Some("v1".to_owned()),
        enabled: known(true),
        facts: known(certificate_facts()),
        policy: known(CertificatePolicy {
            exportable: known(true),
            issuer: known("Self".to_owned()),
            lifetime_actions: known(
                [("AutoRenew".to_owned(), "80 % of its life".to_owned())].into(),
            ),
        }),
    }));
    let credential = credential(snapshot, 0);
    credential.kind = CredentialKind::Certificate;
    credential.certificate = Some(KeyCredential {
        thumbprint: Some(THUMBPRINT.to_owned()),
        usage: Some("Verify".to_owned()),
        facts: known(certificate_facts()),
    });
}

pub(crate) fn vault_certificate(snapshot: &mut Snapshot) -> &mut Observed<VaultCertificate> {
    entry_of(snapshot, "raia").certificate.as_mut().unwrap()
}

pub(crate) fn known_vault_certificate(snapshot: &mut Snapshot) -> &mut VaultCertificate {
    match vault_certificate(snapshot) {
        Observed::Known(certificate) => certificate,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn certificate_policy(snapshot: &mut Snapshot) -> &mut CertificatePolicy {
    match &mut known_vault_certificate(snapshot).policy {
        Observed::Known(policy) => policy,
        other => panic!("{other:?}"),
    }
}

/// A SAML signing certificate as Graph shows it: the key that signs, its public half, and a password that
/// nobody knows.
pub(crate) fn saml_signing(snapshot: &mut Snapshot) -> Vec<Credential> {
    let part = |key_id: &str, kind, usage: Option<&str>| Credential {
        key_id: key_id.to_owned(),
        kind,
        certificate: usage.map(|usage| KeyCredential {
            thumbprint: Some("SAML".to_owned()),
            usage: Some(usage.to_owned()),
            facts: known(certificate_facts()),
        }),
        matches_stored: known(false),
        ..credential(snapshot, 0).clone()
    };
    let mut part = part;
    vec![
        part("saml", CredentialKind::Certificate, Some("Sign")),
        part("saml-public", CredentialKind::Certificate, Some("Verify")),
        part("saml", CredentialKind::Secret, None),
    ]
}
