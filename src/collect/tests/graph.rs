//! What hangs on a registration in Graph, by batch and by list, and what stays unknown where one
//! permission is missing.

use serde_json::{Value, json};

use super::cloud::{Call, Cloud, Reply};
use super::directory::{batch, is_batch, is_list, many, page};
use super::tenant::{ERP, RESOURCE_ID, ROLE, estate, object, tidy};
use crate::collect::collect;
use crate::evidence::{
    Application, PrincipalKind, RegistrationEvidence, ServicePrincipal, Snapshot,
};
use crate::model::{Gap, GapKind, Observed, Presence};

fn application(evidence: &RegistrationEvidence) -> &Application {
    match &evidence.application {
        Observed::Known(Presence::Present(application)) => application,
        other => panic!("{other:?}"),
    }
}

fn principal(evidence: &RegistrationEvidence) -> &ServicePrincipal {
    match &evidence.service_principal {
        Observed::Known(Presence::Present(principal)) => principal,
        other => panic!("{other:?}"),
    }
}

fn is_whole(evidence: &RegistrationEvidence) {
    let federated = application(evidence).federated.whole().expect("federated");
    assert_eq!(federated.len(), 1);
    assert_eq!(
        federated[0].subject,
        "repo:contoso/sync:ref:refs/heads/main"
    );
    let principal = principal(evidence);
    assert_eq!(principal.kind, Observed::Known(PrincipalKind::Own));
    assert_eq!(principal.saml, Observed::Known(None));
    let granted: Vec<_> = principal
        .granted
        .whole()
        .expect("granted")
        .iter()
        .map(|role| {
            (
                role.resource.as_str(),
                role.role.known().map(String::as_str),
            )
        })
        .collect();
    assert_eq!(
        granted,
        [
            ("Dynamics ERP", Some("Connector.FullAccess")),
            ("Portal", Some("default access"))
        ]
    );
}

/// Each url that was asked as a part of a batch.
fn parts(cloud: &Cloud) -> Vec<String> {
    let bodies = cloud.calls().into_iter().filter(is_batch).map(|call| {
        let body: Value = serde_json::from_str(&call.body).expect("a batch");
        body["requests"].as_array().expect("requests").clone()
    });
    bodies
        .flatten()
        .map(|part| part["url"].as_str().expect("a url").to_owned())
        .collect()
}

/// The run in which these parts are answered otherwise.
pub(super) async fn run(
    answer: impl Fn(&str) -> Option<Value> + Send + Sync + 'static,
) -> Snapshot {
    let cloud = Cloud::start(move |call: &Call| {
        if !is_batch(call) {
            return tidy(call);
        }
        batch(call, |url| {
            Some(answer(url).unwrap_or_else(|| json!({"status": 200, "body": object(url)})))
        })
    })
    .await;
    collect(&estate(), None, &cloud.options()).await
}

fn refused() -> Value {
    json!({"status": 403, "body": {"error": {"code": "Authorization_RequestDenied", "message": "no"}}})
}

fn names(gap: Option<&Gap>, permission: &str) {
    let gap = gap.expect(permission);
    assert_eq!(gap.kind, GapKind::Denied, "{gap}");
    let missing = gap.missing.as_ref().expect("a grant");
    assert_eq!(
        missing.role,
        format!("Microsoft Graph application permission {permission} with admin consent")
    );
}

#[tokio::test]
async fn few_clients_are_known_whole_and_each_resource_is_asked_once() {
    let cloud = Cloud::start(tidy).await;
    let mut estate = estate();
    let mut second = estate.registrations[0].clone();
    second.name = "second".to_owned();
    second.client_id =
        crate::estate::ClientId::Literal("5b7a2f0e-2d35-4a55-8a64-0d3a51c60002".to_owned());
    second.prove = crate::estate::Prove::Never;
    estate.registrations.push(second);
    let snapshot = collect(&estate, None, &cloud.options()).await;
    for evidence in snapshot.registrations.values() {
        is_whole(evidence);
    }
    let parts = parts(&cloud);
    let count = |text: &str| parts.iter().filter(|part| part.contains(text)).count();
    assert_eq!(count(ERP), 1);
    assert_eq!(
        count("99999999-0000-4000-8000-000000000002"),
        0,
        "nothing to name"
    );
    assert_eq!(count("/policies/"), 3);
    assert_eq!(
        count("/appRoleAssignments"),
        3,
        "two registrations and the auditor"
    );
    assert!(
        parts
            .iter()
            .all(|part| !part.contains("isDisabled") || part.contains("createdDateTime"))
    );
}

#[tokio::test]
async fn many_clients_are_known_as_far() {
    let cloud = Cloud::start(|call| {
        if is_list(call) {
            return page(call, 60);
        }
        tidy(call)
    })
    .await;
    let snapshot = collect(&many(60), None, &cloud.options()).await;
    for evidence in snapshot.registrations.values() {
        is_whole(evidence);
    }
    let parts = parts(&cloud);
    let count = |text: &str| parts.iter().filter(|part| part.contains(text)).count();
    assert_eq!(count("/federatedIdentityCredentials"), 60);
    assert_eq!(count("/appRoleAssignments"), 60);
    assert_eq!(count(ERP), 1);
}

#[tokio::test]
async fn the_tenant_s_rules_are_read_with_whom_they_are_for() {
    let cloud = Cloud::start(tidy).await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let rules = snapshot.directories["contoso"]
        .app_management
        .known()
        .expect("rules");
    assert!(rules.default.enabled);
    assert_eq!(rules.default.restrictions.len(), 1);
    assert_eq!(rules.default.restrictions[0].max_days, Some(180));
    let custom = rules.custom.whole().expect("custom");
    assert_eq!(custom[0].name, "Legacy apps");
    assert_eq!(custom[0].applies_to.whole(), Ok(&["app-1".to_owned()][..]));
    let text = serde_json::to_string(&snapshot).expect("a snapshot");
    assert!(!text.contains("canary"));
}

#[tokio::test]
async fn each_refused_permission_leaves_its_own_gap() {
    let raia = |snapshot: &Snapshot| snapshot.registrations["raia"].clone();
    let snapshot = run(|url| url.contains("/federatedIdentity").then(refused)).await;
    names(
        application(&raia(&snapshot)).federated.gap.as_ref(),
        "Application.Read.All",
    );
    assert!(principal(&raia(&snapshot)).granted.gap.is_none());
    let snapshot = run(|url| url.contains("/appRoleAssignments").then(refused)).await;
    names(
        principal(&raia(&snapshot)).granted.gap.as_ref(),
        "Application.Read.All",
    );
    assert!(application(&raia(&snapshot)).federated.gap.is_none());
    let snapshot = run(|url| (url.contains(ERP) || url.contains(RESOURCE_ID)).then(refused)).await;
    let granted = principal(&raia(&snapshot)).granted.clone();
    assert_eq!(granted.gap, None);
    assert_eq!(
        (granted.items.len(), granted.items[0].role_id.as_str()),
        (2, ROLE)
    );
    names(granted.items[0].role.gap(), "Application.Read.All");
    let snapshot = run(|url| url.contains("/defaultAppManagementPolicy").then(refused)).await;
    let rules = &snapshot.directories["contoso"].app_management;
    names(rules.gap(), "Policy.Read.ApplicationConfiguration");
    let snapshot = run(|url| url.ends_with("/appManagementPolicies").then(refused)).await;
    let rules = snapshot.directories["contoso"]
        .app_management
        .known()
        .expect("the default");
    names(
        rules.custom.gap.as_ref(),
        "Policy.Read.ApplicationConfiguration",
    );
    let snapshot = run(|url| url.contains("/appliesTo").then(refused)).await;
    let rules = snapshot.directories["contoso"]
        .app_management
        .known()
        .expect("the default");
    names(
        rules.custom.items[0].applies_to.gap.as_ref(),
        "Policy.Read.All",
    );
}

#[tokio::test]
async fn what_hangs_on_nothing_is_not_reached() {
    let snapshot = run(|url| {
        let not_found =
            json!({"status": 404, "body": {"error": {"code": "Request_ResourceNotFound", "message": "no"}}});
        (!url.starts_with("/policies")).then_some(not_found)
    })
    .await;
    let raia = &snapshot.registrations["raia"];
    assert_eq!(raia.application, Observed::Known(Presence::Absent));
    assert_eq!(raia.service_principal, Observed::Known(Presence::Absent));
    assert_eq!(
        raia.owners.gap.as_ref().map(|gap| gap.kind),
        Some(GapKind::NotReached)
    );
}

#[tokio::test]
async fn further_pages_of_permissions_are_read_and_odd_rows_cut_them_short() {
    let cloud = Cloud::start(|call| {
        if call.path == "/v1.0/more" {
            let row = json!({"appRoleId": ROLE, "resourceId": null, "resourceDisplayName": "Odd"});
            let context = "https://graph.microsoft.com/v1.0/$metadata#appRoleAssignments";
            return Reply::json(200, &json!({ "@odata.context": context, "value": [row] }));
        }
        if !is_batch(call) {
            return tidy(call);
        }
        batch(call, |url| {
            let mut body = object(url);
            if url.contains("/appRoleAssignments") {
                body["@odata.nextLink"] =
                    json!("https://graph.microsoft.com/v1.0/more?$skiptoken=x");
            }
            Some(json!({"status": 200, "body": body}))
        })
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let granted = &principal(&snapshot.registrations["raia"]).granted;
    assert_eq!(granted.items.len(), 2);
    assert!(
        granted
            .gap
            .as_ref()
            .is_some_and(|gap| gap.seen.contains("resourceId"))
    );
}

#[tokio::test]
async fn a_principal_without_the_newer_property_is_asked_again_without_it() {
    let snapshot = run(|url| {
        let unknown =
            json!({"status": 400, "body": {"error": {"code": "Request_BadRequest", "message": "no"}}});
        (url.contains("preferredTokenSigning") || url.contains("isDisabled")).then_some(unknown)
    })
    .await;
    is_whole(&snapshot.registrations["raia"]);
}

/// The run in which v1.0 answers the list of federated credentials so, and beta like that.
async fn flexible(v1: Spoiled, beta: Value) -> Snapshot {
    let cloud = Cloud::start(move |call: &Call| {
        let list = "/federatedIdentityCredentials";
        if call.path == format!("/beta/applications/app-1{list}") {
            return Reply::json(200, &beta);
        }
        if call.path.ends_with(list) && matches!(v1, Spoiled::Batch) {
            let broken =
                r#"{"value":[{"id":"0c1d","name":"gh"{"error":{"code":"InternalServerError"}}"#;
            return Reply {
                status: 200,
                headers: vec![("content-type", "application/json".into())],
                body: broken.as_bytes().to_vec(),
            };
        }
        if call.path.starts_with("/v1.0/") && !is_batch(call) && matches!(v1, Spoiled::Batch) {
            let url = call.path.trim_start_matches("/v1.0");
            return Reply::json(200, &object(url));
        }
        if !is_batch(call) {
            return tidy(call);
        }
        let mut reply = batch(call, |url| {
            let row = json!({"status": 200, "body": object(url)});
            Some(match &v1 {
                Spoiled::Part(answer) if url.contains(list) => answer.clone(),
                _ => row,
            })
        });
        if matches!(v1, Spoiled::Batch) && call.body.contains(list) {
            let half = reply.body.len() / 2;
            reply.body.truncate(half);
        }
        reply
    })
    .await;
    collect(&estate(), None, &cloud.options()).await
}

/// Where v1.0 breaks at a flexible one.
enum Spoiled {
    Part(Value),
    Batch,
}

/// Graph v1.0 has no words for a flexible credential (azure-workload-identity#373).
#[tokio::test]
async fn flexible_federated_credentials_are_told_by_beta() {
    let expression = "claims['sub'] matches 'repo:contoso/erp:ref:refs/heads/*'";
    let row = json!({"id": "0c1d", "name": "gh", "subject": null,
        "issuer": "https://token.actions.githubusercontent.com",
        "audiences": ["api://AzureADTokenExchange"],
        "claimsMatchingExpression": {"value": expression, "languageVersion": 1}});
    let beta = json!({"value": [row]});
    let mut bare = row.clone();
    bare.as_object_mut()
        .expect("an object")
        .remove("claimsMatchingExpression");
    let error = json!({"error": {"code": "InternalServerError", "message": "no"}});
    for v1 in [
        Spoiled::Part(json!({"status": 500, "body": error})),
        Spoiled::Part(json!({"status": 200, "body": null})),
        Spoiled::Part(json!({"status": 200, "body": {"value": [bare]}})),
        Spoiled::Batch,
    ] {
        let snapshot = flexible(v1, beta.clone()).await;
        let federated = &application(&snapshot.registrations["raia"]).federated;
        let items = federated.whole().expect("read by beta");
        assert_eq!(items.len(), 1);
        assert_eq!(items[0].expression.as_deref(), Some(expression));
    }
    // Beta is not asked where the right is missing, and where it cannot tell either, both are said.
    let denied = flexible(Spoiled::Part(refused()), beta).await;
    let federated = &application(&denied.registrations["raia"]).federated;
    assert_eq!(
        federated.gap.as_ref().map(|gap| gap.kind),
        Some(GapKind::Denied)
    );
    let error = json!({"status": 500, "body": {"error": {"code": "InternalServerError"}}});
    let neither = flexible(Spoiled::Part(error), json!({"value": 5})).await;
    let federated = &application(&neither.registrations["raia"]).federated;
    let gap = federated.gap.as_ref().expect("neither");
    assert!(
        gap.seen.contains("500") && gap.seen.contains("(beta)"),
        "{gap}"
    );
}
