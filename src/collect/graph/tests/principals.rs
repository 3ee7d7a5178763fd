//! Service principals: whose they are, what signs in as them and how they sign.

use secrecy::SecretString;
use serde_json::{Value, json};

use crate::collect::credential::Stored;
use crate::collect::graph::principal::service_principal;
use crate::evidence::{ByMicrosoft, CredentialKind, PrincipalKind, SamlSigning, ServicePrincipal};
use crate::model::{GapKind, Observed, Presence};

const TENANT: &str = "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001";
const MICROSOFT: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

fn object() -> Value {
    json!({"id": "sp-1", "accountEnabled": true, "servicePrincipalType": "Application",
        "appOwnerOrganizationId": TENANT, "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
        "passwordCredentials": [{"keyId": "p1", "hint": "abc", "endDateTime": "2027-01-01T00:00:00Z"}],
        "keyCredentials": [{"keyId": "c1", "endDateTime": "2027-01-01T00:00:00Z", "key": null,
            "type": "AsymmetricX509Cert", "usage": "Verify"}],
        "preferredSingleSignOnMode": null, "preferredTokenSigningKeyThumbprint": null,
        "notificationEmailAddresses": []})
}

fn with(fields: &[(&str, Value)]) -> ServicePrincipal {
    let mut object = object();
    for (name, value) in fields {
        object[name] = value.clone();
    }
    let raw = Observed::Known(Presence::Present(object));
    let stored = SecretString::from("abcdef");
    match service_principal(&raw, "it", TENANT, Ok(Stored::Secret(&stored))) {
        Observed::Known(Presence::Present(principal)) => principal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_microsoft_did_to_a_principal_is_told_by_its_word() {
    let told = |word: Value| {
        let principal = with(&[("disabledByMicrosoftStatus", word)]);
        (principal.by_microsoft, principal.enabled.known().copied())
    };
    let on = Some(true);
    assert_eq!(told(json!(null)), (Some(ByMicrosoft::NotDisabled), on));
    assert_eq!(
        told(json!("DisabledDueToViolationOfServicesAgreement")),
        (Some(ByMicrosoft::ServicesAgreementViolated), on)
    );
    assert_eq!(
        told(json!("DisabledForAnotherReason")),
        (Some(ByMicrosoft::Disabled), on)
    );
    // A word that is not known says neither.
    assert_eq!(told(json!("Suspended")), (None, None));
    assert_eq!(told(json!(5)), (None, None));
    // Not told: what the account says counts.
    let silent = with(&[]);
    assert_eq!(
        (silent.by_microsoft, silent.enabled),
        (None, Observed::Known(true))
    );
    // Switched off is switched off, whatever the word.
    let off = with(&[
        ("accountEnabled", json!(false)),
        ("disabledByMicrosoftStatus", json!("Suspended")),
    ]);
    assert_eq!(off.enabled, Observed::Known(false));
}

#[test]
fn a_principal_says_whose_it_is() {
    let kind = |fields: &[(&str, Value)]| with(fields).kind;
    assert_eq!(kind(&[]), Observed::Known(PrincipalKind::Own));
    let of = |tenant: &str| kind(&[("appOwnerOrganizationId", json!(tenant))]);
    assert_eq!(
        of(&TENANT.to_uppercase()),
        Observed::Known(PrincipalKind::Own)
    );
    assert_eq!(of(MICROSOFT), Observed::Known(PrincipalKind::Microsoft));
    assert_eq!(
        of("72F988BF-86F1-41AF-91AB-2D7CD011DB47"),
        Observed::Known(PrincipalKind::Microsoft)
    );
    assert_eq!(
        of("11111111-0000-4000-8000-000000000001"),
        Observed::Known(PrincipalKind::Foreign)
    );
    let of_type = |kind_of: Value| {
        kind(&[
            ("servicePrincipalType", kind_of),
            ("appOwnerOrganizationId", json!(null)),
        ])
    };
    assert_eq!(
        of_type(json!("ManagedIdentity")),
        Observed::Known(PrincipalKind::ManagedIdentity)
    );
    assert_eq!(
        of_type(json!("Legacy")),
        Observed::Known(PrincipalKind::Legacy)
    );
    assert_eq!(
        of_type(json!("SocialIdp")),
        Observed::Known(PrincipalKind::Other)
    );
    let proxy = json!([
        "WindowsAzureActiveDirectoryIntegratedApp",
        "WindowsAzureActiveDirectoryOnPremApp"
    ]);
    assert_eq!(
        kind(&[("tags", proxy)]),
        Observed::Known(PrincipalKind::AppProxy)
    );
}

#[test]
fn whose_it_is_stays_unknown_where_the_deciding_property_is_odd() {
    for (field, odd) in [
        ("servicePrincipalType", json!(null)),
        ("servicePrincipalType", json!(1)),
        ("appOwnerOrganizationId", json!(null)),
        ("appOwnerOrganizationId", json!("contoso")),
        ("tags", json!(null)),
        ("tags", json!("WindowsAzureActiveDirectoryOnPremApp")),
    ] {
        let principal = with(&[(field, odd)]);
        let gap = principal.kind.gap().expect(field);
        assert_eq!(gap.kind, GapKind::Malformed);
        assert!(gap.seen.contains(field), "{gap}");
        assert_eq!(
            principal.enabled,
            Observed::Known(true),
            "the rest stays known"
        );
    }
    assert!(
        with(&[("accountEnabled", json!("no"))])
            .enabled
            .gap()
            .is_some()
    );
    let absent = Observed::Known(Presence::Absent);
    let stored = SecretString::from("abcdef");
    assert_eq!(
        service_principal(&absent, "it", TENANT, Ok(Stored::Secret(&stored))),
        Observed::Known(Presence::Absent)
    );
}

#[test]
fn its_own_credentials_are_compared_with_the_stored_one() {
    let principal = with(&[]);
    let credentials = principal.credentials.known().expect("credentials");
    let told: Vec<_> = credentials
        .iter()
        .map(|one| (one.kind, one.matches_stored.known().copied()))
        .collect();
    assert_eq!(
        told,
        [
            (CredentialKind::Certificate, Some(false)),
            (CredentialKind::Secret, Some(true))
        ]
    );
    let odd = with(&[("keyCredentials", json!(null))]);
    assert!(odd.credentials.gap().is_some());
}

#[test]
fn saml_signing_is_told_where_it_is_used() {
    assert_eq!(with(&[]).saml, Observed::Known(None));
    let other = with(&[("preferredSingleSignOnMode", json!("oidc"))]);
    assert_eq!(other.saml, Observed::Known(None));
    let mode = ("preferredSingleSignOnMode", json!("saml"));
    let print = |value: Value| ("preferredTokenSigningKeyThumbprint", value);
    let signing = with(&[
        mode.clone(),
        print(json!("ac09fef18dde6983ee2a164fba3c4dd7518bd787")),
        (
            "notificationEmailAddresses",
            json!(["b@contoso.example", "a@contoso.example"]),
        ),
    ]);
    assert_eq!(
        signing.saml,
        Observed::Known(Some(SamlSigning {
            active_thumbprint: Some("AC09FEF18DDE6983EE2A164FBA3C4DD7518BD787".to_owned()),
            notified: vec![
                "a@contoso.example".to_owned(),
                "b@contoso.example".to_owned()
            ],
        }))
    );
    let none = with(&[mode.clone(), print(json!(null))]);
    assert!(none.saml.known().is_some_and(|saml| {
        saml.as_ref()
            .is_some_and(|saml| saml.active_thumbprint.is_none())
    }));
    for odd in [
        vec![("preferredSingleSignOnMode", json!(7))],
        vec![mode.clone(), print(json!("no thumbprint"))],
        vec![mode, ("notificationEmailAddresses", json!([null]))],
    ] {
        assert_eq!(
            with(&odd).saml.gap().map(|gap| gap.kind),
            Some(GapKind::Malformed)
        );
    }
}
