//! A whole run: what it asks, what it costs, and what it brings home.

use serde_json::json;

use super::cloud::{Cloud, Reply};
use super::tenant::{self, CLIENT, RESOURCE, TEAM, USER, estate, tidy};
use crate::collect::{collect, read_secret};
use crate::estate::EntryRef;
use crate::evidence::{
    Expected, ReadAnswer, ReadRefusal, RegistrationEvidence, Snapshot, TokenAnswer, WhoAmI, Witness,
};
use crate::model::{GapKind, Observed, Presence, Service};

fn only(snapshot: &Snapshot) -> &RegistrationEvidence {
    snapshot.registration("raia").expect("raia is collected")
}

/// Everything of the entry, and no gap in any of it.
fn entry_is_known(raia: &RegistrationEvidence) -> bool {
    let Observed::Known(Presence::Present(entry)) = &raia.entry else {
        return false;
    };
    let attributes = entry.attributes.known();
    let listed = entry.versions.whole().ok().and_then(<[_]>::first);
    let read = attributes.and_then(|attributes| attributes.version.as_deref());
    read.is_some()
        && listed.map(|version| version.version.as_str()) == read
        && attributes.is_some_and(|attributes| attributes.recovery_level.is_some())
        && !serde_json::to_string(entry).is_ok_and(|text| text.contains("\"unknown\""))
        && raia.deleted_entry.is_none()
        && raia.carried.is_none()
}

#[tokio::test]
async fn a_tidy_tenant_is_known_whole_within_the_budget() {
    let cloud = Cloud::start(tidy).await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let raia = only(&snapshot);
    assert!(matches!(
        raia.tokens.first().map(|proof| &proof.answer),
        Some(Observed::Known(TokenAnswer::Issued { .. }))
    ));
    let proof = raia.dataverse.as_ref().expect("Dataverse was asked");
    assert!(matches!(
        proof.whoami,
        Observed::Known(WhoAmI::Answered { .. })
    ));
    assert_eq!(proof.reads.len(), 6);
    for read in &proof.reads {
        match (read.expected, &read.answer) {
            (Expected::Allowed, Observed::Known(ReadAnswer::Read { .. })) => {}
            (Expected::Denied, Observed::Known(ReadAnswer::Refused { why, .. })) => {
                assert_eq!(*why, ReadRefusal::Privilege);
            }
            (expected, answer) => panic!("{} {expected:?}: {answer:?}", read.table),
        }
    }
    assert_eq!(proof.witness, Witness::Auditor);
    let held: Vec<_> = proof
        .roles
        .items
        .iter()
        .map(|role| (role.name.as_str(), role.team.as_deref()))
        .collect();
    assert_eq!(held, [("Of team", Some("Sync team")), ("Own", None)]);
    let own: u32 = snapshot
        .requests
        .iter()
        .filter(|count| count.purpose == "registration/raia")
        .map(|count| count.requests)
        .sum();
    assert_eq!(own, 9, "{:?}", snapshot.requests);
    let vault = &snapshot.vaults["crm"].secrets;
    assert_eq!(vault.items.len(), 2);
    assert!(vault.gap.is_none());
    let auditor = snapshot.auditors["contoso"]
        .signed_in
        .known()
        .expect("signed in");
    assert_eq!(auditor.client_id.as_deref(), Some(tenant::AUDITOR));
    let Observed::Known(Presence::Present(application)) = &raia.application else {
        panic!("{:?}", raia.application);
    };
    let matches: Vec<_> = application
        .credentials
        .known()
        .expect("credentials")
        .iter()
        .map(|credential| {
            (
                credential.key_id.as_str(),
                credential.matches_stored.known().copied(),
            )
        })
        .collect();
    assert_eq!(matches, [("k0", Some(false)), ("k1", Some(true))]);
    let text = serde_json::to_string(&snapshot).expect("a snapshot");
    assert!(!text.contains("canary"), "{text}");
    assert!(entry_is_known(raia), "{:?}", raia.entry);
    assert!(snapshot.trace.address.known().is_some());
    assert!(!text.contains("\"unknown\""), "{text}");
    // One challenge a vault, and one stable User-Agent.
    let challenged = cloud
        .calls()
        .iter()
        .filter(|call| call.host.contains("vault") && call.token.is_none())
        .count();
    assert_eq!(challenged, 1);
    for call in cloud.calls() {
        assert!(call.user_agent.starts_with("credaudit/"), "{call:?}");
        assert!(
            call.method == "GET" || call.path.ends_with("/token") || call.path == "/v1.0/$batch"
        );
    }
}

#[tokio::test]
async fn never_means_that_the_credential_is_not_used() {
    let cloud = Cloud::start(tidy).await;
    let mut estate = estate();
    estate.registrations[0].prove = crate::estate::Prove::Never;
    let snapshot = collect(&estate, None, &cloud.options()).await;
    let proof = only(&snapshot).dataverse.as_ref().expect("Dataverse");
    for gap in [
        only(&snapshot).tokens[0].answer.gap(),
        proof.whoami.gap(),
        proof.reads[0].answer.gap(),
    ] {
        let gap = gap.expect("a gap");
        assert_eq!(gap.kind, GapKind::NotReached);
        assert!(gap.seen.contains("prove = \"never\""));
    }
    assert!(proof.user.known().is_some(), "the auditor still looks");
    assert!(
        cloud
            .calls()
            .iter()
            .all(|call| !call.body.contains(CLIENT) || call.path == "/v1.0/$batch")
    );
}

#[tokio::test]
async fn where_the_auditor_is_no_user_the_credential_tells_of_itself() {
    let cloud = Cloud::start(|call| {
        let auditor = tenant::token(RESOURCE, tenant::AUDITOR);
        if call.host.starts_with("contoso.api") && call.token == Some(format!("Bearer {auditor}")) {
            return Reply::error(403, "0x80072560");
        }
        if call.path.ends_with(&format!("systemusers({USER})")) {
            return Reply::json(
                200,
                &json!({"systemuserid": USER, "applicationid": CLIENT,
                "isdisabled": false, "_businessunitid_value": tenant::UNIT}),
            );
        }
        tidy(call)
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let prod = &snapshot.environments["prod"];
    let gap = prod.tables.gap().expect("refused");
    assert_eq!(gap.kind, GapKind::Denied);
    let remedy = gap.remedy.as_deref().expect("a grant is named");
    assert!(
        remedy.starts_with(&format!(
            "give the auditor (client id {}) an application user in prod whose role",
            tenant::AUDITOR
        )),
        "{remedy}"
    );
    let proof = only(&snapshot).dataverse.as_ref().expect("Dataverse");
    assert_eq!(proof.witness, Witness::Itself);
    assert!(proof.reads.iter().all(|read| read.answer.known().is_some()));
    let Observed::Known(Presence::Present(user)) = &proof.user else {
        panic!("{:?}", proof.user);
    };
    assert!(
        user.business_unit
            .gap()
            .is_some_and(|gap| gap.kind == GapKind::Malformed)
    );
    assert_eq!(proof.roles.items.len(), 2);
    assert!(cloud.calls().iter().any(|call| call.path.contains(TEAM)));
}

#[tokio::test]
async fn a_refused_list_never_stops_a_get() {
    let cloud = Cloud::start(|call| {
        if call.path == "/secrets" && call.token.is_some() {
            return Reply::json(
                403,
                &json!({"error": {"code": "Forbidden", "message": "canary",
                "innererror": {"code": "ForbiddenByRbac"}}}),
            );
        }
        tidy(call)
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let gap = snapshot.vaults["crm"]
        .secrets
        .gap
        .as_ref()
        .expect("refused");
    assert_eq!(gap.kind, GapKind::Denied);
    assert!(
        gap.remedy
            .as_deref()
            .is_some_and(|remedy| remedy.contains("on kv-contoso to the auditor (client id"))
    );
    assert!(matches!(
        only(&snapshot).entry,
        Observed::Known(Presence::Present(_))
    ));
    assert!(only(&snapshot).tokens[0].answer.known().is_some());
}

#[tokio::test]
async fn a_failed_rung_leaves_the_later_ones_not_reached() {
    let cloud = Cloud::start(|call| {
        if call.path.contains("raia-secret") && call.token.is_some() {
            return Reply::json(
                200,
                &json!({"value": " \n", "attributes": {"enabled": true},
                "id": "https://kv-contoso.vault.azure.net/secrets/raia-secret/1"}),
            );
        }
        tidy(call)
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let gap = only(&snapshot).tokens[0].answer.gap().expect("not asked");
    assert_eq!(gap.kind, GapKind::NotReached);
    assert_eq!(
        gap.seen,
        "the vault entry crm/raia-secret holds no usable value"
    );
    let proof = only(&snapshot).dataverse.as_ref().expect("Dataverse");
    assert_eq!(proof.whoami.gap(), Some(gap));
}

#[tokio::test]
async fn one_token_serves_registrations_of_the_same_client_and_value() {
    let cloud = Cloud::start(tidy).await;
    let mut estate = estate();
    let mut twin = estate.registrations[0].clone();
    twin.name = "raia-twin".into();
    estate.registrations.push(twin);
    let snapshot = collect(&estate, None, &cloud.options()).await;
    let asked = cloud
        .calls()
        .iter()
        .filter(|call| call.body.contains(&format!("client_id={CLIENT}")))
        .count();
    assert_eq!(asked, 1);
    let group = |name: &str| match &snapshot.registrations[name].entry {
        Observed::Known(Presence::Present(entry)) => entry
            .content
            .known()
            .and_then(|content| content.value_group),
        other => panic!("{other:?}"),
    };
    assert_eq!((group("raia"), group("raia-twin")), (Some(1), Some(1)));
}

#[tokio::test]
async fn a_password_is_read_for_the_mail_server() {
    let cloud = Cloud::start(tidy).await;
    let entry = |name: &str| EntryRef {
        vault: "crm".into(),
        name: name.into(),
    };
    let read = read_secret(&estate(), &cloud.options(), &entry("raia-secret")).await;
    assert_eq!(
        read.map(|value| secrecy::ExposeSecret::expose_secret(&value).len()),
        Ok(tenant::VALUE.len())
    );
    let gap = read_secret(&estate(), &cloud.options(), &entry("none"))
        .await
        .expect_err("no such secret");
    assert!(gap.seen.contains("404 SecretNotFound"), "{gap}");
}

#[tokio::test]
async fn an_auditor_who_cannot_sign_in_is_a_gap_and_not_an_end() {
    let cloud = Cloud::start(tidy).await;
    let mut options = cloud.options();
    options.environment.client_secret = Some("wrong".to_owned().into());
    let snapshot = collect(&estate(), None, &options).await;
    let gap = snapshot.auditors["contoso"]
        .signed_in
        .gap()
        .expect("refused");
    assert!(gap.seen.contains("AADSTS7000215"), "{gap}");
    assert_eq!(
        only(&snapshot).entry.gap().map(|gap| gap.kind),
        Some(GapKind::Denied)
    );
    assert!(
        snapshot
            .requests
            .iter()
            .any(|count| count.service == Service::Entra)
    );
}
