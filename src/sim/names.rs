//! Values derived from labels, so that no secret-like string and no made-up id stands in a scenario file.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Stands in every planted secret, so that a leak is found by one search.
pub const SECRET_CANARY: &str = "8Q~CANARY";

/// Stands in every row of business data.
pub const BUSINESS_CANARY: &str = "CANARY-BUSINESS-DATA";

const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A client secret of 40 characters in the shape Entra makes them: three characters that serve as the
/// hint, the canary, and 28 more.
pub(super) fn secret(label: &str) -> String {
    let text: String = Sha256::digest(format!("secret:{label}"))
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 64)]))
        .collect();
    format!("{}{SECRET_CANARY}{}", &text[..3], &text[3..31])
}

/// A client secret that survives a form only when it is encoded rightly: what stands in it changes when
/// it is sent as it is, decoded twice, or taken for Latin letters.
pub(super) fn tricky_secret(label: &str) -> String {
    let usual = secret(label);
    let (start, end) = usual.split_at(3 + SECRET_CANARY.len());
    format!("{start}%2B+&= %C3%A9\u{e9}\u{65e5}\u{672c}{}", &end[..16])
}

/// What Graph shows of a secret, however it ends.
pub(super) fn hint(label: &str) -> String {
    secret(label).chars().take(3).collect()
}

/// A GUID for `label`, the same in every run. `kind` keeps the ids of one name apart.
pub(super) fn guid(kind: &str, label: &str) -> String {
    let hex = hex::encode(&Sha256::digest(format!("{kind}:{label}"))[..16]);
    format!(
        "{}-{}-4{}-a{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..32]
    )
}

/// An id as Graph makes them for assignments and grants: 43 characters of base64.
pub(super) fn opaque(kind: &str, label: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{kind}:{label}")))
}

/// A Key Vault version: 32 hex digits.
pub(super) fn version(label: &str) -> String {
    hex::encode(&Sha256::digest(format!("version:{label}"))[..16])
}

/// The first 20 bytes of the digest: a stand-in for a certificate's thumbprint.
pub(super) fn thumbprint(label: &str) -> Vec<u8> {
    Sha256::digest(format!("thumbprint:{label}"))[..20].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::guid::is_guid;

    #[test]
    fn a_secret_has_the_length_and_the_marks_of_a_planted_one() {
        let value = secret("erp-bridge");
        assert_eq!(value.len(), 40);
        assert!(value.contains(SECRET_CANARY));
        assert!(value.starts_with(&hint("erp-bridge")));
        assert_ne!(value, secret("erp-bridge/next"));
    }

    #[test]
    fn a_tricky_secret_has_the_marks_too_and_changes_when_it_is_not_encoded() {
        let value = tricky_secret("erp-bridge");
        assert!(value.contains(SECRET_CANARY) && value.starts_with(&hint("erp-bridge")));
        let sent_bare = format!("v={value}");
        let read = url::form_urlencoded::parse(sent_bare.as_bytes())
            .next()
            .map(|(_, read)| read.into_owned());
        assert_ne!(read, Some(value));
    }

    #[test]
    fn ids_are_guids_and_differ_by_kind() {
        assert!(is_guid(&guid("user", "a")));
        assert_ne!(guid("user", "a"), guid("role", "a"));
        assert_eq!(version("a").len(), 32);
    }
}
