//! The client assertion that a certificate signs in with. Source: Entra "Microsoft identity platform
//! application authentication certificate credentials".

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::SecretString;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::StoredCertificate;
use crate::evidence::AssertionForm;

/// How long an assertion is good for, in seconds. Entra recommends five to ten minutes.
const LIFETIME: i64 = 300;

/// The shortest key that the cryptography under it signs with.
const SHORTEST: u32 = 2048;

pub(super) fn sign(
    certificate: &StoredCertificate,
    client_id: &str,
    audience: &str,
    form: AssertionForm,
    now: DateTime<Utc>,
) -> Result<SecretString, String> {
    let now = now.timestamp();
    let claims = serde_json::json!({
        "aud": audience,
        "iss": client_id,
        "sub": client_id,
        "jti": uuid::Uuid::new_v4().to_string(),
        "nbf": now,
        "iat": now,
        "exp": now + LIFETIME,
    });
    let header = header(form, &certificate.leaf);
    // PKCS#1, as this function wants it: PKCS#8 is taken as well, and refused only on signing.
    let key = EncodingKey::from_rsa_der(&certificate.key);
    jsonwebtoken::encode(&header, &claims, &key)
        .map(SecretString::from)
        .map_err(|_| match certificate.facts.key_bits {
            Some(bits) if bits < SHORTEST => format!(
                "the certificate's private key has {bits} bits, and only keys of {SHORTEST} or more can sign"
            ),
            _ => "the certificate's private key could not sign: it is damaged".to_owned(),
        })
}

fn header(form: AssertionForm, leaf: &[u8]) -> Header {
    match form {
        AssertionForm::Ps256 => {
            let mut header = Header::new(Algorithm::PS256);
            header.x5t_s256 = Some(URL_SAFE_NO_PAD.encode(Sha256::digest(leaf)));
            header
        }
        AssertionForm::Rs256 => {
            let mut header = Header::new(Algorithm::RS256);
            header.x5t = Some(URL_SAFE_NO_PAD.encode(Sha1::digest(leaf)));
            header
        }
    }
}
