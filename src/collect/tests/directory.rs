//! Graph by list and by batch, with pages that fail and parts that are throttled.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::cloud::{Call, Cloud, Reply};
use super::tenant::{CLIENT, estate, object, tidy};
use crate::collect::collect;
use crate::estate::{ClientId, Estate, Prove};
use crate::model::{GapKind, Observed, Presence};

fn client(number: usize) -> String {
    format!("5b7a2f0e-2d35-4a55-8a64-0000000{number:05}")
}

/// So many registrations, none of them proven: only Graph matters here.
pub(super) fn many(count: usize) -> Estate {
    let mut estate = estate();
    let pattern = estate.registrations.remove(0);
    for number in 0..count {
        let mut registration = pattern.clone();
        registration.name = format!("r{number:05}");
        registration.client_id = ClientId::Literal(client(number));
        registration.prove = Prove::Never;
        estate.registrations.push(registration);
    }
    estate
}

/// Pages of twenty applications; the client with number 0 stands on the last page.
pub(super) fn page(call: &Call, count: usize) -> Reply {
    let number: usize = call
        .query
        .split("skiptoken=")
        .nth(1)
        .map_or(0, |text| text.parse().expect("a page"));
    let rows: Vec<Value> = (number * 20..(number * 20 + 20).min(count))
        .map(|place| {
            let mut row = if call.path.ends_with("/applications") {
                object("/applications")
            } else {
                object("/servicePrincipals")
            };
            row["appId"] = json!(client(count - 1 - place).to_uppercase());
            row
        })
        .collect();
    let mut body = json!({ "value": rows });
    if (number + 1) * 20 < count {
        body["@odata.nextLink"] = json!(format!(
            "https://graph.microsoft.com:443{}?$skiptoken={}",
            call.path,
            number + 1
        ));
    }
    Reply::json(200, &body)
}

pub(super) fn is_list(call: &Call) -> bool {
    call.host.starts_with("graph") && call.method == "GET"
}

#[tokio::test]
async fn many_clients_are_read_by_list_and_what_hangs_on_them_by_batch() {
    let cloud = Cloud::start(|call| {
        if is_list(call) {
            assert!(call.query.contains("$top=999") || call.query.contains("skiptoken"));
            return page(call, 60);
        }
        tidy(call)
    })
    .await;
    let snapshot = collect(&many(60), None, &cloud.options()).await;
    let directory = &snapshot.directories["contoso"];
    assert_eq!(
        (directory.applications_read, &directory.applications_gap),
        (60, &None)
    );
    for evidence in snapshot.registrations.values() {
        assert!(matches!(
            evidence.application,
            Observed::Known(Presence::Present(_))
        ));
        assert!(matches!(
            evidence.service_principal,
            Observed::Known(Presence::Present(_))
        ));
        assert_eq!(evidence.owners.whole().map(<[_]>::len), Ok(1));
    }
    let batches = cloud
        .calls()
        .iter()
        .filter(|call| call.path == "/v1.0/$batch")
        .count();
    // Four parts a client, the tenant's rules, whom they are for, the names of permissions, and whose the
    // application user is that none of them explains.
    assert_eq!(batches, 60 * 4 / 20 + 4);
}

#[tokio::test]
async fn a_page_that_fails_for_good_concludes_nothing_by_absence() {
    let cloud = Cloud::start(|call| {
        if is_list(call)
            && call.path.ends_with("/applications")
            && call.query.contains("skiptoken=2")
        {
            return Reply::json(500, &json!({}));
        }
        if is_list(call) {
            return page(call, 100);
        }
        tidy(call)
    })
    .await;
    let snapshot = collect(&many(100), None, &cloud.options()).await;
    let directory = &snapshot.directories["contoso"];
    assert_eq!(directory.applications_read, 40);
    let gap = directory.applications_gap.as_ref().expect("cut short");
    assert_eq!(gap.kind, GapKind::Truncated);
    assert!(
        gap.seen.starts_with("applications: 40 read, then page 3: "),
        "{gap}"
    );
    let count = |kind: Option<GapKind>| {
        snapshot
            .registrations
            .values()
            .filter(|evidence| evidence.application.gap().map(|gap| gap.kind) == kind)
            .count()
    };
    assert_eq!((count(None), count(Some(GapKind::Truncated))), (40, 60));
    let asked = cloud
        .calls()
        .iter()
        .filter(|call| call.query.contains("skiptoken=2") && call.path.ends_with("/applications"))
        .count();
    assert_eq!(asked, 3, "tried twice again");
}

/// Answers a batch part by part.
pub(super) fn batch(call: &Call, answer: impl Fn(&str) -> Option<Value>) -> Reply {
    let body: Value = serde_json::from_str(&call.body).expect("a batch");
    let parts: Vec<Value> = body["requests"]
        .as_array()
        .expect("requests")
        .iter()
        .filter_map(|part| {
            let mut reply = answer(part["url"].as_str().expect("a url"))?;
            reply["id"] = part["id"].clone();
            Some(reply)
        })
        .rev()
        .collect();
    Reply::json(200, &json!({ "responses": parts }))
}

pub(super) fn is_batch(call: &Call) -> bool {
    call.path == "/v1.0/$batch"
}

#[tokio::test]
async fn throttled_parts_are_asked_again_and_unanswered_ones_are_gaps() {
    let tries = AtomicUsize::new(0);
    let cloud = Cloud::start(move |call| {
        if !is_batch(call) {
            return tidy(call);
        }
        batch(call, |url| {
            if url.starts_with("/servicePrincipals") {
                return None;
            }
            let first = url.contains("/owners") && tries.fetch_add(1, Ordering::SeqCst) == 0;
            Some(if first {
                json!({"status": 429, "headers": {"Retry-After": "0"}, "body": {"error": {"code": "TooManyRequests"}}})
            } else {
                json!({"status": 200, "body": object(url)})
            })
        })
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let raia = &snapshot.registrations["raia"];
    assert_eq!(raia.owners.whole().map(<[_]>::len), Ok(1));
    assert!(raia.application.known().is_some());
    assert_eq!(
        raia.service_principal.gap().map(|gap| gap.kind),
        Some(GapKind::Malformed)
    );
}

#[tokio::test]
async fn absence_needs_its_own_code_and_a_refusal_names_the_grant() {
    let cloud = Cloud::start(|call| {
        if !is_batch(call) {
            return tidy(call);
        }
        batch(call, |url| {
            let (status, code) = if url.starts_with("/servicePrincipals") {
                (403, "Authorization_RequestDenied")
            } else if url.contains("/owners") {
                (404, "ProxyNotFound")
            } else {
                (404, "Request_ResourceNotFound")
            };
            Some(json!({"status": status, "body": {"error": {"code": code, "message": "no"}}}))
        })
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let raia = &snapshot.registrations["raia"];
    assert_eq!(raia.application, Observed::Known(Presence::Absent));
    assert_eq!(
        raia.owners.gap.as_ref().map(|gap| gap.kind),
        Some(GapKind::Unrecognised)
    );
    let gap = raia.service_principal.gap().expect("refused");
    assert_eq!(gap.kind, GapKind::Denied);
    assert!(
        gap.remedy
            .as_deref()
            .is_some_and(|fix| fix.starts_with("grant Application.Read.All"))
    );
}

#[tokio::test]
async fn a_directory_without_the_newer_property_is_asked_again_without_it() {
    let cloud = Cloud::start(|call| {
        if !is_batch(call) {
            return tidy(call);
        }
        batch(call, |url| {
            Some(if url.contains("isDisabled") {
                json!({"status": 400, "body": {"error": {"code": "Request_BadRequest", "message": "no"}}})
            } else {
                json!({"status": 200, "body": object(url)})
            })
        })
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let Observed::Known(Presence::Present(application)) =
        &snapshot.registrations["raia"].application
    else {
        panic!("{:?}", snapshot.registrations["raia"].application);
    };
    assert_eq!(application.disabled, Observed::Known(false));
    assert!(cloud.calls().iter().any(|call| call.body.contains(CLIENT)));
}

#[tokio::test]
async fn a_list_without_the_newer_property_is_asked_again_without_it() {
    let cloud = Cloud::start(|call| {
        if is_list(call) && call.query.contains("isDisabled") {
            return Reply::error(400, "Request_BadRequest");
        }
        if is_list(call) {
            return page(call, 60);
        }
        tidy(call)
    })
    .await;
    let snapshot = collect(&many(60), None, &cloud.options()).await;
    let directory = &snapshot.directories["contoso"];
    assert_eq!(
        (directory.applications_read, &directory.applications_gap),
        (60, &None)
    );
}
