//! What a stored value's form says, and what is sent of it.

mod forms;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use super::{Content, content};
use crate::collect::credential::StoredCredential;
use crate::estate::{CredentialForm, CredentialRef, EntryRef};
use crate::evidence::{EntryAttributes, EntryProblem};

const PFX: &[u8] = include_bytes!("../../certificate/fixtures/modern.pfx");
const PEM: &str = concat!(
    include_str!("../../certificate/fixtures/leaf.crt"),
    include_str!("../../certificate/fixtures/pkcs8.key")
);

pub(super) fn attributes(content_type: Option<&str>, managed: bool) -> EntryAttributes {
    EntryAttributes {
        version: None,
        enabled: true,
        not_before: None,
        expires: None,
        created: None,
        updated: None,
        content_type: content_type.map(str::to_owned),
        managed,
        recovery_level: None,
        tags: Vec::new(),
        owner: None,
        client_id: None,
    }
}

pub(super) fn reference(kind: CredentialForm, field: Option<&str>) -> CredentialRef {
    CredentialRef {
        kind,
        entry: EntryRef {
            vault: "crm".into(),
            name: "raia".into(),
        },
        field: field.map(str::to_owned),
        version: None,
        password: None,
    }
}

fn look(value: &str, field: Option<&str>) -> (Vec<EntryProblem>, Option<String>) {
    let content = content(
        &SecretString::from(value),
        &attributes(None, false),
        &reference(CredentialForm::Secret, field),
        None,
    );
    let sent = content.credential.map(|credential| match credential {
        StoredCredential::Secret(value) => value.expose_secret().to_owned(),
        StoredCredential::Certificate(_) => panic!("the estate names a secret"),
    });
    (content.problems, sent)
}

#[test]
fn a_malformed_value_is_said_and_used_as_it_is() {
    use EntryProblem as Problem;
    let guid = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001";
    assert_eq!(look("abc~Q", None), (vec![], Some("abc~Q".into())));
    assert_eq!(
        look("abc\n", None),
        (vec![Problem::SurroundingWhitespace], Some("abc\n".into()))
    );
    assert_eq!(
        look(guid, None),
        (vec![Problem::SecretIdInsteadOfValue], Some(guid.into()))
    );
    assert_eq!(look(&"x".repeat(257), None).0, [Problem::TooLong]);
    assert_eq!(look(&"x".repeat(256), None).0, []);
    assert_eq!(look(" \n", None), (vec![Problem::Empty], None));
    let json = r#"{"clientSecret":"abc ","other":"canary","n":1}"#;
    assert_eq!(
        look(json, Some("clientSecret")),
        (vec![Problem::SurroundingWhitespace], Some("abc ".into()))
    );
    assert_eq!(
        look(json, Some("secret")),
        (vec![Problem::FieldMissing], None)
    );
    assert_eq!(look(json, Some("n")), (vec![Problem::FieldMissing], None));
    assert_eq!(look("abc", Some("n")), (vec![Problem::NoJson], None));
    assert_eq!(look("[1]", Some("n")), (vec![Problem::FieldMissing], None));
}

fn of_certificate(value: &str, field: Option<&str>) -> Content {
    content(
        &SecretString::from(value),
        &attributes(None, false),
        &reference(CredentialForm::Certificate, field),
        None,
    )
}

#[test]
fn a_declared_certificate_is_read_wherever_it_stands() {
    let pfx = STANDARD.encode(PFX);
    let json = serde_json::json!({"pfx": pfx, "pem": PEM, "other": "canary"}).to_string();
    for (value, field) in [
        (pfx.as_str(), None),
        (PEM, None),
        (&json, Some("pfx")),
        (&json, Some("pem")),
    ] {
        let content = of_certificate(value, field);
        assert_eq!(content.problems, [], "{field:?}");
        let facts = content.evidence().certificate.expect("facts");
        assert_eq!(facts.subject, "CN=bridge.contoso.example");
        assert!(matches!(
            content.credential,
            Some(StoredCredential::Certificate(_))
        ));
        assert!(!format!("{content:?}").contains("MII"), "no key is printed");
    }
}

#[test]
fn what_is_no_certificate_is_never_sent() {
    for (value, field, problem) in [
        ("abc~Q", None, EntryProblem::NoCertificate),
        (" ", None, EntryProblem::Empty),
        ("abc~Q", Some("pfx"), EntryProblem::NoJson),
        ("{}", Some("pfx"), EntryProblem::FieldMissing),
        (
            "{\"pfx\":\"abc\"}",
            Some("pfx"),
            EntryProblem::NoCertificate,
        ),
    ] {
        let content = of_certificate(value, field);
        assert_eq!(content.problems, [problem]);
        assert!(content.credential.is_none());
        assert_eq!(content.evidence().certificate, None);
    }
}

#[test]
fn a_certificate_is_never_sent_as_a_secret() {
    let look = |value: &str, content_type: Option<&str>, managed: bool| {
        let secret = SecretString::from(value);
        let attributes = attributes(content_type, managed);
        content(
            &secret,
            &attributes,
            &reference(CredentialForm::Secret, None),
            None,
        )
    };
    let (pfx, long) = (STANDARD.encode(PFX), "x".repeat(257));
    for content in [
        look(PEM, None, false),
        look(&format!("{pfx}\n"), None, false),
        look("abc~Q", None, true),
        look(&long, Some("application/x-pkcs12"), false),
        look(&long, Some("Application/X-PEM-File"), false),
    ] {
        assert_eq!(
            content.problems,
            [EntryProblem::CertificateInsteadOfSecret],
            "and not TooLong as well"
        );
        assert!(content.credential.is_none());
    }
    // A label on a plain secret makes no certificate of it.
    let labelled = look("abc~Q", Some("application/x-pkcs12"), false);
    assert_eq!(labelled.problems, []);
    assert!(labelled.credential.is_some());
    assert_eq!(look(&long, None, false).problems, [EntryProblem::TooLong]);
}

#[test]
fn values_of_two_kinds_are_never_the_same() {
    let stored = |content: Content| content.credential.expect("a credential");
    let pfx = stored(of_certificate(&STANDARD.encode(PFX), None));
    let pem = stored(of_certificate(PEM, None));
    let secret = StoredCredential::Secret(SecretString::from(PEM));
    assert!(pfx.same_value(&pem) && pfx.same(&pem));
    assert!(!pfx.same_value(&secret) && !secret.same(&pem));
    let other = STANDARD.encode(include_bytes!("../../certificate/fixtures/other.pfx"));
    assert!(!pfx.same_value(&stored(of_certificate(&other, None))));
}
