//! The auditor's certificate: a PEM file with key and certificate becomes a signed client assertion.
#![expect(
    clippy::disallowed_methods,
    reason = "the certificate file is named by the environment and read here"
)]

use std::path::Path;

use async_trait::async_trait;
use azure_core::http::ClientMethodOptions;
use azure_identity::ClientAssertion;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::collect::clock;

/// How long an assertion is good for. Entra recommends five to ten minutes.
const LIFETIME: i64 = 300;

/// Signs assertions with PS256 and the certificate's SHA-256 thumbprint, as Entra documents.
pub(super) struct CertificateAssertion {
    key: EncodingKey,
    thumbprint: String,
    client_id: String,
    audience: String,
}

impl std::fmt::Debug for CertificateAssertion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CertificateAssertion")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl CertificateAssertion {
    /// # Errors
    /// A sentence on what is wrong with the file.
    pub(super) fn from_file(
        path: &Path,
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
        Self::from_pem(&bytes, client_id, audience)
            .map_err(|why| format!("the certificate {} {why}", path.display()))
    }

    fn from_pem(bytes: &[u8], client_id: String, audience: String) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes)
            .ok()
            .filter(|text| text.contains("-----BEGIN "))
            .ok_or("is no PEM file; convert a PFX with `openssl pkcs12 -in FILE.pfx -out FILE.pem -nodes`")?;
        if block(text, "ENCRYPTED PRIVATE KEY").is_some() {
            return Err("holds an encrypted key, which is not supported; store the key unencrypted in a file that only the audit can read".into());
        }
        let key = block(text, "PRIVATE KEY")
            .or_else(|| block(text, "RSA PRIVATE KEY"))
            .ok_or("holds no RSA private key; put key and certificate into one PEM file")?;
        let key = EncodingKey::from_rsa_pem(key.as_bytes())
            .map_err(|_| "holds a private key that is not RSA; Entra takes RSA only")?;
        let certificate = block(text, "CERTIFICATE")
            .ok_or("holds no certificate; put key and certificate into one PEM file")?;
        let base64: String = certificate
            .lines()
            .filter(|line| !line.starts_with("-----"))
            .map(str::trim)
            .collect();
        let der = STANDARD
            .decode(base64)
            .map_err(|_| "holds a damaged certificate")?;
        Ok(Self {
            key,
            thumbprint: URL_SAFE_NO_PAD.encode(Sha256::digest(der)),
            client_id,
            audience,
        })
    }

    fn sign(&self) -> Result<String, jsonwebtoken::errors::Error> {
        let now = clock::now().timestamp();
        let mut header = Header::new(Algorithm::PS256);
        header.x5t_s256 = Some(self.thumbprint.clone());
        let claims = serde_json::json!({
            "aud": self.audience,
            "iss": self.client_id,
            "sub": self.client_id,
            "jti": uuid::Uuid::new_v4().to_string(),
            "nbf": now,
            "iat": now,
            "exp": now + LIFETIME,
        });
        jsonwebtoken::encode(&header, &claims, &self.key)
    }
}

#[async_trait]
impl ClientAssertion for CertificateAssertion {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        self.sign().map_err(|_| {
            azure_core::Error::with_message(
                azure_core::error::ErrorKind::Credential,
                "the certificate's key could not sign",
            )
        })
    }
}

/// The first PEM block of this kind, its two border lines included.
fn block<'a>(text: &'a str, kind: &str) -> Option<&'a str> {
    let begin = text.find(&format!("-----BEGIN {kind}-----"))?;
    let border = format!("-----END {kind}-----");
    let end = text.get(begin..)?.find(&border)? + begin + border.len();
    text.get(begin..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<CertificateAssertion, String> {
        CertificateAssertion::from_pem(text, "client".into(), "https://login/token".into())
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said() {
        assert!(read(&[0x30, 0x82, 0xff]).is_err_and(|why| why.contains("openssl pkcs12")));
        let encrypted =
            b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----";
        assert!(read(encrypted).is_err_and(|why| why.contains("encrypted")));
        let bare = b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----";
        assert!(read(bare).is_err_and(|why| why.contains("no RSA private key")));
    }

    #[test]
    fn an_assertion_is_signed_with_the_documented_header() {
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).expect("a key");
        let certificate = rcgen::CertificateParams::default()
            .self_signed(&key)
            .expect("a certificate");
        let pem = format!("{}{}", key.serialize_pem(), certificate.pem());
        let assertion = read(pem.as_bytes())
            .expect("a good file")
            .sign()
            .expect("signed");
        let header = jsonwebtoken::decode_header(&assertion).expect("a header");
        assert_eq!(header.alg, Algorithm::PS256);
        assert_eq!(
            header.x5t_s256,
            Some(URL_SAFE_NO_PAD.encode(Sha256::digest(certificate.der())))
        );
    }
}
