//! The audited credential's token and the auditor's own sign-in.

use serde_json::json;

use super::cloud::{Cloud, Reply};
use super::tenant::{CLIENT, TENANT, estate, tidy};
use crate::collect::{AuditorVariables, collect};
use crate::estate::{Auditor, Identity};
use crate::evidence::{Snapshot, TokenAnswer};
use crate::model::{Gap, GapKind, Observed};

/// The run in which the audited client's token request is answered like this.
async fn answered(status: u16, body: &'static str) -> Snapshot {
    let cloud = Cloud::start(move |call| {
        if call.body.contains(&format!("client_id={CLIENT}")) {
            return Reply {
                status,
                headers: vec![
                    ("content-type", "application/json".into()),
                    ("retry-after", "0".into()),
                ],
                body: body.as_bytes().to_vec(),
            };
        }
        tidy(call)
    })
    .await;
    collect(&estate(), None, &cloud.options()).await
}

async fn gap(status: u16, body: &'static str) -> Gap {
    let snapshot = answered(status, body).await;
    let raia = &snapshot.registrations["raia"];
    let whoami = raia.dataverse.as_ref().and_then(|proof| proof.whoami.gap());
    assert_eq!(whoami.map(|gap| gap.kind), Some(GapKind::NotReached));
    raia.tokens[0].answer.gap().cloned().expect("a gap")
}

#[tokio::test]
async fn what_says_nothing_of_the_credential_is_a_gap() {
    let blocked = gap(400, r#"{"error":"invalid_grant","error_codes":[53003]}"#).await;
    assert_eq!(blocked.kind, GapKind::Unrecognised);
    assert!(blocked.seen.contains("AADSTS53003"), "{blocked}");
    assert!(blocked.remedy.is_some());
    let mixed = gap(401, r#"{"error_codes":[7000215,53003]}"#).await;
    assert!(mixed.seen.contains("AADSTS53003"), "{mixed}");
    assert_eq!(
        gap(400, r#"{"error_codes":[90055]}"#).await.kind,
        GapKind::Throttled
    );
    let unknown = gap(400, r#"{"error_codes":[12345]}"#).await;
    assert_eq!(unknown.kind, GapKind::Unrecognised);
    assert!(unknown.seen.contains("AADSTS12345"), "{unknown}");
    assert_eq!(
        gap(403, "<html>canary</html>").await.kind,
        GapKind::Malformed
    );
    assert_eq!(gap(429, "Too Many Requests").await.kind, GapKind::Throttled);
    assert_eq!(
        gap(200, "<html>canary</html>").await.kind,
        GapKind::Malformed
    );
    assert_eq!(
        gap(500, r#"{"error_codes":[7000215]}"#).await.kind,
        GapKind::Unreachable
    );
}

#[tokio::test]
async fn a_refusal_that_names_its_cause_is_known() {
    for (number, body) in [
        ("7000215", r#"{"error_codes":[7000215]}"#),
        (
            "7000229",
            r#"{"error_description":"AADSTS7000229: no principal\r\nTrace ID: x"}"#,
        ),
        ("500011", r#"{"error_codes":[500011]}"#),
        ("90002", r#"{"error_codes":[90002]}"#),
        (
            "9999999",
            r#"{"error":"invalid_client","error_codes":[9999999]}"#,
        ),
        (
            "1000502",
            r#"{"error":"invalid_client","error_codes":[1000502]}"#,
        ),
    ] {
        let snapshot = answered(400, body).await;
        let Observed::Known(TokenAnswer::Refused { seen, .. }) =
            &snapshot.registrations["raia"].tokens[0].answer
        else {
            panic!("{number}: {:?}", snapshot.registrations["raia"].tokens);
        };
        assert_eq!(seen.code, Some(format!("AADSTS{number}")));
    }
}

#[tokio::test]
async fn each_link_of_the_chain_says_what_it_answered() {
    let cloud = Cloud::start(tidy).await;
    let mut estate = estate();
    estate.auditor = Auditor {
        identity: Identity::Auto,
        ..Auditor::default()
    };
    let mut options = cloud.options();
    options.environment = AuditorVariables::default();
    let snapshot = collect(&estate, None, &options).await;
    let auditor = &snapshot.auditors["contoso"];
    assert_eq!(
        auditor.links,
        [
            "environment: AZURE_CLIENT_ID is not set",
            "workload identity: AZURE_FEDERATED_TOKEN_FILE is not set",
            "managed identity: not asked in a demo",
            "Azure CLI: not asked in a demo",
        ]
    );
    assert_eq!(
        auditor.signed_in.gap().map(|gap| gap.kind),
        Some(GapKind::Denied)
    );
}

#[tokio::test]
async fn a_workload_signs_in_with_its_file_and_the_estates_tenant() {
    let cloud = Cloud::start(|call| {
        if call.body.contains("client_assertion=canary-assertion") {
            assert!(call.path.starts_with(&format!("/{TENANT}/")));
            return Reply::json(
                200,
                &json!({"token_type": "Bearer", "expires_in": 3599, "access_token": "opaque"}),
            );
        }
        tidy(call)
    })
    .await;
    let mut estate = estate();
    estate.auditor.identity = Identity::WorkloadIdentity;
    let file = tempfile::NamedTempFile::new().expect("a file");
    #[expect(clippy::disallowed_methods, reason = "a test's fixture")]
    std::fs::write(file.path(), "canary-assertion").expect("written");
    let mut options = cloud.options();
    options.environment = AuditorVariables {
        tenant_id: Some("another-tenant".into()),
        client_id: Some(super::tenant::AUDITOR.into()),
        federated_token_file: Some(file.path().to_owned()),
        ..AuditorVariables::default()
    };
    let snapshot = collect(&estate, None, &options).await;
    let auditor = &snapshot.auditors["contoso"];
    let identity = auditor.signed_in.known().expect("signed in");
    assert_eq!(
        (identity.link.as_str(), &identity.client_id),
        ("workload-identity", &None)
    );
    assert_eq!(
        auditor.links,
        [format!(
            "workload identity: signed in (signs in to the estate's tenant {TENANT} instead of AZURE_TENANT_ID another-tenant)"
        )]
    );
    assert!(
        snapshot.registrations["raia"].tokens[0]
            .answer
            .known()
            .is_some()
    );
}

/// What the links of an `auto` chain say with these variables, and the gap where nobody signed in.
async fn auto(variables: AuditorVariables) -> (Vec<String>, Option<Gap>) {
    let cloud = Cloud::start(tidy).await;
    let mut estate = estate();
    estate.auditor.identity = Identity::Auto;
    let mut options = cloud.options();
    options.environment = variables;
    let snapshot = collect(&estate, None, &options).await;
    let auditor = &snapshot.auditors["contoso"];
    (auditor.links.clone(), auditor.signed_in.gap().cloned())
}

#[tokio::test]
async fn auto_takes_the_environment_first_and_nobody_else_where_it_is_refused() {
    let set = |secret: &str| AuditorVariables {
        client_id: Some(super::tenant::AUDITOR.into()),
        client_secret: Some(secret.to_owned().into()),
        ..AuditorVariables::default()
    };
    let (links, gap) = auto(set("canary-auditor-secret")).await;
    assert_eq!(
        (links, gap),
        (vec!["environment: signed in".to_owned()], None)
    );
    let (links, gap) = auto(set("canary-wrong")).await;
    assert_eq!(links.len(), 1, "{links:?}");
    let gap = gap.expect("refused");
    assert_eq!(gap.kind, GapKind::Denied);
    let words = "no other identity is tried since AZURE_CLIENT_SECRET is set";
    assert!(gap.seen.contains(words), "{gap}");
}

#[tokio::test]
async fn a_promised_identity_that_is_not_there_is_named_and_no_other_is_tried() {
    let none = AuditorVariables::default;
    for (variables, name, promise) in [
        (
            AuditorVariables {
                client_secret: Some("canary-secret".to_owned().into()),
                ..none()
            },
            "environment",
            "AZURE_CLIENT_SECRET is set",
        ),
        (
            AuditorVariables {
                client_id: Some(CLIENT.into()),
                federated_token_file: Some("/nonexistent/token".into()),
                ..none()
            },
            "workload identity",
            "AZURE_FEDERATED_TOKEN_FILE is set",
        ),
        (
            AuditorVariables {
                identity_endpoint: Some("http://evil.example/msi".into()),
                ..none()
            },
            "managed identity",
            "IDENTITY_ENDPOINT is set",
        ),
        (
            AuditorVariables {
                client_id: Some(CLIENT.into()),
                ..none()
            },
            "managed identity",
            "AZURE_CLIENT_ID is set",
        ),
    ] {
        let (links, gap) = auto(variables).await;
        assert!(
            links.iter().all(|link| !link.starts_with("Azure CLI")),
            "{links:?}"
        );
        let last = links.last().expect("a link");
        assert!(last.starts_with(name), "{links:?}");
        let gap = gap.expect("nobody signed in");
        assert!(gap.seen.contains(promise), "{gap}");
        assert!(gap.remedy.is_some_and(|remedy| remedy.contains(promise)));
    }
}
