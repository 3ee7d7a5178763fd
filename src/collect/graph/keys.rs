//! Which certificate a `keyCredential` is: by its public part where Graph hands that out, else by its identifier.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::collect::fields::Fields;
use crate::collect::x509::hex;
use crate::evidence::CertificateFacts;
use crate::model::Gap;

/// Bytes of a SHA-1 thumbprint.
const THUMBPRINT: usize = 20;

/// Whether the credential is this certificate.
///
/// # Errors
/// Malformed, where neither `key` nor `customKeyIdentifier` tells.
pub(crate) fn matches(fields: Fields<'_>, facts: &CertificateFacts) -> Result<bool, Gap> {
    if let Some(der) = public_part(fields) {
        return Ok(hex(&Sha256::digest(der)) == facts.thumbprint_sha256);
    }
    let thumbprint = thumbprint(fields).ok_or_else(|| fields.odd("customKeyIdentifier"))?;
    Ok(thumbprint == facts.thumbprint)
}

/// `key`: the certificate's DER form, base64. Graph leaves it out of lists.
pub(crate) fn public_part(fields: Fields<'_>) -> Option<Vec<u8>> {
    let text = fields.value.get("key").and_then(Value::as_str)?;
    STANDARD.decode(text).ok().filter(|der| !der.is_empty())
}

/// `customKeyIdentifier` as 40 upper-case hex digits. It defaults to the certificate's SHA-1 thumbprint;
/// Graph writes it in base64, its documentation also shows the hex digits themselves.
pub(crate) fn thumbprint(fields: Fields<'_>) -> Option<String> {
    let text = fields
        .value
        .get("customKeyIdentifier")
        .and_then(Value::as_str)?;
    if text.len() == 2 * THUMBPRINT && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(text.to_ascii_uppercase());
    }
    let bytes = STANDARD.decode(text).ok()?;
    (bytes.len() == THUMBPRINT).then(|| hex(&bytes))
}
