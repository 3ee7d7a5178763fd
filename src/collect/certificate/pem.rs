//! PEM (RFC 7468): certificates and private keys in any order, with whatever text between them.

use zeroize::Zeroizing;

use super::{Parts, der, unwrapped};

const BEGIN: &str = "-----BEGIN ";
const BORDER: &str = "-----";

pub(super) fn is_one(text: &str) -> bool {
    text.contains(BEGIN)
}

/// Everything in it that is a certificate or a private key. Damaged blocks are none.
pub(super) fn blocks(text: &str) -> Parts {
    let mut parts = Parts::default();
    let mut rest = text;
    while let Some((label, body, after)) = block(rest) {
        rest = after;
        let unescaped = unescaped(body);
        parts.escaped |= unescaped.is_some();
        let body = unescaped.as_ref().map_or(body, |text| text.as_str());
        match label {
            "CERTIFICATE" | "X509 CERTIFICATE" => {
                let der = unwrapped(body.as_bytes());
                parts.certificates.extend(der.map(|der| der.to_vec()));
            }
            "PRIVATE KEY" => parts
                .keys
                .extend(key(body).and_then(|der| der::pkcs8(&der))),
            // OpenSSL's older form says in header lines that it is encrypted.
            "RSA PRIVATE KEY" if body.contains(':') => parts.locked = true,
            "RSA PRIVATE KEY" => parts
                .keys
                .extend(key(body).and_then(|der| der::pkcs1(&der))),
            "ENCRYPTED PRIVATE KEY" => parts.locked = true,
            "EC PRIVATE KEY" | "DSA PRIVATE KEY" => parts.keys.push(der::PrivateKey::Other),
            _ => {}
        }
    }
    parts
}

/// The body where its line breaks are written out, as `\n` or, once more escaped, `\\n`; base64 has no
/// backslash of its own.
fn unescaped(body: &str) -> Option<Zeroizing<String>> {
    if !body.contains('\\') {
        return None;
    }
    let mut plain = Zeroizing::new(String::with_capacity(body.len()));
    let mut letters = body.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
        } else if letters
            .next_if(|next| matches!(next, 'n' | 'r' | 't'))
            .is_some()
        {
            plain.push('\n');
        }
    }
    Some(plain)
}

fn key(body: &str) -> Option<Zeroizing<Vec<u8>>> {
    unwrapped(body.as_bytes())
}

/// The next block: its label, what stands between its borders, and what follows it. Line breaks are not
/// asked for: they get lost where people paste a file into one line.
fn block(text: &str) -> Option<(&str, &str, &str)> {
    let (_, text) = text.split_once(BEGIN)?;
    let (label, text) = text.split_once(BORDER)?;
    let (body, after) = text.split_once(format!("-----END {label}-----").as_str())?;
    Some((label, body, after))
}
