//! The auditor's certificate: a file with key and certificate becomes a signed client assertion.
#![expect(
    clippy::disallowed_methods,
    reason = "the certificate file is named by the environment and read here"
)]

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use azure_core::http::ClientMethodOptions;
use azure_identity::ClientAssertion;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::collect::certificate::{self, StoredCertificate};
use crate::collect::http::Wire;
use crate::evidence::{AssertionForm, CertificateFacts, EntryProblem};

/// Signs assertions in the form that Entra documents.
#[derive(Debug)]
pub(super) struct CertificateAssertion {
    certificate: StoredCertificate,
    client_id: String,
    audience: String,
    /// Knows the services' clock, once one has answered.
    wire: Option<Arc<Wire>>,
}

impl CertificateAssertion {
    /// `password` opens a PKCS#12 file.
    ///
    /// # Errors
    /// A sentence on what is wrong with the file.
    pub(super) fn from_file(
        path: &Path,
        password: Option<&SecretString>,
        client_id: String,
        audience: String,
    ) -> Result<Self, String> {
        let bytes = Zeroizing::new(std::fs::read(path).map_err(|error| {
            format!(
                "the certificate {} cannot be read: {}",
                path.display(),
                error.kind()
            )
        })?);
        let certificate = certificate::read(&bytes, password).map_err(|problem| {
            let why = unusable(problem, &bytes, password.is_some());
            format!("the certificate {} {why}", path.display())
        })?;
        Ok(Self {
            certificate,
            client_id,
            audience,
            wire: None,
        })
    }

    /// Times its assertions by the services' clock.
    pub(super) fn timed_by(mut self, wire: &Arc<Wire>) -> Self {
        self.wire = Some(Arc::clone(wire));
        self
    }

    /// What the certificate says of itself.
    pub(super) const fn facts(&self) -> &CertificateFacts {
        &self.certificate.facts
    }
}

/// What is wrong, after "the certificate FILE", and what to do.
fn unusable(problem: EntryProblem, bytes: &[u8], with_password: bool) -> &'static str {
    match problem {
        EntryProblem::Empty => "is empty; put key and certificate into one PEM or PKCS#12 file",
        EntryProblem::PasswordProtected if bytes.starts_with(b"-----") => {
            "holds an encrypted key, which is not supported in PEM; make a PKCS#12 file of it and set AZURE_CLIENT_CERTIFICATE_PASSWORD, or store the key unencrypted in a file that only the audit can read"
        }
        EntryProblem::PasswordProtected if with_password => {
            "does not open with AZURE_CLIENT_CERTIFICATE_PASSWORD; set the password that it was exported with"
        }
        EntryProblem::PasswordProtected => {
            "needs a password; set AZURE_CLIENT_CERTIFICATE_PASSWORD"
        }
        EntryProblem::PrivateKeyMissing => {
            "holds no private key that belongs to its certificate; put both into one PEM or PKCS#12 file"
        }
        EntryProblem::KeyNotRsa => "holds a private key that is not RSA; Entra takes RSA only",
        EntryProblem::SeveralKeys => {
            "holds several private keys with their certificates; leave only the auditor's in it"
        }
        _ => {
            "holds no certificate that can be read; put key and certificate into one PEM or PKCS#12 file"
        }
    }
}

#[async_trait]
impl ClientAssertion for CertificateAssertion {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        let ahead = self.wire.as_ref().and_then(|wire| wire.ahead());
        self.certificate
            .assertion(
                &self.client_id,
                &self.audience,
                AssertionForm::Ps256,
                ahead.unwrap_or_default(),
            )
            .map(|assertion| assertion.expose_secret().to_owned())
            .map_err(|why| {
                azure_core::Error::with_message(azure_core::error::ErrorKind::Credential, why)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIXTURES: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/collect/certificate/fixtures"
    );

    fn read(name: &str, password: Option<&str>) -> Result<CertificateAssertion, String> {
        CertificateAssertion::from_file(
            &Path::new(FIXTURES).join(name),
            password.map(SecretString::from).as_ref(),
            "client".into(),
            "https://login/token".into(),
        )
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said() {
        let wrong = |name: &str, password: Option<&str>, words: &str| {
            let why = read(name, password).expect_err(name);
            assert!(why.contains(name) && why.contains(words), "{why}");
            assert!(!why.contains("canary"), "{why}");
        };
        wrong("no-such-file", None, "cannot be read");
        wrong("leaf.crt", None, "holds no private key");
        wrong("pkcs8.key", None, "holds no certificate");
        wrong("encrypted.key", None, "encrypted key");
        wrong("ec.pfx", None, "not RSA");
        wrong(
            "password.pfx",
            None,
            "set AZURE_CLIENT_CERTIFICATE_PASSWORD",
        );
        wrong(
            "password.pfx",
            Some("canary-wrong"),
            "does not open with AZURE_CLIENT_CERTIFICATE_PASSWORD",
        );
    }

    #[test]
    fn a_file_opens_with_its_password_and_signs_as_documented() {
        for (name, password) in [
            ("modern.pfx", None),
            ("password.pfx", Some("canary-password")),
            ("password-legacy.pfx", Some("canary-password")),
        ] {
            let assertion = read(name, password).expect(name);
            assert!(!format!("{assertion:?}").contains("canary"));
            let signed = futures::executor::block_on(assertion.secret(None)).expect("signed");
            let header = jsonwebtoken::decode_header(&signed).expect("a header");
            assert_eq!(header.alg, jsonwebtoken::Algorithm::PS256);
            assert!(header.x5t_s256.is_some() && header.x5t.is_none());
        }
    }
}
