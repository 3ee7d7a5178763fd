//! PKCS#12 (RFC 7292), modern and legacy: the only place that knows the library under it.
//!
//! The library keeps a copy of each key of its own, which is freed without being overwritten.

use std::panic::{AssertUnwindSafe, catch_unwind};

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error;
use secrecy::{ExposeSecret, SecretString};

use super::{Parts, der};
use crate::evidence::EntryProblem;

/// A password that nobody chose: what opens with it as well is not encrypted.
const ANY_OTHER: &str = "any other password";

/// Whether the bytes begin as PKCS#12 does: a sequence whose version is 3.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    der::sequence(bytes)
        .and_then(|(inside, _)| der::integer(inside))
        .is_some_and(|(version, _)| version == [3])
}

/// # Errors
/// PasswordProtected where another password is asked for; NoCertificate where it is damaged or of a kind
/// that nobody can read here.
pub(super) fn parts(bytes: &[u8], password: Option<&SecretString>) -> Result<Parts, EntryProblem> {
    let password = password.map_or("", |password| password.expose_secret());
    let archive = match open(bytes, password) {
        Ok(archive) => archive,
        Err(problem) => under_another_seal(bytes, password).ok_or(problem)?,
    };
    let mut parts = Parts::default();
    for bag in &archive.keys {
        parts.keys.extend(der::pkcs8(bag.key.as_der()));
    }
    let certificates = archive.certs.iter().map(|bag| bag.cert.as_der().to_vec());
    parts.certificates.extend(certificates);
    Ok(parts)
}

fn open(bytes: &[u8], password: &str) -> Result<Pkcs12Archive, EntryProblem> {
    // The crates under it are young and the bytes are anybody's: a panic there is damage, not our end.
    let opened = catch_unwind(AssertUnwindSafe(|| {
        Pkcs12Archive::from_pkcs12(bytes, password)
    }));
    opened
        .unwrap_or(Err(Error::InvalidData))
        .map_err(|error| match error {
            Error::MacError(_) | Error::Pkcs5Error(_) | Error::UnpadError => {
                EntryProblem::PasswordProtected
            }
            _ => EntryProblem::NoCertificate,
        })
}

/// Some writers seal a file without password with no bytes at all instead of an empty text, others with a
/// newer kind of seal. Such a file still opens without its seal. What would open for everybody does not
/// count: then the seal alone is under the password.
fn under_another_seal(bytes: &[u8], password: &str) -> Option<Pkcs12Archive> {
    let unsealed = without_seal(bytes)?;
    let archive = open(&unsealed, password).ok()?;
    open(&unsealed, ANY_OTHER).is_err().then_some(archive)
}

/// The file without its `macData`: version and content only.
fn without_seal(bytes: &[u8]) -> Option<Vec<u8>> {
    let (inside, _) = der::sequence(bytes)?;
    let (_, rest) = der::integer(inside)?;
    let (_, seal) = der::sequence(rest)?;
    if seal.is_empty() {
        return None;
    }
    let kept = inside.get(..inside.len() - seal.len())?;
    let length = u32::try_from(kept.len()).ok()?.to_be_bytes();
    // Four digits are always enough; DER wants no leading zeros.
    let zeros = length.iter().take_while(|digit| **digit == 0).count();
    let digits = length.get(zeros..)?;
    let mut file = vec![0x30];
    if kept.len() < 0x80 {
        file.extend(digits);
    } else {
        file.push(0x80 | u8::try_from(digits.len()).ok()?);
        file.extend(digits);
    }
    file.extend(kept);
    Some(file)
}
