//! PKCS#12 (RFC 7292), modern and legacy: the only place that knows the library under it.
//!
//! The library keeps a copy of each key of its own, which is freed without being overwritten.

use std::panic::{AssertUnwindSafe, catch_unwind};

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error;
use secrecy::{ExposeSecret, SecretString};

use super::ber::{self, Reach};
use super::{Parts, der};
use crate::evidence::EntryProblem;

/// A password that nobody chose: what opens with it as well is not encrypted.
const ANY_OTHER: &str = "any other password";

/// Whether the bytes begin as PKCS#12 does, in DER or BER: a sequence whose version is 3, then another one.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    // The sequence's own length may be anything.
    let inside = match bytes {
        [0x30, 0x80, inside @ ..] | [0x30, 0x00..=0x7f, inside @ ..] => inside,
        [0x30, count @ 0x81..=0x88, rest @ ..] => {
            rest.get(usize::from(count & 0x7f)..).unwrap_or_default()
        }
        _ => return false,
    };
    inside.starts_with(&[0x02, 0x01, 0x03, 0x30])
}

/// # Errors
/// PasswordProtected where another password is asked for; FormNotRead where nobody here can read it.
pub(super) fn key_and_chain(
    bytes: &[u8],
    password: Option<&SecretString>,
) -> Result<Parts, EntryProblem> {
    let password = password.map_or("", |password| password.expose_secret());
    let archive = match opened(bytes, password) {
        Err(EntryProblem::FormNotRead) => in_der(bytes, password)?,
        told => told?,
    };
    let mut parts = Parts::default();
    for bag in &archive.keys {
        parts.keys.extend(der::pkcs8(bag.key.as_der()));
    }
    let certificates = archive.certs.iter().map(|bag| bag.cert.as_der().to_vec());
    parts.certificates.extend(certificates);
    Ok(parts)
}

/// The same file, written in DER: the outside first, then what stands in it, which only shows that the seal
/// fits once the outside does.
fn in_der(bytes: &[u8], password: &str) -> Result<Pkcs12Archive, EntryProblem> {
    let unread = || EntryProblem::FormNotRead;
    let file = ber::der(bytes, Reach::Outside).ok_or_else(unread)?;
    match opened(&file, password) {
        Err(EntryProblem::FormNotRead) => {}
        told => return told,
    }
    let whole = ber::der(bytes, Reach::Within).ok_or_else(unread)?;
    let unsealed = without_seal(&whole);
    if unsealed.is_some() && !seal_fits(&file, password) {
        return Err(EntryProblem::FormNotRead);
    }
    open(unsealed.as_deref().unwrap_or(&whole), password)
}

/// Whether the seal is of this password: it is looked at before anything under it is.
fn seal_fits(bytes: &[u8], password: &str) -> bool {
    open(bytes, password).err() != Some(EntryProblem::PasswordProtected)
        && open(bytes, ANY_OTHER).err() == Some(EntryProblem::PasswordProtected)
}

fn opened(bytes: &[u8], password: &str) -> Result<Pkcs12Archive, EntryProblem> {
    open(bytes, password).or_else(|problem| under_another_seal(bytes, password, problem))
}

fn open(bytes: &[u8], password: &str) -> Result<Pkcs12Archive, EntryProblem> {
    // The crates under it are young and the bytes are anybody's: a panic there is damage, not our end.
    let opened = catch_unwind(AssertUnwindSafe(|| {
        Pkcs12Archive::from_pkcs12(bytes, password)
    }));
    opened
        .unwrap_or(Err(Error::InvalidData))
        .map_err(|error| match error {
            Error::MacError(_) => EntryProblem::PasswordProtected,
            // Under a seal that fits, the password was right.
            Error::Pkcs5Error(_) | Error::UnpadError if without_seal(bytes).is_none() => {
                EntryProblem::PasswordProtected
            }
            _ => EntryProblem::FormNotRead,
        })
}

/// Some writers seal a file without password with no bytes at all instead of an empty text, others with a
/// newer kind of seal. Such a file still opens without its seal. What would open for everybody does not
/// count: then the seal alone is under the password.
fn under_another_seal(
    bytes: &[u8],
    password: &str,
    problem: EntryProblem,
) -> Result<Pkcs12Archive, EntryProblem> {
    let unsealed = without_seal(bytes).ok_or(problem)?;
    match open(&unsealed, password) {
        Ok(archive) => match open(&unsealed, ANY_OTHER) {
            Err(_) => Ok(archive),
            Ok(_) => Err(problem),
        },
        Err(EntryProblem::PasswordProtected) => Err(EntryProblem::PasswordProtected),
        Err(_) => Err(problem),
    }
}

/// The file without its `macData`: version and content only.
fn without_seal(bytes: &[u8]) -> Option<ber::Der> {
    let (inside, _) = der::sequence(bytes)?;
    let (_, rest) = der::integer(inside)?;
    let (_, seal) = der::sequence(rest)?;
    if seal.is_empty() {
        return None;
    }
    let kept = inside.get(..inside.len() - seal.len())?;
    Some(ber::put(0x30, kept))
}
