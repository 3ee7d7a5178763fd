//! What one bad answer costs: the request that it was for, and nothing beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use super::cloud::{Call, Cloud, Reply};
use super::tenant::{CLIENT, estate, tidy};
use crate::collect::collect;
use crate::evidence::{Snapshot, WhoAmI};
use crate::model::{Gap, GapKind, Observed};

async fn run(answer: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Snapshot {
    let cloud = Cloud::start(answer).await;
    collect(&estate(), None, &cloud.options()).await
}

/// Everything that the auditor asks of Graph and Dataverse, and what the credential is answered, is known.
fn others_are_known(snapshot: &Snapshot) {
    let raia = &snapshot.registrations["raia"];
    assert_eq!(raia.application.gap(), None);
    assert_eq!(raia.service_principal.gap(), None);
    assert_eq!(raia.owners.gap, None);
    assert_eq!(snapshot.environments["prod"].application_users.gap, None);
    assert_eq!(snapshot.environments["prod"].tables.gap(), None);
}

fn proven(snapshot: &Snapshot) {
    let raia = &snapshot.registrations["raia"];
    assert_eq!(raia.entry.gap(), None);
    let proof = raia.dataverse.as_ref().expect("Dataverse");
    let answered = matches!(proof.whoami, Observed::Known(WhoAmI::Answered { .. }));
    assert!(answered, "{:?}", proof.whoami);
    assert!(proof.reads.iter().all(|read| read.answer.gap().is_none()));
}

#[tokio::test]
async fn requests_that_begin_together_make_one_connection_to_each_host() {
    let cloud = Cloud::start(tidy).await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    others_are_known(&snapshot);
    proven(&snapshot);
    let hosts: BTreeSet<String> = cloud.calls().into_iter().map(|call| call.host).collect();
    assert_eq!(cloud.connections(), hosts.len());
}

#[tokio::test]
async fn a_connection_that_breaks_costs_only_the_request_that_broke_it() {
    for path in ["signIn", "/leads", "/secrets/raia-secret/versions"] {
        let snapshot = run(move |call| {
            if call.path.contains(path) && call.token.is_some() {
                return Reply::break_connection();
            }
            tidy(call)
        })
        .await;
        others_are_known(&snapshot);
        let raia = &snapshot.registrations["raia"];
        let proof = raia.dataverse.as_ref().expect("Dataverse");
        for read in &proof.reads {
            let broken = path == "/leads" && read.table == "lead";
            assert_eq!(
                read.answer.gap().is_some(),
                broken,
                "{path}: {}",
                read.table
            );
        }
    }
}

fn page(status: u16, content_type: &str, body: &str) -> Reply {
    Reply {
        status,
        headers: vec![
            ("content-type", content_type.to_owned()),
            ("retry-after", "0".to_owned()),
        ],
        body: body.as_bytes().to_vec(),
    }
}

/// The gap of the vault entry, where the auditor's token request for the vault is answered like this.
async fn without_the_vault_s_token(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Gap {
    let snapshot = run(move |call| {
        let own = !call.body.contains(&format!("client_id={CLIENT}"));
        if call.path.ends_with("/token") && own && call.body.contains("vault.azure.net") {
            return reply();
        }
        tidy(call)
    })
    .await;
    others_are_known(&snapshot);
    let auditor = &snapshot.auditors["contoso"];
    assert!(auditor.signed_in.known().is_some(), "{auditor:?}");
    snapshot.registrations["raia"]
        .entry
        .gap()
        .cloned()
        .expect("a gap")
}

#[tokio::test]
async fn a_token_request_that_meets_something_else_is_no_refusal_and_costs_its_scope_alone() {
    let (json, html) = ("application/json", "text/html");
    for (status, content_type, body, kind) in [
        (200, html, "<html>canary</html>", GapKind::Malformed),
        (200, json, "{}", GapKind::Malformed),
        (200, json, "", GapKind::Malformed),
        (403, html, "<html>canary</html>", GapKind::Malformed),
        (407, html, "", GapKind::Malformed),
        (
            500,
            json,
            r#"{"error":"server_error"}"#,
            GapKind::Unreachable,
        ),
        (503, html, "<html>canary</html>", GapKind::Unreachable),
        (429, json, "", GapKind::Throttled),
    ] {
        let gap = without_the_vault_s_token(move || page(status, content_type, body)).await;
        assert_eq!(gap.kind, kind, "{status} {content_type}: {gap}");
        let remedy = gap.remedy.as_deref().unwrap_or_default();
        assert!(!remedy.contains("set this identity up"), "{gap}");
        assert!(!gap.seen.contains("canary"), "{gap}");
    }
    let gap = without_the_vault_s_token(Reply::break_connection).await;
    assert_eq!(gap.kind, GapKind::Unreachable, "{gap}");
}

/// Whose token for which scope it is, and how often that was asked for.
type Asked = Mutex<BTreeMap<String, u32>>;

/// The first token for each scope is over at once, and no service takes it. `second` answers the next request.
fn short(second: fn(&Call) -> Reply) -> impl Fn(&Call) -> Reply + Send + Sync {
    let asked = Asked::default();
    move |call| {
        if call
            .token
            .as_ref()
            .is_some_and(|token| token.contains("canary-over"))
        {
            return Reply::error(401, "InvalidAuthenticationToken");
        }
        if !call.path.ends_with("/token") {
            return tidy(call);
        }
        let first = {
            let mut asked = asked.lock().expect("the count");
            let count = asked.entry(call.body.clone()).or_default();
            *count += 1;
            *count == 1
        };
        if !first {
            return second(call);
        }
        let mut reply = tidy(call);
        let text = String::from_utf8(reply.body).expect("text");
        let over = text.replace("canary-signature", "canary-over");
        reply.body = over.replace("3599", "0").into_bytes();
        reply
    }
}

#[tokio::test]
async fn a_token_that_is_over_is_asked_for_again_and_is_no_missing_right() {
    let snapshot = run(short(tidy)).await;
    others_are_known(&snapshot);
    proven(&snapshot);
    let snapshot = run(short(|call| {
        if call.body.contains(&format!("client_id={CLIENT}")) {
            return page(403, "text/html", "<html>");
        }
        tidy(call)
    }))
    .await;
    let proof = snapshot.registrations["raia"].dataverse.as_ref();
    let gap = proof.expect("Dataverse").whoami.gap().expect("a gap");
    assert_ne!(gap.kind, GapKind::Denied);
    assert!(
        gap.seen
            .contains("its token expired, and another was not given"),
        "{gap}"
    );
}
