//! Odd fields of Graph's objects: each is a gap of its own.

mod credentials;
mod policies;
mod principals;
mod shapes;

use secrecy::SecretString;
use serde_json::{Value, json};

use super::map::{application, owners};
use crate::collect::credential::Stored;
use crate::evidence::{Application, ByMicrosoft, CertificateFacts};
use crate::model::{Gap, GapKind, Listing, Observed, Presence};

fn object() -> Value {
    json!({"id": "app-1", "signInAudience": "AzureADMyOrg", "disabledByMicrosoftStatus": null,
        "passwordCredentials": [{"keyId": "k1", "hint": "abc", "endDateTime": "2027-01-01T00:00:00Z"}],
        "keyCredentials": [{"keyId": "c1", "endDateTime": "2299-12-31T00:00:00Z"}],
        "web": {"redirectUris": ["https://b", "https://a"]},
        "spa": {"redirectUris": []}, "publicClient": {"redirectUris": ["http://localhost"]}})
}

fn read(value: Value) -> Application {
    let stored = SecretString::from("abcdef");
    let raw = Observed::Known(Presence::Present(value));
    match application(&raw, "the application", Ok(Stored::Secret(&stored))) {
        Observed::Known(Presence::Present(application)) => application,
        other => panic!("{other:?}"),
    }
}

fn with(field: &str, value: Value) -> Application {
    let mut object = object();
    object[field] = value;
    read(object)
}

#[test]
fn what_microsoft_did_is_told_by_its_word() {
    for (word, expected, disabled) in [
        (json!(null), Some(ByMicrosoft::NotDisabled), Some(false)),
        (
            json!("NotDisabled"),
            Some(ByMicrosoft::NotDisabled),
            Some(false),
        ),
        (
            json!("DisabledDueToViolationOfServicesAgreement"),
            Some(ByMicrosoft::ServicesAgreementViolated),
            Some(true),
        ),
        (
            json!("DisabledForAnotherReason"),
            Some(ByMicrosoft::Disabled),
            Some(true),
        ),
        // A word that is not known says neither.
        (json!("Suspended"), None, None),
        (json!(5), None, None),
    ] {
        let application = with("disabledByMicrosoftStatus", word.clone());
        assert_eq!(application.by_microsoft, expected, "{word}");
        assert_eq!(application.disabled.known().copied(), disabled, "{word}");
    }
}

#[test]
fn disabled_is_told_by_either_property() {
    assert_eq!(read(object()).disabled, Observed::Known(false));
    assert_eq!(
        with("isDisabled", json!(true)).disabled,
        Observed::Known(true)
    );
    assert_eq!(
        with("isDisabled", json!(false)).disabled,
        Observed::Known(false)
    );
    let by_microsoft = with(
        "disabledByMicrosoftStatus",
        json!("DisabledDueToViolationOfServicesAgreement"),
    );
    assert_eq!(by_microsoft.disabled, Observed::Known(true));
    assert!(with("isDisabled", json!("yes")).disabled.gap().is_some());
    let mut neither = object();
    neither
        .as_object_mut()
        .expect("an object")
        .remove("disabledByMicrosoftStatus");
    assert!(read(neither).disabled.gap().is_some());
}

#[test]
fn an_odd_field_is_unknown_and_the_rest_stays_known() {
    for odd in [json!(7), json!(null), json!({}), json!([7])] {
        let application = with("passwordCredentials", odd);
        assert!(
            application
                .credentials
                .gap()
                .is_some_and(|gap| gap.kind == GapKind::Malformed)
        );
        assert!(application.audience.known().is_some());
    }
    let credentials = with(
        "passwordCredentials",
        json!([{"keyId": "k1", "hint": null, "endDateTime": "soon"}]),
    )
    .credentials;
    let secret = &credentials.known().expect("credentials")[0];
    assert_eq!(secret.key_id, "k1", "an unknown end stands first");
    assert!(secret.end.gap().is_some());
    assert!(secret.matches_stored.gap().is_some());
    assert!(
        with("web", json!({"redirectUris": [null]}))
            .redirects
            .gap()
            .is_some()
    );
    assert!(with("signInAudience", json!(null)).audience.gap().is_some());
}

#[test]
fn a_hint_needs_a_stored_value() {
    let behind = Gap::new(GapKind::NotReached, "the vault entry holds no usable value");
    let raw = Observed::Known(Presence::Present(object()));
    let Observed::Known(Presence::Present(application)) = application(&raw, "it", Err(&behind))
    else {
        panic!("an application");
    };
    let credentials = application.credentials.known().expect("credentials");
    assert_eq!(credentials[0].matches_stored, Observed::Unknown(behind));
}

#[test]
fn an_owner_without_id_cuts_the_list_short() {
    let rows = vec![
        json!({"id": "b", "mail": "bea@x.example"}),
        json!({"id": "a", "mail": null}),
        json!({"id": "c", "mail": "x@y.example\r\nBcc: thief@x.example"}),
    ];
    let owners = owners("owners", Listing::complete(rows));
    let told: Vec<_> = owners
        .items
        .iter()
        .map(|one| (one.id.as_str(), one.mail.as_deref()))
        .collect();
    assert_eq!(
        told,
        [("a", None), ("b", Some("bea@x.example")), ("c", None)]
    );
    assert_eq!(owners.gap, None);
    let owners = super::map::owners(
        "owners",
        Listing::complete(vec![json!({"id": "b"}), json!({})]),
    );
    assert!(owners.gap.is_some());
}

/// What is known of the stored certificate, of `b"der"`, against one `keyCredential`.
fn certificate_against(key_credential: &Value) -> Application {
    let mut object = object();
    object["keyCredentials"] = json!([key_credential]);
    let facts = CertificateFacts {
        // SHA-1 and SHA-256 of the three bytes `der`.
        thumbprint: "7D44C33CF9A82AB9BD5300D266784504E9772177".to_owned(),
        thumbprint_sha256: "5050D80D22ECD471EA55DF7034042C1E041341FF4066E7F6FF38E20B720DF8EA"
            .to_owned(),
        subject: "CN=raia".to_owned(),
        not_before: chrono::DateTime::UNIX_EPOCH,
        not_after: chrono::DateTime::UNIX_EPOCH,
        key_type: "RSA".to_owned(),
        key_bits: Some(2048),
        signature_hash: "SHA-256".to_owned(),
    };
    let raw = Observed::Known(Presence::Present(object));
    match application(&raw, "it", Ok(Stored::Certificate(&facts))) {
        Observed::Known(Presence::Present(application)) => application,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_stored_certificate_is_told_by_its_public_part_or_its_thumbprint() {
    let matched = |more: Value| {
        let mut credential = json!({"keyId": "c1", "endDateTime": "2299-12-31T00:00:00Z"});
        for (name, value) in more.as_object().expect("an object") {
            credential[name] = value.clone();
        }
        let application = certificate_against(&credential);
        let credentials = application.credentials.known().expect("credentials");
        assert_eq!(
            credentials[0].matches_stored,
            Observed::Known(false),
            "a secret is no certificate"
        );
        credentials[1].matches_stored.clone()
    };
    assert_eq!(
        matched(json!({"customKeyIdentifier": "Z/CmybipmUvY2dTIpqGg4bPh8aE="})),
        Observed::Known(false)
    );
    for identifier in [
        "fUTDPPmoKrm9UwDSZnhFBOl3IXc=",
        "7d44c33cf9a82ab9bd5300d266784504e9772177",
    ] {
        assert_eq!(
            matched(json!({"customKeyIdentifier": identifier})),
            Observed::Known(true)
        );
        // The public part outweighs an identifier, which anybody may have chosen.
        assert_eq!(
            matched(json!({"customKeyIdentifier": identifier, "key": "b3RoZXI="})),
            Observed::Known(false)
        );
    }
    assert_eq!(
        matched(json!({"customKeyIdentifier": null, "key": "ZGVy"})),
        Observed::Known(true)
    );
    for odd in [
        json!({}),
        json!({"customKeyIdentifier": null}),
        json!({"customKeyIdentifier": "bXkga2V5", "key": ""}),
        json!({"customKeyIdentifier": "no base64"}),
    ] {
        let gap = matched(odd);
        assert!(gap.gap().is_some_and(|gap| gap.kind == GapKind::Malformed));
    }
}

#[test]
fn a_certificate_is_no_stored_secret() {
    let application = read(object());
    let credentials = application.credentials.known().expect("credentials");
    assert_eq!(credentials[1].key_id, "c1");
    assert_eq!(credentials[1].matches_stored, Observed::Known(false));
}
