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
        include_bytes!(concat!("fixtures/", $name)).as_slice()
    };
}

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

/// One element of indefinite length, with what `inside` gives.
fn endless(tag: u8, inside: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], inside, &[0, 0]].concat()
}

/// The same file, every sequence outside and the octet strings written as BER may write them.
fn as_ber(file: &[u8], within: bool) -> Vec<u8> {
    use super::ber::put;
    use super::der::{element, expect, integer, sequence};
    let (inside, _) = sequence(file).expect("a file");
    let (_, rest) = integer(inside).expect("a version");
    let (info, seal) = sequence(rest).expect("content");
    let (oid, rest) = expect(0x06, info).expect("a type");
    let (_, octets, _) = element(rest).expect("[0]");
    let (octets, _) = expect(0x04, octets).expect("octets");
    let octets = if within {
        let (safes, _) = sequence(octets).expect("safes");
        endless(0x30, safes)
    } else {
        octets.to_vec()
    };
    let pieces: Vec<u8> = octets
        .chunks(100)
        .flat_map(|piece| put(0x04, piece).to_vec())
        .collect();
    let content = endless(0xa0, &endless(0x24, &pieces));
    let info = endless(
        0x30,
        &[put(0x06, oid).as_slice(), content.as_slice()].concat(),
    );
    let seal = if within { &[] } else { seal };
    endless(0x30, &[&[0x02, 0x01, 0x03][..], &info, seal].concat())
}

#[test]
fn ber_is_read_however_deep_it_goes_and_its_seal_still_counts() {
    for file in [
        fixture!("modern.pfx"),
        fixture!("legacy.pfx"),
        fixture!("chain.pfx"),
    ] {
        for within in [false, true] {
            let ber = as_ber(file, within);
            assert!(read(&ber, None).expect("BER").same(&leaf()), "{within}");
        }
    }
    for within in [false, true] {
        let locked = as_ber(fixture!("password.pfx"), within);
        assert_eq!(problem(&locked), Problem::PasswordProtected, "{within}");
        let right = SecretString::from("canary-password");
        assert!(read(&locked, Some(&right)).expect("opened").same(&leaf()));
    }
}

#[test]
fn a_form_that_cannot_be_read_here_is_not_called_wrong() {
    let der = Pkcs12Archive::from_pkcs12(fixture!("modern.pfx"), "").expect("a file");
    let key = der.keys[0].key.as_der().to_vec();
    let truncated = &fixture!("modern.pfx")[..900];
    let mut other_cipher = fixture!("legacy.pfx").to_vec();
    // pbeWithSHAAnd3-KeyTripleDES-CBC becomes pbeWithSHAAnd128BitRC4 (RFC 7292, appendix C).
    let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x03];
    let places: Vec<usize> = (0..other_cipher.len() - oid.len())
        .filter(|place| other_cipher[*place..].starts_with(&oid))
        .collect();
    assert!(!places.is_empty());
    for place in places {
        other_cipher[place + 9] = 0x01;
    }
    for value in [
        vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2],
        vec![0xce, 0xce, 0xce, 0xce, 0, 0, 0, 2],
        key,
        truncated.to_vec(),
    ] {
        assert_eq!(problem(&value), Problem::FormNotRead, "{}", value.len());
        assert_eq!(
            problem(STANDARD.encode(&value).as_bytes()),
            Problem::FormNotRead
        );
    }
    let unsealed = problem(&other_cipher);
    assert!(
        matches!(unsealed, Problem::FormNotRead | Problem::PasswordProtected),
        "{unsealed:?}"
    );
}

/// The public half, for checking signatures.
fn public() -> DecodingKey {
    use x509_parser::prelude::{FromDer, X509Certificate};
    let (_, pem) = x509_parser::pem::parse_x509_pem(fixture!("leaf.crt")).expect("PEM");
    let (_, certificate) = X509Certificate::from_der(&pem.contents).expect("a certificate");
    DecodingKey::from_rsa_der(&certificate.public_key().subject_public_key.data)
}

#[test]
fn an_assertion_is_signed_as_documented_in_both_forms() {
    let facts = leaf().facts;
    for (form, algorithm) in [
        (AssertionForm::Ps256, Algorithm::PS256),
        (AssertionForm::Rs256, Algorithm::RS256),
    ] {
        let made = || {
            leaf()
                .assertion(
                    "client",
                    "https://login.example/token",
                    form,
                    TimeDelta::zero(),
                )
                .expect("signed")
        };
        let jwt = made();
        let header = decode_header(jwt.expose_secret()).expect("a header");
        assert_eq!(header.alg, algorithm);
        assert_eq!(header.typ.as_deref(), Some("JWT"));
        let hex = |thumbprint: Option<String>| {
            thumbprint.map(|text| {
                let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text);
                crate::collect::x509::hex(&bytes.expect("base64url"))
            })
        };
        let named = (hex(header.x5t_s256), hex(header.x5t));
        match form {
            AssertionForm::Ps256 => {
                assert_eq!(named, (Some(facts.thumbprint_sha256.clone()), None));
            }
            AssertionForm::Rs256 => assert_eq!(named, (None, Some(facts.thumbprint.clone()))),
        }
        let mut checks = Validation::new(algorithm);
        checks.set_audience(&["https://login.example/token"]);
        checks.set_issuer(&["client"]);
        checks.sub = Some("client".into());
        checks.validate_nbf = true;
        checks.set_required_spec_claims(&["aud", "iss", "sub", "nbf", "exp"]);
        let claims = decode::<serde_json::Value>(jwt.expose_secret(), &public(), &checks)
            .expect("a good signature")
            .claims;
        let number = |name: &str| claims[name].as_i64().expect("a number");
        assert_eq!(number("exp") - number("nbf"), 300);
        assert_eq!(number("iat"), number("nbf"));
        let again = made();
        let again = decode::<serde_json::Value>(again.expose_secret(), &public(), &checks)
            .expect("a good signature");
        assert_ne!(
            claims["jti"], again.claims["jti"],
            "each has an id of its own"
        );
    }
}

#[test]
fn a_key_that_cannot_sign_says_why() {
    let small = read(fixture!("small.pfx"), None).expect("a certificate");
    assert_eq!(small.facts.key_bits, Some(1024));
    let why = small
        .assertion(
            "client",
            "https://login.example/token",
            AssertionForm::Ps256,
            TimeDelta::zero(),
        )
        .expect_err("too short");
    assert!(why.contains("has 1024 bits"), "{why}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_end_the_audit(junk in proptest::collection::vec(any::<u8>(), 0..25_000)) {
        prop_assert!(read(&junk, None).is_err());
        let _ = looks_like_one(&String::from_utf8_lossy(&junk));
    }

    #[test]
    fn no_text_between_borders_ends_the_audit(body in ".{0,200}", kind in "(CERTIFICATE|PRIVATE KEY|RSA PRIVATE KEY)") {
        let pem = format!("-----BEGIN {kind}-----{body}-----END {kind}-----");
        prop_assert!(read(pem.as_bytes(), None).is_err());
    }

    /// Damage in a file without MAC reaches every reader under it.
    #[test]
    fn no_damage_ends_the_audit(
        file in prop::sample::select(vec![fixture!("without-mac.pfx"), fixture!("plain.pfx")]),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        end in any::<prop::sample::Index>(),
    ) {
        let mut file = file.to_vec();
        for (place, byte) in damage {
            let place = place.index(file.len());
            file[place] = byte;
        }
        let _ = read(&file, None);
        file.truncate(end.index(file.len()));
        let _ = read(&file, None);
    }
}
