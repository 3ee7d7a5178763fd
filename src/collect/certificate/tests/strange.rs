//! Forms that other tools write, forms that cannot be read, assertions, and any bytes.

use super::*;

/// One element of indefinite length, with what `inside` gives.
fn endless(tag: u8, inside: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], inside, &[0, 0]].concat()
}

/// The same file, every sequence outside and the octet strings written as BER may write them.
fn as_ber(file: &[u8], within: bool) -> Vec<u8> {
    use crate::collect::certificate::ber::put;
    use crate::collect::certificate::der::{element, expect, integer, sequence};
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
                hex::encode_upper(bytes.expect("base64url"))
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
