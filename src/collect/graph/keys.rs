//! Which certificate a `keyCredential` is: by its public part where Graph hands that out, else by its identifier.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::collect::fields::Fields;
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
        return Ok(hex::encode_upper(Sha256::digest(der)) == facts.thumbprint_sha256);
    }
    let thumbprint = thumbprint(fields).ok_or_else(|| fields.odd("customKeyIdentifier"))?;
    Ok(thumbprint == facts.thumbprint)
}

/// `key`: the certificate's DER form, base64. Graph leaves it out of lists.
pub(crate) fn public_part(fields: Fields<'_>) -> Option<Vec<u8>> {
    let text = fields.value.get("key").and_then(Value::as_str)?;
    STANDARD.decode(text).ok().filter(|der| !der.is_empty())
}

/// `customKeyIdentifier` as 40 upper-case hex digits, where it is a SHA-1 thumbprint: its twenty bytes in
/// base64, as Graph writes it by default, or its hex digits as some tools write them, plain or in base64.
/// Anything else is a name of the owner's choice.
pub(crate) fn thumbprint(fields: Fields<'_>) -> Option<String> {
    let text = fields
        .value
        .get("customKeyIdentifier")
        .and_then(Value::as_str)?;
    hex_digits(text.as_bytes()).or_else(|| {
        let bytes = STANDARD.decode(text).ok()?;
        if bytes.len() == THUMBPRINT {
            return Some(hex::encode_upper(&bytes));
        }
        hex_digits(&bytes)
    })
}

/// A thumbprint written in hex digits, upper-case.
pub(super) fn hex_digits(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let is_one = text.len() == 2 * THUMBPRINT && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_one.then(|| text.to_ascii_uppercase())
}
