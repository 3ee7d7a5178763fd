//! Each form that a certificate is stored in, and each that is unusable. The keys are throwaway ones, made
//! for these tests with OpenSSL 3.0 and used nowhere else:
//!
//! ```text
//! openssl pkcs12 -export [-legacy | -nomac | -nokeys | -certfile REST] -inkey KEY -in leaf.crt -passout pass:
//! ```
//!
//! `null-password.pfx` is `modern.pfx` with its MAC made again under a password of no bytes at all; `plain.pfx`
//! has neither MAC nor encryption. Where a password was given it is `canary-password`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, Pkcs12Archive, PrivateKey};
use p12_keystore::{Pkcs12Writer, PrivateKeyChain};
use proptest::prelude::*;
use secrecy::{ExposeSecret, SecretString};

use super::{StoredCertificate, looks_like_one, read};
use crate::evidence::{AssertionForm, EntryProblem as Problem};

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/collect/certificate/fixtures/",
            $name
        ))
        .as_slice()
    };
}

mod strange;

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

fn problem(value: &[u8]) -> Problem {
    match read(value, None) {
        Ok(certificate) => panic!("{certificate:?}"),
        Err(problem) => problem,
    }
}

/// Base64 with line breaks, as people paste it.
fn wrapped(bytes: &[u8]) -> String {
    let whole = STANDARD.encode(bytes);
    let lines: Vec<&str> = whole
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).expect("ascii"))
        .collect();
    lines.join("\r\n") + "\n"
}

fn leaf() -> StoredCertificate {
    read(fixture!("modern.pfx"), None).expect("a certificate")
}

#[test]
fn one_certificate_is_read_from_every_form() {
    let modern = leaf();
    assert_eq!(modern.facts.subject, "CN=bridge.contoso.example");
    assert_eq!(
        (modern.facts.key_type.as_str(), modern.facts.key_bits),
        ("RSA", Some(2048))
    );
    let (crt, pkcs1, pkcs8) = (
        text(fixture!("leaf.crt")),
        text(fixture!("pkcs1.key")),
        text(fixture!("pkcs8.key")),
    );
    let one_line = format!("{pkcs8}{crt}").replace('\n', " ");
    for value in [
        fixture!("legacy.pfx").to_vec(),
        fixture!("without-mac.pfx").to_vec(),
        fixture!("plain.pfx").to_vec(),
        fixture!("null-password.pfx").to_vec(),
        fixture!("chain.pfx").to_vec(),
        STANDARD.encode(fixture!("modern.pfx")).into_bytes(),
        wrapped(fixture!("legacy.pfx")).into_bytes(),
        format!("{pkcs8}{crt}").into_bytes(),
        format!("Bag Attributes\r\n{crt}{pkcs1}").into_bytes(),
        wrapped(format!("{crt}{pkcs8}").as_bytes()).into_bytes(),
        one_line.into_bytes(),
    ] {
        let same = read(&value, None).expect("a certificate");
        assert!(same.same(&modern));
        assert_eq!(same.facts, modern.facts);
    }
}

#[test]
fn the_leaf_is_the_certificate_of_the_key_wherever_it_stands() {
    let rest = text(fixture!("chain.crt"));
    let (crt, key) = (text(fixture!("leaf.crt")), text(fixture!("pkcs8.key")));
    for pem in [
        format!("{rest}{crt}{key}"),
        format!("{crt}{rest}{key}"),
        format!("{key}{rest}{crt}"),
    ] {
        assert!(read(pem.as_bytes(), None).expect("a leaf").same(&leaf()));
    }
    let archive = Pkcs12Archive::from_pkcs12(fixture!("chain.pfx"), "").expect("a file");
    assert_eq!(archive.certs.len(), 3);
    let mut backwards: Vec<Certificate> = archive.certs.into_iter().map(|bag| bag.cert).collect();
    backwards.reverse();
    let key = PrivateKey::from_der(archive.keys[0].key.as_der()).expect("a key");
    let file = written(&[("all", key, backwards)]);
    assert!(read(&file, None).expect("a leaf").same(&leaf()));
}

/// A PKCS#12 file without password, its certificates in the order given.
fn written(entries: &[(&str, PrivateKey, Vec<Certificate>)]) -> Vec<u8> {
    let mut store = KeyStore::new();
    for (name, key, certificates) in entries {
        let chain = PrivateKeyChain::new(*name, key.clone(), certificates.clone());
        store.add_entry(name, KeyStoreEntry::PrivateKeyChain(chain));
    }
    let writer: Pkcs12Writer<'_, '_> = store.writer("");
    let file = writer.encryption_iterations(1).mac_iterations(1).write();
    file.expect("a file")
}

fn bags(file: &[u8]) -> (PrivateKey, Vec<Certificate>) {
    let archive = Pkcs12Archive::from_pkcs12(file, "").expect("a file");
    let certificates = archive.certs.into_iter().map(|bag| bag.cert);
    (archive.keys[0].key.clone(), certificates.collect())
}

#[test]
fn several_keys_are_told_apart_only_by_the_one_leaf() {
    let (key, certificate) = bags(fixture!("modern.pfx"));
    let (other_key, other) = bags(fixture!("other.pfx"));
    let both = written(&[
        ("one", key.clone(), certificate.clone()),
        ("two", other_key.clone(), other),
    ]);
    assert_eq!(problem(&both), Problem::SeveralKeys);
    let one_leaf = written(&[
        ("one", key.clone(), certificate.clone()),
        ("two", other_key.clone(), Vec::new()),
    ]);
    assert!(read(&one_leaf, None).expect("the leaf").same(&leaf()));
    let twice = written(&[
        ("one", key.clone(), certificate.clone()),
        ("two", key, certificate),
    ]);
    assert!(read(&twice, None).expect("one key").same(&leaf()));
    let foreign = written(&[("one", other_key, Vec::new())]);
    assert_eq!(problem(&foreign), Problem::NoCertificate);
}

#[test]
fn each_unusable_value_is_named() {
    let (crt, key) = (text(fixture!("leaf.crt")), text(fixture!("pkcs8.key")));
    let rest = text(fixture!("chain.crt"));
    let with = |file: &[u8]| format!("{crt}{}", text(file)).into_bytes();
    let der = Pkcs12Archive::from_pkcs12(fixture!("modern.pfx"), "").expect("a file");
    let der = der.certs[0].cert.as_der().to_vec();
    for (value, expected) in [
        (b"".to_vec(), Problem::Empty),
        (b" \r\n".to_vec(), Problem::Empty),
        (
            fixture!("password.pfx").to_vec(),
            Problem::PasswordProtected,
        ),
        (
            fixture!("password-legacy.pfx").to_vec(),
            Problem::PasswordProtected,
        ),
        (with(fixture!("encrypted.key")), Problem::PasswordProtected),
        (
            with(fixture!("encrypted-pkcs1.key")),
            Problem::PasswordProtected,
        ),
        (fixture!("ec.pfx").to_vec(), Problem::KeyNotRsa),
        (
            wrapped(fixture!("without-key.pfx")).into_bytes(),
            Problem::PrivateKeyMissing,
        ),
        (crt.into(), Problem::PrivateKeyMissing),
        (STANDARD.encode(&der).into(), Problem::PrivateKeyMissing),
        (der, Problem::PrivateKeyMissing),
        // Certificates of other keys only.
        (format!("{rest}{key}").into(), Problem::PrivateKeyMissing),
        (key.into(), Problem::NoCertificate),
        (b"abc~not-a-certificate".to_vec(), Problem::NoCertificate),
        (
            b"-----BEGIN CERTIFICATE-----".to_vec(),
            Problem::NoCertificate,
        ),
        (
            b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----".to_vec(),
            Problem::NoCertificate,
        ),
        (b"{\"json\": true}".to_vec(), Problem::NoCertificate),
        (
            STANDARD
                .encode(STANDARD.encode(fixture!("modern.pfx")))
                .into(),
            Problem::NoCertificate,
        ),
    ] {
        assert_eq!(problem(&value), expected, "{}", value.len());
    }
    assert_eq!(problem(&vec![b'x'; 25_000]), Problem::NoCertificate);
    assert_eq!(problem(&vec![0x30; 25_000]), Problem::NoCertificate);
}

#[test]
fn a_seal_under_a_password_protects_what_is_not_encrypted() {
    // `plain.pfx` opens with any password; with the MAC of another file it is sealed under one.
    let sealed = grafted(fixture!("plain.pfx"), fixture!("password.pfx"));
    assert_eq!(problem(&sealed), Problem::PasswordProtected);
}

/// The first file's content with the second one's `macData`.
fn grafted(content: &[u8], seal: &[u8]) -> Vec<u8> {
    use super::der::{integer, sequence};
    let parts = |file| {
        let (inside, _) = sequence(file).expect("a file");
        let (_, rest) = integer(inside).expect("a version");
        let (_, seal) = sequence(rest).expect("content");
        (inside, seal)
    };
    let ((inside, _), (_, seal)) = (parts(content), parts(seal));
    let length = u16::try_from(inside.len() + seal.len()).expect("a small file");
    let mut file = vec![0x30, 0x82];
    file.extend(length.to_be_bytes());
    file.extend([inside, seal].concat());
    file
}

#[test]
fn a_password_opens_what_it_was_set_on() {
    let right = SecretString::from("canary-password");
    for file in [fixture!("password.pfx"), fixture!("password-legacy.pfx")] {
        assert!(read(file, Some(&right)).expect("opened").same(&leaf()));
        let wrong = SecretString::from("canary-wrong");
        assert_eq!(
            read(file, Some(&wrong)).expect_err("wrong"),
            Problem::PasswordProtected
        );
    }
}

#[test]
fn the_key_is_never_printed() {
    let certificate = leaf();
    let printed = format!("{certificate:?}");
    assert_eq!(
        printed,
        format!(
            "StoredCertificate {{ thumbprint: {:?}, .. }}",
            certificate.facts.thumbprint
        )
    );
}

#[test]
fn what_is_meant_as_a_certificate_looks_like_one() {
    for value in [
        text(fixture!("leaf.crt")).to_owned(),
        text(fixture!("encrypted.key")).to_owned(),
        wrapped(fixture!("password.pfx")),
        STANDARD.encode(fixture!("leaf.crt")),
    ] {
        assert!(looks_like_one(&value), "{value}");
    }
    for value in ["abc~Q", "QUJDREVGRw==", "MIIE", "", "plain text"] {
        assert!(!looks_like_one(value), "{value}");
    }
}

#[test]
fn the_forms_that_other_tools_write_are_read() {
    let der = read(fixture!("pfx-der.pfx"), None).expect("DER");
    let ber = read(fixture!("pfx-ber.pfx"), None).expect("BER");
    assert!(ber.same(&der) && !ber.escaped);
    let pasted = wrapped(fixture!("pfx-ber.pfx"));
    assert!(read(pasted.as_bytes(), None).expect("base64").same(&der));
    let escaped = read(fixture!("pem-escaped.txt"), None).expect("PEM");
    assert!(escaped.escaped, "and told");
    let twice = text(fixture!("pem-escaped.txt")).replace("\\n", "\\\\n");
    assert!(read(twice.as_bytes(), None).expect("PEM").same(&escaped));
    let breaks = text(fixture!("pem-escaped.txt")).replace("\\n", "\r\n");
    let breaks = read(breaks.as_bytes(), None).expect("PEM");
    assert!(breaks.same(&escaped) && !breaks.escaped);
    assert_eq!(
        problem(fixture!("certificate-without-key.pem")),
        Problem::PrivateKeyMissing
    );
}

#[test]
fn a_password_kept_elsewhere_opens_its_certificate() {
    let file = fixture!("pfx-with-password.pfx");
    assert_eq!(problem(file), Problem::PasswordProtected);
    let right = SecretString::from("hunter22");
    assert!(read(file, Some(&right)).is_ok());
    let wrong = SecretString::from("hunter23");
    assert_eq!(
        read(file, Some(&wrong)).expect_err("wrong"),
        Problem::PasswordProtected
    );
}
