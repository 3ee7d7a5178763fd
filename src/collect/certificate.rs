//! A certificate with its private key, read from whatever form it is stored in. The key never leaves memory.

mod assertion;
mod ber;
mod der;
mod pem;
mod pkcs12;

#[cfg(test)]
mod tests;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use chrono::TimeDelta;
use secrecy::SecretString;
use zeroize::Zeroizing;

use self::der::{PrivateKey, RsaPublic};
use crate::collect::{clock, x509};
use crate::evidence::{AssertionForm, CertificateFacts, EntryProblem};

pub(crate) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A certificate and the RSA key that belongs to it.
pub(crate) struct StoredCertificate {
    /// PKCS#1, DER: the one form that is signed with, whatever form it was stored in.
    key: Zeroizing<Vec<u8>>,
    public: RsaPublic,
    /// The leaf, DER.
    leaf: Vec<u8>,
    pub(crate) facts: CertificateFacts,
    /// Whether it was stored as PEM with written-out line breaks.
    pub(crate) escaped: bool,
}

impl std::fmt::Debug for StoredCertificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredCertificate")
            .field("thumbprint", &self.facts.thumbprint)
            .finish_non_exhaustive()
    }
}

impl StoredCertificate {
    /// Whether both hold one private key. One public key belongs to it, and that is compared.
    pub(crate) fn same_key(&self, other: &Self) -> bool {
        self.public == other.public
    }

    /// Whether both sign in alike: the same certificate with the same key.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.same_key(other) && self.leaf == other.leaf
    }

    /// A client assertion for the token endpoint `audience`. `ahead`: how far the services' clock is ahead of
    /// this machine's, as they are the ones who judge its times.
    ///
    /// # Errors
    /// A sentence, where the key cannot sign: damaged, or shorter than 2048 bits.
    pub(crate) fn assertion(
        &self,
        client_id: &str,
        audience: &str,
        form: AssertionForm,
        ahead: TimeDelta,
    ) -> Result<SecretString, String> {
        assertion::sign(self, client_id, audience, form, clock::now() + ahead)
    }
}

/// Reads a stored value: PEM, PKCS#12, or either of them in base64.
///
/// `password` opens PKCS#12 only; without it the empty one is tried.
///
/// # Errors
/// Why there is no usable certificate in it.
pub(crate) fn read(
    value: &[u8],
    password: Option<&SecretString>,
) -> Result<StoredCertificate, EntryProblem> {
    if value.trim_ascii().is_empty() {
        return Err(EntryProblem::Empty);
    }
    choose(key_and_chain(value, password, Wrapping::Allowed)?)
}

/// Whether the text is meant as a certificate or a private key, be it readable or not.
pub(crate) fn looks_like_one(text: &str) -> bool {
    pem::is_one(text)
        || unwrapped(text.as_bytes()).is_some_and(|bytes| {
            pkcs12::is_one(&bytes) || std::str::from_utf8(&bytes).is_ok_and(pem::is_one)
        })
}

/// What a stored value holds, in the order it stands there.
#[derive(Default)]
struct Parts {
    keys: Vec<PrivateKey>,
    /// DER.
    certificates: Vec<Vec<u8>>,
    /// Whether there is a private key behind a password.
    locked: bool,
    /// Whether line breaks in PEM are written out as a backslash and a letter.
    escaped: bool,
}

/// Whether base64 may stand around it: once at most.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrapping {
    Allowed,
    Gone,
}

fn key_and_chain(
    value: &[u8],
    password: Option<&SecretString>,
    wrapping: Wrapping,
) -> Result<Parts, EntryProblem> {
    if let Ok(text) = std::str::from_utf8(value)
        && pem::is_one(text)
    {
        return Ok(pem::blocks(text));
    }
    if pkcs12::is_one(value) {
        return pkcs12::key_and_chain(value, password);
    }
    if x509::facts(value).is_some() {
        return Ok(Parts {
            certificates: vec![value.to_vec()],
            ..Parts::default()
        });
    }
    if is_other_store(value) {
        return Err(EntryProblem::FormNotRead);
    }
    match unwrapped(value) {
        Some(inner) if wrapping == Wrapping::Allowed => {
            key_and_chain(&inner, password, Wrapping::Gone)
        }
        _ => Err(EntryProblem::NoCertificate),
    }
}

/// Key stores of other kinds, by their first bytes: Java's (JKS, JCEKS), and PKCS#7 and PKCS#8 in DER, which
/// may hold what the integration needs.
fn is_other_store(bytes: &[u8]) -> bool {
    const JKS: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];
    const JCEKS: [u8; 4] = [0xce, 0xce, 0xce, 0xce];
    bytes.starts_with(&JKS) || bytes.starts_with(&JCEKS) || der::is_key_or_message(bytes)
}

/// What base64, line breaks or not, stands around.
fn unwrapped(value: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    // As large as it can get at once, so that no half-filled copy of a key is left behind by growing.
    let mut plain = Zeroizing::new(Vec::with_capacity(value.len()));
    plain.extend(value.iter().filter(|byte| !byte.is_ascii_whitespace()));
    BASE64.decode(&*plain).ok().map(Zeroizing::new)
}

/// The leaf is the certificate whose public key is a private key's, wherever it stands.
fn choose(parts: Parts) -> Result<StoredCertificate, EntryProblem> {
    let escaped = parts.escaped;
    let known: Vec<(Option<RsaPublic>, CertificateFacts, Vec<u8>)> = parts
        .certificates
        .into_iter()
        .filter_map(|der| {
            let facts = x509::facts(&der)?;
            Some((der::certified(&der), facts, der))
        })
        .collect();
    if known.is_empty() && !parts.locked {
        return Err(EntryProblem::NoCertificate);
    }
    let none_is_rsa = !parts.keys.is_empty()
        && parts
            .keys
            .iter()
            .all(|key| matches!(key, PrivateKey::Other));
    let mut chosen: Option<StoredCertificate> = None;
    for key in parts.keys {
        let PrivateKey::Rsa { der, public } = key else {
            continue;
        };
        // Renewed under the same key, several belong to it: the one that ends last.
        let leaf = known
            .iter()
            .filter(|(certified, _, _)| certified.as_ref() == Some(&public))
            .max_by_key(|(_, facts, _)| (facts.not_after, facts.thumbprint.clone()));
        let Some((_, facts, leaf)) = leaf else {
            continue;
        };
        match &chosen {
            Some(other) if other.public == public => {}
            Some(_) => return Err(EntryProblem::SeveralKeys),
            None => {
                chosen = Some(StoredCertificate {
                    key: der,
                    public,
                    leaf: leaf.clone(),
                    facts: facts.clone(),
                    escaped,
                });
            }
        }
    }
    chosen.ok_or(if parts.locked {
        EntryProblem::PasswordProtected
    } else if none_is_rsa {
        EntryProblem::KeyNotRsa
    } else {
        EntryProblem::PrivateKeyMissing
    })
}
