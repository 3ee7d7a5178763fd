//! Waits that a service asks for: a long one ends the call at once, and costs nobody else anything.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::cloud::{Call, Cloud, Reply};
use super::tenant::{estate, tidy};
use crate::collect::collect;
use crate::evidence::Snapshot;
use crate::model::{Gap, GapKind};

/// A run in which what `busy` picks is answered with this status and these headers, and how often it was asked.
async fn run(
    status: u16,
    headers: &'static [(&'static str, &'static str)],
    busy: fn(&Call) -> bool,
) -> (Snapshot, usize) {
    let cloud = Cloud::start(move |call| {
        if busy(call) {
            let reply = Reply::error(status, "TooManyRequests");
            let with = |reply: Reply, (name, value): &(&'static str, &str)| {
                reply.header(name, (*value).to_owned())
            };
            return headers.iter().fold(reply, with);
        }
        tidy(call)
    })
    .await;
    let started = Instant::now();
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    assert!(started.elapsed() < Duration::from_secs(30), "nobody waited");
    let asked = cloud.calls().iter().filter(|call| busy(call)).count();
    (snapshot, asked)
}

fn is_too_long(gap: &Gap, asked: &str) {
    assert_eq!(gap.kind, GapKind::Throttled, "{gap}");
    let words = format!("asked to wait {asked}, which is longer than");
    assert!(gap.seen.contains(&words), "{gap}");
    assert!(
        gap.remedy
            .as_ref()
            .is_some_and(|remedy| remedy.contains(asked)),
        "{gap}"
    );
}

#[tokio::test]
async fn a_wait_of_a_day_ends_a_table_s_read_in_every_form_it_is_asked_in() {
    for (status, headers, asked) in [
        (429, &[("retry-after", "86400")][..], "24 h"),
        (503, &[("retry-after", "86400")][..], "24 h"),
        (429, &[("x-ms-retry-after-ms", "86400000")][..], "24 h"),
        (
            429,
            &[("retry-after", "1"), ("retry-after", "86400")][..],
            "24 h",
        ),
        (
            429,
            &[("retry-after", "99999999999999999999")][..],
            "3650 days",
        ),
        // Longer than what is left of the run, which is a minute.
        (429, &[("retry-after", "100")][..], "100 s"),
    ] {
        let (snapshot, count) = run(status, headers, |call| call.path.ends_with("/leads")).await;
        let proof = snapshot.registrations["raia"].dataverse.as_ref();
        let reads = &proof.expect("Dataverse").reads;
        let lead = reads.iter().find(|read| read.table == "lead");
        is_too_long(
            lead.and_then(|read| read.answer.gap()).expect("a gap"),
            asked,
        );
        assert_eq!(count, 1, "{headers:?}");
    }
}

#[tokio::test]
async fn a_vault_that_asks_for_a_day_is_asked_once_and_costs_nobody_else() {
    let vault = |call: &Call| call.host == "kv-contoso.vault.azure.net" && call.token.is_some();
    let (snapshot, count) = run(429, &[("retry-after", "86400")], vault).await;
    let entry = snapshot.registrations["raia"].entry.gap().expect("a gap");
    is_too_long(entry, "24 h");
    // Its list and its entry are asked for side by side; what comes later is not asked.
    assert!(count <= 2, "{count}");
    let users = &snapshot.environments["prod"].application_users;
    assert_eq!(users.gap, None);
}

#[tokio::test]
async fn a_part_of_a_batch_that_asks_for_a_day_is_not_asked_again_and_the_others_count() {
    let cloud = Cloud::start(|call| {
        let reply = tidy(call);
        if !call.path.ends_with("/$batch") {
            return reply;
        }
        let mut body: serde_json::Value = serde_json::from_slice(&reply.body).expect("a batch");
        if let Some(part) = body["responses"]
            .as_array_mut()
            .and_then(|parts| parts.first_mut())
        {
            part["status"] = json!(429);
            part["headers"] = json!({"Retry-After": 86400});
        }
        Reply::json(reply.status, &body)
    })
    .await;
    let started = Instant::now();
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    assert!(started.elapsed() < Duration::from_secs(30), "nobody waited");
    let text = serde_json::to_string(&snapshot).expect("json");
    assert!(text.contains("a part of a Graph batch was answered 429 and asked to wait 24 h"));
    assert!(
        snapshot.registrations["raia"]
            .service_principal
            .known()
            .is_some()
            || snapshot.registrations["raia"].application.known().is_some()
    );
}
