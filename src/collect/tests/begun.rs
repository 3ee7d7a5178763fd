//! A list whose first page was read is begun: whatever ends it on a later page, a refusal too, makes it cut
//! short, and no list that was refused. The first page holds nothing here, so that no row tells.

use serde_json::{Value, json};

use super::cloud::{Call, Cloud, Reply};
use super::directory::{batch, is_batch};
use super::tenant::{estate, object, tidy};
use crate::collect::collect;
use crate::evidence::Snapshot;
use crate::model::{Gap, GapKind, Presence};

type Place = fn(&Snapshot) -> Option<&Gap>;

fn vault(snapshot: &Snapshot) -> Option<&Gap> {
    snapshot.vaults["crm"].secrets.gap.as_ref()
}

fn versions(snapshot: &Snapshot) -> Option<&Gap> {
    let entry = snapshot.registrations["raia"].entry.known();
    entry.and_then(Presence::present)?.versions.gap.as_ref()
}

fn users(snapshot: &Snapshot) -> Option<&Gap> {
    snapshot.environments["prod"].application_users.gap.as_ref()
}

fn owners(snapshot: &Snapshot) -> Option<&Gap> {
    snapshot.registrations["raia"].owners.gap.as_ref()
}

fn federated(snapshot: &Snapshot) -> Option<&Gap> {
    let application = snapshot.registrations["raia"].application.known();
    let application = application.and_then(Presence::present)?;
    application.federated.gap.as_ref()
}

fn granted(snapshot: &Snapshot) -> Option<&Gap> {
    let principal = snapshot.registrations["raia"].service_principal.known();
    principal.and_then(Presence::present)?.granted.gap.as_ref()
}

fn delegated(snapshot: &Snapshot) -> Option<&Gap> {
    let principal = snapshot.registrations["raia"].service_principal.known();
    let principal = principal.and_then(Presence::present)?;
    principal.delegated.gap.as_ref()
}

const LISTS: [(&str, Place); 7] = [
    ("/secrets", vault),
    ("/versions", versions),
    ("/systemusers", users),
    ("/owners", owners),
    ("/federatedIdentityCredentials", federated),
    ("/appRoleAssignments", granted),
    ("/oauth2PermissionGrants", delegated),
];

/// What a service says on the second page.
#[derive(Clone, Copy, Debug)]
enum Second {
    Refused,
    Broken,
    Elsewhere,
}

/// The list at `part` begins with an empty page and goes on at another.
fn spoiled(call: &Call, part: &str, second: Second) -> Reply {
    if call.query.contains("begun") {
        return match second {
            Second::Refused if call.host.contains("vault") => Reply::error(403, "Forbidden"),
            Second::Refused => Reply::error(403, "Authorization_RequestDenied"),
            Second::Broken => Reply::json(200, &json!([])),
            Second::Elsewhere => panic!("{} was followed", call.path),
        };
    }
    // The right answer, without a row.
    let page = |mut body: Value, path: &str| {
        let host = match second {
            Second::Elsewhere => "elsewhere.example",
            Second::Refused | Second::Broken => &call.host,
        };
        let next = json!(format!(
            "https://{host}{path}?api-version=7.5&$skiptoken=begun"
        ));
        body["value"] = json!([]);
        body["nextLink"] = next.clone();
        body["@odata.nextLink"] = next;
        body
    };
    if is_batch(call) {
        return batch(call, |url| {
            let mut body = object(url);
            if is_at(url, part) {
                body = page(body, "/v1.0/rest");
            }
            Some(json!({"status": 200, "body": body}))
        });
    }
    let reply = tidy(call);
    if call.token.is_some() && is_at(&call.path, part) {
        let body = serde_json::from_slice(&reply.body).expect("a list");
        return Reply::json(200, &page(body, &call.path));
    }
    reply
}

fn is_at(url: &str, part: &str) -> bool {
    let path = url.split('?').next().unwrap_or_default();
    path.trim_end_matches('/').ends_with(part)
}

#[tokio::test]
async fn a_list_that_ends_after_its_first_page_was_begun_and_not_refused() {
    for second in [Second::Refused, Second::Broken, Second::Elsewhere] {
        for (part, place) in LISTS {
            let cloud = Cloud::start(move |call| spoiled(call, part, second)).await;
            let snapshot = collect(&estate(), None, &cloud.options()).await;
            let kind = place(&snapshot).map(|gap| gap.kind);
            assert_eq!(kind, Some(GapKind::Truncated), "{part}, {second:?}");
        }
    }
}

#[tokio::test]
async fn a_list_that_is_refused_at_once_was_not_begun() {
    for (part, place) in LISTS {
        let cloud = Cloud::start(move |call| {
            if is_batch(call) {
                return batch(call, |url| {
                    Some(if is_at(url, part) {
                        json!({"status": 403, "body": {"error": {"code": "Authorization_RequestDenied"}}})
                    } else {
                        json!({"status": 200, "body": object(url)})
                    })
                });
            }
            if call.token.is_some() && is_at(&call.path, part) {
                return Reply::error(403, "Forbidden");
            }
            tidy(call)
        })
        .await;
        let snapshot = collect(&estate(), None, &cloud.options()).await;
        let gap = place(&snapshot).expect(part);
        assert_ne!(gap.kind, GapKind::Truncated, "{part}");
    }
}
