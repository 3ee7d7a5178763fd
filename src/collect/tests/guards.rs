//! What a hostile or broken service gets: no token, no patience, and a gap in words.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::cloud::{Cloud, Reply};
use super::tenant::{estate, tidy};
use crate::collect::collect;
use crate::model::{GapKind, Observed, Presence};

#[tokio::test]
async fn a_vault_list_that_points_elsewhere_is_not_followed() {
    let cloud = Cloud::start(|call| {
        if call.path == "/secrets" && call.token.is_some() {
            return Reply::json(
                200,
                &json!({"value": [{"id": "https://kv-contoso.vault.azure.net/secrets/a",
                "attributes": {"enabled": true}}],
                "nextLink": "https://graph.microsoft.com/v1.0/secrets?api-version=7.4"}),
            );
        }
        tidy(call)
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let secrets = &snapshot.vaults["crm"].secrets;
    let gap = secrets.gap.as_ref().expect("cut short");
    assert_eq!((gap.kind, secrets.items.len()), (GapKind::Truncated, 1));
    assert!(
        gap.seen.contains("another host, graph.microsoft.com"),
        "{gap}"
    );
    assert!(
        cloud
            .calls()
            .iter()
            .all(|call| call.path != "/v1.0/secrets")
    );
}

#[tokio::test]
async fn a_dataverse_list_that_points_elsewhere_is_not_followed() {
    let cloud = Cloud::start(|call| {
        if call.path.ends_with("/systemusers") {
            return Reply::json(
                200,
                &json!({"value": [],
                "@odata.nextLink": "https://graph.microsoft.com/v1.0/anything"}),
            );
        }
        tidy(call)
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let users = &snapshot.environments["prod"].application_users;
    assert!(
        users
            .gap
            .as_ref()
            .is_some_and(|gap| gap.kind == GapKind::Truncated)
    );
    let proof = snapshot.registrations["raia"]
        .dataverse
        .as_ref()
        .expect("Dataverse");
    assert!(
        proof.user.gap().is_some(),
        "nothing is concluded by absence"
    );
    let calls = cloud.calls();
    assert!(calls.iter().all(|call| call.path != "/v1.0/anything"));
}

#[tokio::test]
async fn a_redirect_is_a_gap() {
    let cloud = Cloud::start(|call| {
        if call.path.ends_with("/WhoAmI") {
            return Reply::json(302, &json!({}))
                .header("location", "https://graph.microsoft.com/steal");
        }
        tidy(call)
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let proof = snapshot.registrations["raia"]
        .dataverse
        .as_ref()
        .expect("Dataverse");
    assert!(
        proof
            .whoami
            .gap()
            .is_some_and(|gap| gap.kind == GapKind::Unrecognised && gap.seen.contains("302"))
    );
    assert!(cloud.calls().iter().all(|call| call.path != "/steal"));
}

#[tokio::test]
async fn a_body_without_end_is_capped_and_never_quoted() {
    let cloud = Cloud::start(|call| {
        if call.path.ends_with("/systemusers")
            || call.path.contains("raia-secret") && call.token.is_some()
        {
            return Reply {
                status: 200,
                headers: vec![("content-type", "application/json".into())],
                body: b"canary ".repeat(8 * 1024 * 1024),
            };
        }
        tidy(call)
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let users = snapshot.environments["prod"]
        .application_users
        .gap
        .as_ref()
        .expect("a gap");
    assert_eq!(users.kind, GapKind::Malformed);
    let words = "200 with application/json of more than 8388608 bytes";
    assert!(users.seen.contains(words), "{users}");
    let Observed::Known(Presence::Present(entry)) = &snapshot.registrations["raia"].entry else {
        panic!("the list still names it");
    };
    let gap = entry.content.gap().expect("too long to be read");
    assert_eq!(gap.kind, GapKind::Malformed);
    assert!(gap.seen.contains(words), "{gap}");
    assert!(
        !serde_json::to_string(&snapshot)
            .expect("json")
            .contains("canary")
    );
}

#[tokio::test]
async fn a_closed_port_is_given_up_soon() {
    let cloud = Cloud::start(tidy).await;
    let mut options = cloud.options();
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address");
    options.trust = Some(crate::collect::Trust {
        connect: closed,
        ..cloud.trust.clone()
    });
    let started = Instant::now();
    let snapshot = collect(&estate(), None, &options).await;
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
    let gap = snapshot.registrations["raia"]
        .entry
        .gap()
        .expect("unreachable");
    assert_eq!(gap.kind, GapKind::Unreachable, "{gap}");
}

#[tokio::test]
async fn throttling_is_waited_for_and_then_a_gap() {
    let cloud = Cloud::start(|call| {
        if call.path.ends_with("/leads") {
            return Reply::error(429, "0x80072322").header("retry-after", "0");
        }
        if call.path.ends_with("/contacts") {
            return Reply {
                status: 200,
                headers: vec![("content-type", "text/html".into())],
                body: b"<html>".to_vec(),
            };
        }
        if call.path.ends_with("/accounts") {
            return Reply::error(403, "0x80095ffe");
        }
        tidy(call)
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let proof = snapshot.registrations["raia"]
        .dataverse
        .as_ref()
        .expect("Dataverse");
    let kind = |table: &str| {
        proof
            .reads
            .iter()
            .find(|read| read.table == table)
            .map(|read| match &read.answer {
                Observed::Known(answer) => panic!("{answer:?}"),
                Observed::Unknown(gap) => gap.kind,
            })
    };
    assert_eq!(kind("lead"), Some(GapKind::Throttled));
    assert_eq!(kind("contact"), Some(GapKind::Malformed));
    assert_eq!(kind("account"), Some(GapKind::Unrecognised));
    assert_eq!(
        cloud
            .calls()
            .iter()
            .filter(|call| call.path.ends_with("/leads"))
            .count(),
        4
    );
}

#[tokio::test]
async fn the_deadline_and_a_cancellation_end_every_wait() {
    let cloud = Cloud::start(|call| {
        if call.path.ends_with("/systemusers") {
            std::thread::sleep(Duration::from_millis(1));
            return Reply::error(429, "0x80072322").header("retry-after", "3600");
        }
        tidy(call)
    })
    .await;
    let mut options = cloud.options();
    options.deadline = Duration::from_secs(3);
    let started = Instant::now();
    let snapshot = collect(&estate(), None, &options).await;
    assert!(started.elapsed() < Duration::from_secs(4));
    let users = snapshot.environments["prod"]
        .application_users
        .gap
        .as_ref()
        .expect("a gap");
    assert_eq!(users.kind, GapKind::Throttled);
    let (sender, cancel) = tokio::sync::watch::channel(true);
    options.cancel = Some(cancel);
    let snapshot = collect(&estate(), None, &options).await;
    drop(sender);
    assert_eq!(
        snapshot.registrations["raia"]
            .entry
            .gap()
            .map(|gap| gap.kind),
        Some(GapKind::Cancelled)
    );
}
