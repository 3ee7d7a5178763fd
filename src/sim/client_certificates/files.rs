//! A certificate with its key as the files people store: PKCS#12 and PEM.

use std::sync::PoisonError;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};

use super::ClientCertificate;

/// Rounds of key derivation: openssl's own number. More would only make the demo slow.
const ROUNDS: u32 = 2048;

/// Which file of a certificate: its password, and whether the key and the issuers are in it.
pub(super) type Form = (String, bool, bool);

impl ClientCertificate {
    /// PKCS#12 in base64, as Key Vault hands it out: under an empty password, or under `password`.
    /// `with_key` is false for a key that may not leave the vault.
    pub(crate) fn pfx(&self, password: &str, with_key: bool, with_issuers: bool) -> Option<String> {
        let form = (password.to_owned(), with_key, with_issuers);
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = files.get(&form) {
            return Some(known.clone());
        }
        let file = self.write(&form)?;
        files.insert(form, file.clone());
        Some(file)
    }

    fn write(&self, (password, with_key, with_issuers): &Form) -> Option<String> {
        let mut certificates = vec![Certificate::from_der(&self.der).ok()?];
        if *with_issuers {
            for issuer in &self.issuers {
                certificates.push(Certificate::from_der(issuer).ok()?);
            }
        }
        let mut store = KeyStore::new();
        if *with_key {
            let key = PrivateKey::from_der(&self.key).ok()?;
            let chain = PrivateKeyChain::new(self.sha1(), key, certificates);
            store.add_entry("key", KeyStoreEntry::PrivateKeyChain(chain));
        } else {
            for (number, certificate) in certificates.into_iter().enumerate() {
                let entry = KeyStoreEntry::Certificate(certificate);
                store.add_entry(&format!("certificate {number}"), entry);
            }
        }
        let file = store
            .writer(password)
            .encryption_iterations(ROUNDS)
            .mac_iterations(ROUNDS)
            .write()
            .ok()?;
        Some(STANDARD.encode(file))
    }

    /// The private key and the certificate as text, one after the other.
    pub(crate) fn pem(&self, with_key: bool) -> String {
        let key = if with_key {
            block("PRIVATE KEY", &self.key)
        } else {
            String::new()
        };
        format!("{key}{}", block("CERTIFICATE", &self.der))
    }
}

fn block(kind: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut text = format!("-----BEGIN {kind}-----\n");
    for (number, character) in base64.chars().enumerate() {
        if number > 0 && number % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push_str(&format!("\n-----END {kind}-----\n"));
    text
}
