//! Each recorded answer of the real services, mapped to its verdict.

use serde_json::Value;
use zeroize::Zeroizing;

use crate::collect::credential::Stored;
use crate::collect::http::{Answer, vault_code};
use crate::collect::pages::Place;
use crate::collect::{dataverse, entra, graph, keyvault};
use crate::evidence::{
    CredentialKind, ReadAnswer, ReadRefusal, TableName, TokenAnswer, UserRefusal, WhoAmI,
};
use crate::model::grant::Identity;
use crate::model::{GapKind, Observed, Presence};

fn recording(name: &str) -> Answer {
    let path = format!(
        "{}/tests/fixtures/recordings/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    #[expect(clippy::disallowed_methods, reason = "a test's fixture")]
    let text = std::fs::read_to_string(path).expect("a fixture");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let header = |name: &str| {
        value["headers"]
            .as_object()
            .expect("headers")
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .and_then(|(_, value)| value.as_str())
    };
    Answer {
        status: u16::try_from(value["status"].as_u64().expect("a status")).expect("a status"),
        content_type: header("content-type")
            .map_or("application/json", |text| {
                text.split(';').next().unwrap_or_default()
            })
            .to_owned(),
        retry_after: None,
        challenge: header("www-authenticate").map(str::to_owned),
        of_finops: header("ms-dyn-aid").is_some(),
        body: Zeroizing::new(
            value["body_raw"]
                .as_str()
                .expect("a body")
                .as_bytes()
                .to_vec(),
        ),
        at: "2026-11-21T06:00:00Z".parse().expect("a date"),
    }
}

#[test]
fn an_expired_secret_is_a_refusal_in_both_its_forms() {
    for name in [
        "entra-401-7000222-expired-2019-crlf",
        "entra-401-7000222-expired-2025",
    ] {
        let mut answer = recording(name);
        for listed in [true, false] {
            if !listed {
                let text = String::from_utf8(answer.body.to_vec()).expect("text");
                answer.body = Zeroizing::new(text.replace("error_codes", "other").into_bytes());
            }
            let granted = entra::map::granted("the token request", &answer);
            let Observed::Known(TokenAnswer::Refused { seen, .. }) = &granted.answer else {
                panic!("{name}: {granted:?}");
            };
            assert_eq!(
                (seen.status, seen.code.as_deref()),
                (401, Some("AADSTS7000222"))
            );
            assert!(granted.token.is_none());
        }
    }
}

#[test]
fn an_opaque_token_is_issued_with_unknown_claims() {
    let granted = entra::map::granted("the token request", &recording("entra-token-200"));
    let Observed::Known(TokenAnswer::Issued { claims, .. }) = &granted.answer else {
        panic!("{granted:?}");
    };
    assert_eq!(
        claims.gap().map(|gap| gap.kind),
        Some(GapKind::Unrecognised)
    );
    assert!(granted.token.is_some());
}

#[test]
fn an_openid_configuration_is_no_token() {
    let granted = entra::map::granted(
        "the token request",
        &recording("entra-openid-configuration"),
    );
    assert_eq!(
        granted.answer.gap().map(|gap| gap.kind),
        Some(GapKind::Malformed)
    );
}

const PLACE: Place<'static> = Place {
    host: "contoso.api.crm4.dynamics.com",
    also: None,
};

fn contact() -> TableName {
    TableName {
        logical_name: "contact".into(),
        set_name: "contacts".into(),
        primary_id: "contactid".into(),
        privileges: Observed::Known(Vec::new()),
    }
}

#[test]
fn a_missing_privilege_refuses_and_a_stranger_is_no_user() {
    let missing = dataverse::map::read(
        "a read",
        &recording("dataverse-403-missing-privilege"),
        &contact(),
        PLACE,
    );
    assert!(matches!(
        missing,
        Observed::Known(ReadAnswer::Refused {
            why: ReadRefusal::Privilege,
            ..
        })
    ));
    let stranger = recording("dataverse-403-not-application-user");
    assert!(matches!(
        dataverse::map::whoami("WhoAmI", &stranger),
        Observed::Known(WhoAmI::Refused {
            why: UserRefusal::NotAMember,
            ..
        })
    ));
    assert!(matches!(
        dataverse::map::read("a read", &stranger, &contact(), PLACE),
        Observed::Known(ReadAnswer::Refused {
            why: ReadRefusal::NotAUser,
            ..
        })
    ));
    assert_eq!(
        dataverse::map::whoami("WhoAmI", &recording("dataverse-403-missing-privilege"))
            .gap()
            .map(|gap| gap.kind),
        Some(GapKind::Unrecognised)
    );
}

#[test]
fn a_vault_without_role_names_the_grant() {
    let answer = recording("kv-403-rbac-getsecret");
    let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let error = keyvault::error::VaultError::Answered {
        status: answer.status,
        code: vault_code(&body),
        length: answer.body.len(),
    };
    let gap = keyvault::grants::refused(
        "the read of secret a in kv",
        "kv.vault.azure.net",
        &Identity {
            name: "the auditor".to_owned(),
            to: None,
        },
        keyvault::grants::Right::ReadValue,
        &error,
    );
    assert_eq!(gap.kind, GapKind::Denied);
    assert_eq!(
        gap.remedy.as_deref(),
        Some("grant Key Vault Secrets User on kv to the auditor")
    );
    assert!(gap.seen.contains("403 ForbiddenByRbac"), "{gap}");
    assert!(!gap.seen.contains("someakv"), "no body is quoted: {gap}");
}

#[test]
fn a_recorded_application_is_read_field_by_field() {
    let answer = recording("graph-applications-with-passwordCredentials");
    let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let raw = Observed::Known(Presence::Present(body["value"][0].clone()));
    let stored = secrecy::SecretString::from("yXoRestOfTheSecret");
    let Observed::Known(Presence::Present(application)) =
        graph::map::application(&raw, "it", Ok(Stored::Secret(&stored)))
    else {
        panic!("no application");
    };
    assert_eq!(application.disabled, Observed::Known(false));
    assert_eq!(
        application.audience.known().map(String::as_str),
        Some("AzureADandPersonalMicrosoftAccount")
    );
    let credentials = application.credentials.known().expect("credentials");
    assert_eq!(
        (credentials.len(), credentials[0].kind),
        (1, CredentialKind::Secret)
    );
    assert_eq!(credentials[0].matches_stored, Observed::Known(true));
    assert_eq!(application.redirects, Observed::Known(Vec::new()));
}

#[test]
fn the_challenge_is_named_by_its_marker() {
    let answer = recording("kv-401-challenge-2025");
    let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert_eq!(vault_code(&body).as_deref(), Some("AKV10000"));
    assert!(
        answer
            .challenge
            .is_some_and(|text| text.contains("https://vault.azure.net"))
    );
}
