//! Other environments: who stands in them, what they answer, and what is never sent there.

use std::sync::Arc;

use serde_json::{Value, json};

use super::carry::with_objects;
use super::cloud::{Call, Cloud, Reply};
use super::tenant::{CLIENT, RESOURCE, USER, beside, estate, object, tidy, token};
use crate::collect::{Options, collect};
use crate::estate::{Estate, Prove, Tier};
use crate::evidence::{
    ForeignAnswer, ForeignProof, ForeignTry, Snapshot, TokenAnswer, UserRefusal,
};
use crate::model::{GapKind, IsolationProbe, Observed, Presence, Service};

mod answers;

pub(super) const TEST: &str = "https://test.crm4.dynamics.com";
pub(super) const FNO: &str = "https://fno.operations.dynamics.com";

/// The tidy estate beside a test environment of Dataverse and one of Finance & Operations.
pub(super) fn three() -> Estate {
    let mut estate = estate();
    let test = json!({"tenant": "contoso", "tier": "test", "dataverse": "test.crm4.dynamics.com"});
    let fno = json!({"tenant": "contoso", "tier": "development", "finops": "fno.operations.dynamics.com"});
    beside(&mut estate, "test", test);
    beside(&mut estate, "fno", fno);
    estate
}

/// Whether the audited credential's own token came with it.
pub(super) fn is_its_own(call: &Call) -> bool {
    [RESOURCE, TEST, FNO]
        .iter()
        .any(|resource| call.token == Some(format!("Bearer {}", token(resource, CLIENT))))
}

/// Two more environments that know nobody.
pub(super) fn strict(call: &Call) -> Reply {
    match (call.host.as_str(), is_its_own(call)) {
        ("test.api.crm4.dynamics.com", true) => Reply::error(403, "0x80072560"),
        ("test.api.crm4.dynamics.com", false) if call.path.ends_with("/systemusers") => {
            Reply::json(200, &json!({"value": []}))
        }
        ("test.api.crm4.dynamics.com", false) => {
            let home = Call {
                host: "contoso.api.crm4.dynamics.com".into(),
                ..call.clone()
            };
            tidy(&home)
        }
        ("fno.operations.dynamics.com", true) => {
            Reply::json(401, &json!({})).header("ms-dyn-aid", "1")
        }
        ("fno.operations.dynamics.com", false) => Reply::json(200, &json!({"value": []})),
        _ => with_objects(call, lasting),
    }
}

/// The stored credential's end is far away.
fn lasting(url: &str) -> Value {
    let mut object = object(url);
    if let Some(end) = object.pointer_mut("/passwordCredentials/0/endDateTime") {
        *end = json!("2999-01-01T00:00:00Z");
    }
    object
}

pub(super) fn options(cloud: &Cloud, isolation: IsolationProbe) -> Options {
    Options {
        isolation,
        ..cloud.options()
    }
}

pub(super) fn cell<'s>(snapshot: &'s Snapshot, environment: &str) -> &'s ForeignProof {
    let mut foreign = snapshot.registrations["raia"].foreign.iter();
    foreign
        .find(|proof| proof.environment == environment)
        .expect("the cell is there")
}

pub(super) fn tried<'s>(snapshot: &'s Snapshot, environment: &str) -> &'s ForeignTry {
    cell(snapshot, environment).tried.as_ref().expect("tried")
}

/// Token requests of the audited client, by the resource they are for.
fn tokens(cloud: &Cloud) -> Vec<String> {
    let calls = cloud.calls();
    let posts = calls
        .iter()
        .filter(|call| call.path.ends_with("/token") && call.body.contains(CLIENT));
    let mut scopes: Vec<String> = posts
        .flat_map(|call| {
            let fields = url::form_urlencoded::parse(call.body.as_bytes());
            let scopes = fields.filter(|(name, _)| name == "scope");
            scopes
                .map(|(_, scope)| scope.into_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    scopes.sort();
    scopes
}

fn own(cloud: &Cloud, host: &str) -> Vec<String> {
    let calls = cloud.calls();
    let own = calls
        .iter()
        .filter(|call| call.host.starts_with(host) && is_its_own(call));
    own.map(|call| format!("{} {}", call.method, call.path))
        .collect()
}

#[tokio::test]
async fn one_token_a_resource_and_one_request_a_cell() {
    let cloud = Cloud::start(strict).await;
    let snapshot = collect(&three(), None, &options(&cloud, IsolationProbe::All)).await;
    assert_eq!(
        tokens(&cloud),
        [RESOURCE, FNO, TEST].map(|resource| format!("{resource}/.default"))
    );
    assert_eq!(own(&cloud, "test"), ["GET /api/data/v9.2/WhoAmI"]);
    assert_eq!(own(&cloud, "fno"), ["GET /data"]);
    let foreign = &snapshot.registrations["raia"].foreign;
    let order: Vec<_> = foreign
        .iter()
        .map(|proof| (proof.environment.as_str(), proof.service))
        .collect();
    assert_eq!(
        order,
        [("fno", Service::FinOps), ("test", Service::Dataverse)]
    );
    for proof in foreign {
        assert_eq!(proof.user, Observed::Known(Presence::Absent));
        let tried = proof.tried.as_ref().expect("tried");
        assert!(matches!(
            tried.token,
            Observed::Known(TokenAnswer::Issued { .. })
        ));
    }
    assert!(matches!(
        tried(&snapshot, "test").answer,
        Observed::Known(ForeignAnswer::Refused {
            why: UserRefusal::NotAMember,
            ..
        })
    ));
    assert!(matches!(
        tried(&snapshot, "fno").answer,
        Observed::Known(ForeignAnswer::Rejected { .. })
    ));
    let requests = snapshot.requests.iter();
    let own: u32 = requests
        .filter(|count| count.purpose == "registration/raia")
        .map(|count| count.requests)
        .sum();
    assert_eq!(own, 9 + 4, "two tokens and two requests more than at home");
    let text = serde_json::to_string(&snapshot).expect("json");
    assert!(!text.contains("canary"), "{text}");
}

#[tokio::test]
async fn production_credentials_stay_at_home_unless_the_policy_says_otherwise() {
    let cloud = Cloud::start(strict).await;
    let isolation = IsolationProbe::default();
    let snapshot = collect(&three(), None, &options(&cloud, isolation)).await;
    assert_eq!(tokens(&cloud), [format!("{RESOURCE}/.default")]);
    assert!(own(&cloud, "test").is_empty() && own(&cloud, "fno").is_empty());
    for proof in &snapshot.registrations["raia"].foreign {
        assert_eq!(proof.tried, None);
        assert_eq!(
            proof.user,
            Observed::Known(Presence::Absent),
            "lists are read"
        );
    }
    // The other way round: of a home that is no production, against production.
    let mut estate = three();
    for (name, tier) in [("prod", Tier::Test), ("test", Tier::Production)] {
        let environment = estate.environments.get_mut(name).expect("an environment");
        environment.tier = tier;
    }
    let cloud = Cloud::start(strict).await;
    let snapshot = collect(&estate, None, &options(&cloud, isolation)).await;
    assert_eq!(own(&cloud, "test").len(), 1);
    assert!(cell(&snapshot, "test").tried.is_some());
    assert!(cell(&snapshot, "fno").tried.is_none() && own(&cloud, "fno").is_empty());
}

#[tokio::test]
async fn another_tenant_and_the_home_s_own_host_are_no_foreign_ones() {
    let mut estate = three();
    let other = json!({"id": "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0002", "cloud": "public"});
    let other = serde_json::from_value(other).expect("a literal tenant");
    estate.tenants.insert("fabrikam".into(), other);
    let there =
        json!({"tenant": "fabrikam", "tier": "test", "dataverse": "fabrikam.crm4.dynamics.com"});
    beside(&mut estate, "elsewhere", there);
    let again =
        json!({"tenant": "contoso", "tier": "test", "dataverse": "contoso.crm4.dynamics.com"});
    beside(&mut estate, "again", again);
    let cloud = Cloud::start(|call| {
        if call.path.contains("6f0002") || call.host.starts_with("fabrikam") {
            return Reply::json(
                401,
                &json!({"error": "invalid_client", "error_codes": [7_000_215]}),
            );
        }
        strict(call)
    })
    .await;
    let snapshot = collect(&estate, None, &options(&cloud, IsolationProbe::All)).await;
    let foreign = snapshot.registrations["raia"].foreign.iter();
    let names: Vec<&str> = foreign.map(|proof| proof.environment.as_str()).collect();
    assert_eq!(names, ["fno", "test"]);
    let abroad = |call: &Call| call.path.contains("6f0002") || call.host.starts_with("fabrikam");
    for call in cloud.calls().iter().filter(|call| abroad(call)) {
        assert!(!call.body.contains(CLIENT) && !is_its_own(call), "{call:?}");
    }
}

#[tokio::test]
async fn a_user_there_comes_with_its_roles_and_its_state() {
    let cloud = Cloud::start(|call| {
        let row = json!({"systemuserid": USER, "applicationid": CLIENT, "fullname": "Raia",
            "isdisabled": true, "_businessunitid_value": null, "businessunitid": null});
        match (call.host.as_str(), call.path.as_str()) {
            ("test.api.crm4.dynamics.com", path) if path.ends_with("/systemusers") => {
                Reply::json(200, &json!({ "value": [row] }))
            }
            ("fno.operations.dynamics.com", "/data/SysAADClients") => Reply::json(
                200,
                &json!({"value": [{"AADClientId": CLIENT, "UserId": "RAIA"}]}),
            ),
            ("fno.operations.dynamics.com", "/data/SystemUsers") => Reply::json(
                200,
                &json!({"value": [{"UserID": "raia", "Enabled": false}]}),
            ),
            _ => strict(call),
        }
    })
    .await;
    let snapshot = collect(&three(), None, &options(&cloud, IsolationProbe::Off)).await;
    let user = |environment: &str| match &cell(&snapshot, environment).user {
        Observed::Known(Presence::Present(user)) => user.clone(),
        other => panic!("{other:?}"),
    };
    let there = user("test");
    assert_eq!(
        (there.user_id.as_str(), there.disabled),
        (USER, Observed::Known(true))
    );
    assert_eq!(there.roles.whole().map(<[_]>::len), Ok(2));
    let mapped = user("fno");
    assert_eq!(
        (mapped.user_id.as_str(), mapped.disabled),
        ("RAIA", Observed::Known(true))
    );
    assert!(mapped.roles.gap.is_some(), "an empty list proves nothing");
}

#[tokio::test]
async fn what_may_not_be_used_is_said_to_be_untried() {
    let mut estate = three();
    estate.registrations[0].prove = Prove::Never;
    let cloud = Cloud::start(strict).await;
    let snapshot = collect(&estate, None, &options(&cloud, IsolationProbe::All)).await;
    assert!(tokens(&cloud).is_empty());
    for proof in &snapshot.registrations["raia"].foreign {
        let tried = proof.tried.as_ref().expect("the policy has it tried");
        for gap in [tried.token.gap(), tried.answer.gap()] {
            let gap = gap.expect("not tried");
            assert_eq!(
                (gap.kind, gap.seen.letters()),
                (GapKind::NotReached, Prove::NOT_TRIED)
            );
        }
    }
}

#[tokio::test]
async fn answers_are_repeated_only_as_a_whole_and_for_the_same_places() {
    let mut estate = three();
    estate.registrations[0].prove = Prove::OnChange;
    let run = async |previous: Option<Snapshot>, isolation| {
        let cloud = Cloud::start(strict).await;
        let mut options = options(&cloud, isolation);
        options.previous = previous.map(Arc::new);
        let snapshot = collect(&estate, None, &options).await;
        (tokens(&cloud).len(), snapshot)
    };
    let (used, first) = run(None, IsolationProbe::All).await;
    assert_eq!(used, 3);
    let (used, second) = run(Some(first.clone()), IsolationProbe::All).await;
    assert_eq!(used, 0);
    let foreign = |snapshot: &Snapshot| snapshot.registrations["raia"].foreign.clone();
    assert_eq!(foreign(&second), foreign(&first));
    assert!(second.registrations["raia"].carried.is_some());
    // Other places than then: all of it anew, for a refusal counts beside the same run's proof at home.
    let (used, third) = run(Some(first.clone()), IsolationProbe::Off).await;
    assert_eq!(used, 1);
    assert!(third.registrations["raia"].carried.is_none());
    let (used, _) = run(Some(third), IsolationProbe::All).await;
    assert_eq!(used, 3);
    // What was open is tried again, so that a repair shows.
    let mut open = first.clone();
    let raia = open.registrations.get_mut("raia").expect("raia");
    let tried = raia.foreign[0].tried.as_mut().expect("tried");
    if let Observed::Known(ForeignAnswer::Rejected { seen }) = tried.answer.clone() {
        tried.answer = Observed::Known(ForeignAnswer::Open { seen });
    }
    let (used, _) = run(Some(open), IsolationProbe::All).await;
    assert_eq!(used, 3);
    // And where the auditor now sees somebody else there.
    let mut other = first;
    let raia = other.registrations.get_mut("raia").expect("raia");
    raia.foreign[1].user = Observed::not_reached("not known then");
    let (used, _) = run(Some(other), IsolationProbe::All).await;
    assert_eq!(used, 3);
}
