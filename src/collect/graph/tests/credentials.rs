//! Secrets and certificates as Graph writes them, and federated credentials.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{read, with};
use crate::collect::graph::map::federated;
use crate::evidence::{Credential, KeyCredential};
use crate::model::{GapKind, Listing, Observed};

fn secret(more: &Value) -> Credential {
    let mut object = json!({"keyId": "k1", "hint": "abc", "endDateTime": "2027-01-01T00:00:00Z"});
    for (name, value) in more.as_object().expect("an object") {
        object[name] = value.clone();
    }
    let application = with("passwordCredentials", json!([object]));
    let credentials = application.credentials.known().expect("credentials");
    let found = credentials
        .iter()
        .find(|credential| credential.key_id == "k1");
    found.expect("the secret").clone()
}

fn key(more: &Value) -> KeyCredential {
    let mut object = json!({"keyId": "c1", "endDateTime": "2027-01-01T00:00:00Z",
        "type": "AsymmetricX509Cert", "usage": "Verify", "key": null});
    for (name, value) in more.as_object().expect("an object") {
        object[name] = value.clone();
    }
    let application = with("keyCredentials", json!([object]));
    let credentials = application.credentials.known().expect("credentials");
    let found = credentials
        .iter()
        .find(|credential| credential.key_id == "c1");
    found
        .and_then(|found| found.certificate.clone())
        .expect("a certificate")
}

#[test]
fn dates_are_read_in_every_form_that_graph_writes() {
    for (text, expected) in [
        ("2026-11-21T06:00:00Z", "2026-11-21T06:00:00Z"),
        (
            "2026-11-21T06:00:00.1234567Z",
            "2026-11-21T06:00:00.123456700Z",
        ),
        ("2026-11-21T06:00:00+02:00", "2026-11-21T04:00:00Z"),
        ("2026-11-21T23:30:00.5-05:30", "2026-11-22T05:00:00.500Z"),
        ("2299-12-31T00:00:00Z", "2299-12-31T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ] {
        let secret = secret(&json!({"endDateTime": text, "startDateTime": text}));
        let written = |date: chrono::DateTime<chrono::Utc>| {
            date.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
        };
        assert_eq!(
            secret.end.known().copied().map(written).as_deref(),
            Some(expected)
        );
        assert_eq!(secret.start.map(written).as_deref(), Some(expected));
    }
    for odd in [
        json!("2026-11-21T06:00:00"),
        json!("2026-11-21"),
        json!("2026-02-30T00:00:00Z"),
        json!(1_795_000_000),
        json!(null),
    ] {
        let secret = secret(&json!({"endDateTime": odd, "startDateTime": odd}));
        assert_eq!(
            secret.end.gap().map(|gap| gap.kind),
            Some(GapKind::Malformed)
        );
        assert_eq!(secret.start, None);
    }
}

#[test]
fn an_older_secret_without_a_hint_is_no_odd_one() {
    let kind = |hint: Value| {
        let secret = secret(&json!({ "hint": hint }));
        secret.matches_stored.gap().map(|gap| gap.kind)
    };
    assert_eq!(kind(json!(null)), Some(GapKind::NotReached));
    assert_eq!(kind(json!(7)), Some(GapKind::Malformed));
    assert_eq!(kind(json!("")), Some(GapKind::Malformed));
    assert_eq!(kind(json!("abc")), None);
}

#[test]
fn a_thumbprint_is_told_however_it_is_written() {
    let hex = "7D44C33CF9A82AB9BD5300D266784504E9772177";
    for text in [
        "fUTDPPmoKrm9UwDSZnhFBOl3IXc=".to_owned(),
        hex.to_owned(),
        hex.to_lowercase(),
        STANDARD.encode(hex),
        STANDARD.encode(hex.to_lowercase()),
    ] {
        let key = key(&json!({ "customKeyIdentifier": text }));
        assert_eq!(key.thumbprint.as_deref(), Some(hex), "{text}");
    }
    for odd in [
        json!(null),
        json!("own name"),
        json!(STANDARD.encode([7_u8; 32])),
        json!(STANDARD.encode("g".repeat(40))),
        json!(20),
    ] {
        assert_eq!(key(&json!({ "customKeyIdentifier": odd })).thumbprint, None);
    }
}

#[test]
fn a_certificate_s_facts_come_from_its_public_part() {
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).expect("a key");
    let certificate = rcgen::CertificateParams::default()
        .self_signed(&pair)
        .expect("a certificate");
    let key_of = |value: Value| key(&json!({ "key": value }));
    let read = key_of(json!(STANDARD.encode(certificate.der())));
    let facts = read.facts.known().expect("facts");
    assert_eq!(
        (facts.key_type.as_str(), facts.key_bits),
        ("RSA", Some(2048))
    );
    assert_eq!(read.usage.as_deref(), Some("Verify"));
    let kind = |key: KeyCredential| key.facts.gap().map(|gap| gap.kind);
    for odd in [json!("?"), json!(""), json!("AAAA"), json!(7), json!([])] {
        assert_eq!(kind(key_of(odd)), Some(GapKind::Malformed));
    }
    // In lists, of a private key that signs, and of a key that both sides know.
    assert_eq!(kind(key_of(json!(null))), Some(GapKind::NotReached));
    let signs = key(&json!({"usage": "Sign", "type": "X509CertAndPassword"}));
    assert_eq!(signs.usage.as_deref(), Some("Sign"));
    assert_eq!(kind(signs), Some(GapKind::NotReached));
    let symmetric = key(&json!({"type": "Symmetric", "key": "AAAA"}));
    assert!(
        symmetric
            .facts
            .gap()
            .is_some_and(|gap| gap.seen.contains("symmetric"))
    );
}

#[test]
fn a_credential_without_key_id_is_no_credential_left_out() {
    for list in ["passwordCredentials", "keyCredentials"] {
        let application = with(list, json!([{"endDateTime": "2027-01-01T00:00:00Z"}]));
        assert!(
            application
                .credentials
                .gap()
                .is_some_and(|gap| gap.seen.contains("keyId"))
        );
    }
    assert!(read(super::object()).credentials.known().is_some());
}

#[test]
fn federated_credentials_are_read_whole_or_cut_short() {
    let row = |name: &str| {
        json!({"id": name, "name": name, "issuer": "https://token.example",
            "subject": "repo:contoso/sync", "audiences": ["api://AzureADTokenExchange"],
            "description": "canary-description"})
    };
    let mut flexible = row("a");
    flexible["subject"] = json!(null);
    let listing = federated(
        "federated",
        Listing::complete(vec![row("b"), flexible.clone()]),
    );
    let subjects: Vec<_> = listing
        .items
        .iter()
        .map(|one| one.subject.as_str())
        .collect();
    assert_eq!(
        (subjects, &listing.gap),
        (vec!["", "repo:contoso/sync"], &None)
    );
    for (field, odd) in [
        ("issuer", json!(null)),
        ("subject", json!(7)),
        ("audiences", json!("api://AzureADTokenExchange")),
        ("audiences", json!([7])),
        ("name", json!(7)),
        ("id", json!(null)),
    ] {
        let mut bad = row("c");
        bad[field] = odd;
        let listing = federated("federated", Listing::complete(vec![row("b"), bad]));
        assert_eq!(listing.items.len(), 1);
        assert!(
            listing.gap.is_some_and(|gap| gap.seen.contains(field)),
            "{field}"
        );
    }
    let mut missing = row("c");
    missing
        .as_object_mut()
        .expect("an object")
        .remove("subject");
    assert!(
        federated("federated", Listing::complete(vec![missing.clone()]))
            .gap
            .is_some()
    );
    missing["claimsMatchingExpression"] = json!({"value": "claims['sub'] matches 'repo:*'"});
    assert_eq!(
        federated("federated", Listing::complete(vec![missing])).gap,
        None
    );
}

#[test]
fn a_symmetric_key_is_nothing_that_is_stored() {
    let application = with(
        "keyCredentials",
        json!([{"keyId": "c1", "endDateTime": "2027-01-01T00:00:00Z", "type": "Symmetric"}]),
    );
    let credentials = application.credentials.known().expect("credentials");
    let key = credentials.iter().find(|one| one.key_id == "c1");
    let key = key.expect("the key");
    assert_eq!(key.matches_stored, Observed::Known(false));
}
