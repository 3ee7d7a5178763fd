//! Permissions by name: asked for, granted, consented to; and what the auditor's own token shows.

use serde_json::json;

use super::cloud::{Cloud, Reply};
use super::directory::{batch, is_batch};
use super::tenant::{ERP, estate, object, tidy};
use crate::collect::collect;
use crate::evidence::{Application, PermissionKind, ServicePrincipal, Snapshot};
use crate::model::{GapKind, Observed, Presence};

fn objects(snapshot: &Snapshot) -> (Application, ServicePrincipal) {
    let raia = &snapshot.registrations["raia"];
    match (&raia.application, &raia.service_principal) {
        (
            Observed::Known(Presence::Present(application)),
            Observed::Known(Presence::Present(principal)),
        ) => (application.clone(), principal.clone()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn permissions_come_by_name_and_each_resource_is_asked_for_once() {
    let cloud = Cloud::start(tidy).await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let (application, principal) = objects(&snapshot);
    let required: Vec<_> = application
        .required
        .known()
        .expect("readable")
        .iter()
        .map(|one| (one.kind, one.resource.known(), one.name.known()))
        .map(|(kind, resource, name)| {
            (kind, resource.map(String::as_str), name.map(String::as_str))
        })
        .collect();
    let erp = Some("Dynamics ERP");
    assert_eq!(
        required,
        [
            (
                PermissionKind::Application,
                erp,
                Some("Connector.FullAccess")
            ),
            (
                PermissionKind::Delegated,
                erp,
                Some("CustomService.FullAccess")
            ),
        ]
    );
    let consented = principal.delegated.whole().expect("readable");
    assert_eq!(consented.len(), 1);
    assert_eq!(consented[0].resource.as_deref(), erp);
    assert_eq!(consented[0].scope, "CustomService.FullAccess");
    assert!(consented[0].for_everybody);
    let granted = principal.granted.whole().expect("readable");
    assert_eq!(
        granted[0].role,
        Observed::Known("Connector.FullAccess".into())
    );
    let asked = cloud
        .calls()
        .iter()
        .filter(|call| is_batch(call))
        .map(|call| call.body.matches("oauth2PermissionScopes").count())
        .sum::<usize>();
    assert_eq!(asked, 1, "one resource, one read");
    let auditor = &snapshot.auditors["contoso"];
    assert_eq!(auditor.graph_roles, Observed::Known(Vec::new()));
}

#[tokio::test]
async fn refused_consents_name_directory_read_all_and_nothing_else_is_lost() {
    let cloud = Cloud::start(|call| {
        if !is_batch(call) {
            return tidy(call);
        }
        batch(call, |url| {
            Some(if url.contains("oauth2PermissionGrants") {
                json!({"status": 403, "body": {"error": {"code": "Authorization_RequestDenied", "message": "no"}}})
            } else {
                json!({"status": 200, "body": object(url)})
            })
        })
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let (application, principal) = objects(&snapshot);
    let gap = principal.delegated.gap.expect("refused");
    assert_eq!(gap.kind, GapKind::Denied);
    let missing = gap.missing.expect("a grant");
    assert!(
        missing.role.contains("Directory.Read.All"),
        "{}",
        missing.role
    );
    assert!(application.required.known().is_some() && principal.granted.gap.is_none());
}

#[tokio::test]
async fn rows_that_are_fewer_or_more_than_graph_counts_are_no_whole_list() {
    for (count, whole) in [
        (json!(1), true),
        (json!(null), true),
        (json!(3), false),
        (json!(0), false),
        (json!("1"), false),
    ] {
        let cloud = Cloud::start(move |call| {
            if !is_batch(call) {
                return tidy(call);
            }
            batch(call, |url| {
                let mut body = object(url);
                if url.contains("oauth2PermissionGrants") {
                    assert!(url.ends_with("?$count=true"), "{url}");
                    body["@odata.count"] = count.clone();
                }
                Some(json!({"status": 200, "body": body}))
            })
        })
        .await;
        let snapshot = collect(&estate(), None, &cloud.options()).await;
        let (_, principal) = objects(&snapshot);
        assert_eq!(principal.delegated.gap.is_none(), whole, "{principal:?}");
    }
}

#[tokio::test]
async fn the_part_itself_says_that_it_is_an_advanced_query() {
    let cloud = Cloud::start(tidy).await;
    collect(&estate(), None, &cloud.options()).await;
    let mut counted = 0;
    for call in cloud.calls().iter().filter(|call| is_batch(call)) {
        let body: serde_json::Value = serde_json::from_str(&call.body).expect("JSON");
        for part in body["requests"].as_array().expect("requests") {
            let is_counted = part["url"].as_str().expect("a url").contains("$count");
            let level = part["headers"]["ConsistencyLevel"].as_str();
            assert_eq!(level, is_counted.then_some("eventual"), "{part}");
            counted += usize::from(is_counted);
        }
    }
    assert!(counted > 0);
}

#[tokio::test]
async fn where_counting_is_not_understood_the_list_is_asked_for_without() {
    let cloud = Cloud::start(|call| {
        if !is_batch(call) {
            return tidy(call);
        }
        batch(call, |url| {
            Some(if url.contains("$count") {
                json!({"status": 400, "body": {"error": {"code": "Request_BadRequest", "message": "no"}}})
            } else {
                json!({"status": 200, "body": object(url)})
            })
        })
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let (_, principal) = objects(&snapshot);
    assert!(principal.delegated.gap.is_none(), "{principal:?}");
    assert_eq!(principal.delegated.items.len(), 1);
}

#[tokio::test]
async fn a_resource_that_is_not_there_leaves_its_permissions_without_names() {
    for (status, code, kind) in [
        (404, "Request_ResourceNotFound", GapKind::NotReached),
        (403, "Authorization_RequestDenied", GapKind::Denied),
    ] {
        let cloud = Cloud::start(move |call| {
            if !is_batch(call) {
                return tidy(call);
            }
            batch(call, |url| {
                Some(if url.contains(ERP) {
                    json!({"status": status, "body": {"error": {"code": code, "message": "no"}}})
                } else {
                    json!({"status": 200, "body": object(url)})
                })
            })
        })
        .await;
        let snapshot = collect(&estate(), None, &cloud.options()).await;
        let (application, _) = objects(&snapshot);
        let required = application.required.known().expect("readable");
        assert_eq!(required.len(), 2);
        for one in required {
            assert_eq!(one.name.gap().map(|gap| gap.kind), Some(kind), "{code}");
            assert_eq!(one.resource_app_id, ERP);
        }
    }
}

#[tokio::test]
async fn the_auditor_s_own_token_is_opaque_or_tells_its_roles() {
    for (claims, expected) in [
        (
            Some(json!({"idtyp": "app", "roles": ["b", "a"]})),
            Ok(vec!["a", "b"]),
        ),
        (None, Err(GapKind::Unrecognised)),
    ] {
        let cloud = Cloud::start(move |call| {
            let for_graph = call.body.contains("graph.microsoft.com");
            if !call.path.ends_with("/token") || !for_graph {
                return tidy(call);
            }
            use base64::Engine;
            let part = base64::engine::general_purpose::URL_SAFE_NO_PAD;
            let token = claims.as_ref().map_or_else(
                || "canary-opaque".to_owned(),
                |claims| format!("e30.{}.canary", part.encode(claims.to_string())),
            );
            Reply::json(
                200,
                &json!({"token_type": "Bearer", "expires_in": 3599, "access_token": token}),
            )
        })
        .await;
        let snapshot = collect(&estate(), None, &cloud.options()).await;
        let roles = &snapshot.auditors["contoso"].graph_roles;
        match expected {
            Ok(names) => assert_eq!(
                roles.known().map(Vec::as_slice),
                Some(
                    names
                        .into_iter()
                        .map(String::from)
                        .collect::<Vec<_>>()
                        .as_slice()
                )
            ),
            Err(kind) => assert_eq!(roles.gap().map(|gap| gap.kind), Some(kind)),
        }
        assert!(
            !serde_json::to_string(&snapshot)
                .expect("json")
                .contains("canary")
        );
    }
}
