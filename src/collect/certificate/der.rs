//! As much of DER as private keys need: which algorithm, and the public numbers of an RSA key.

use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;
use zeroize::Zeroizing;

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// rsaEncryption, 1.2.840.113549.1.1.1 (RFC 8017).
const RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// A private key of a stored value.
pub(super) enum PrivateKey {
    /// PKCS#1, DER.
    Rsa {
        der: Zeroizing<Vec<u8>>,
        public: RsaPublic,
    },
    Other,
}

/// Modulus and exponent, big-endian without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RsaPublic {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl RsaPublic {
    fn new(modulus: &[u8], exponent: &[u8]) -> Self {
        let bare = |number: &[u8]| {
            let zeros = number.iter().take_while(|byte| **byte == 0).count();
            number.iter().skip(zeros).copied().collect()
        };
        Self {
            modulus: bare(modulus),
            exponent: bare(exponent),
        }
    }
}

/// The first element: its tag, its content, and what follows it. Lengths as DER writes them, up to four bytes.
pub(super) fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let length = digits
                .iter()
                .fold(0_usize, |length, digit| (length << 8) | usize::from(*digit));
            (length, rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

/// The content of the first element, which must have this tag, and what follows it.
pub(super) fn expect(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = element(bytes)?;
    (found == tag).then_some((content, rest))
}

/// The content of a sequence, and what follows it.
pub(super) fn sequence(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    expect(SEQUENCE, bytes)
}

/// The content of an integer, and what follows it.
pub(super) fn integer(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    expect(INTEGER, bytes)
}

/// Whether this is one element as long as all of it, and begins as a PKCS#8 key does, encrypted or not, or as
/// a message of PKCS#7.
pub(super) fn is_key_or_message(bytes: &[u8]) -> bool {
    let Some((inside, [])) = sequence(bytes) else {
        return false;
    };
    let key = integer(inside).is_some_and(|(_, rest)| {
        sequence(rest).is_some_and(|(algorithm, _)| expect(OBJECT_IDENTIFIER, algorithm).is_some())
    });
    let encrypted = sequence(inside).is_some_and(|(algorithm, rest)| {
        expect(OBJECT_IDENTIFIER, algorithm).is_some()
            && matches!(expect(OCTET_STRING, rest), Some((_, [])))
    });
    let message = expect(OBJECT_IDENTIFIER, inside).is_some();
    key || encrypted || message
}

/// A key in PKCS#8 (RFC 5958): version, algorithm, and the key in an octet string.
pub(super) fn pkcs8(der: &[u8]) -> Option<PrivateKey> {
    let (inside, _) = sequence(der)?;
    let (_, inside) = integer(inside)?;
    let (algorithm, inside) = sequence(inside)?;
    let (algorithm, _) = expect(OBJECT_IDENTIFIER, algorithm)?;
    let (key, _) = expect(OCTET_STRING, inside)?;
    if algorithm == RSA {
        return pkcs1(key);
    }
    Some(PrivateKey::Other)
}

/// A key in PKCS#1 (RFC 8017, A.1.2): version, modulus, public exponent, and the private numbers.
pub(super) fn pkcs1(der: &[u8]) -> Option<PrivateKey> {
    let (inside, _) = sequence(der)?;
    let (_, inside) = integer(inside)?;
    let (modulus, inside) = integer(inside)?;
    let (exponent, _) = integer(inside)?;
    Some(PrivateKey::Rsa {
        public: RsaPublic::new(modulus, exponent),
        der: Zeroizing::new(der.to_vec()),
    })
}

/// The public numbers that a certificate vouches for; `None` where its key is not RSA.
pub(super) fn certified(der: &[u8]) -> Option<RsaPublic> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    match certificate.public_key().parsed().ok()? {
        PublicKey::RSA(rsa) => Some(RsaPublic::new(rsa.modulus, rsa.exponent)),
        _ => None,
    }
}
