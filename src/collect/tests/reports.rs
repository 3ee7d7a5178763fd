//! Sign-in reports: read once and whole, joined by client and key id, refused for a named cause.

use serde_json::{Value, json};

use super::cloud::{Call, Cloud, Reply};
use super::tenant::{self, CLIENT, estate};
use crate::collect::collect;
use crate::estate::ClientId;
use crate::evidence::{LastUse, RegistrationEvidence, Snapshot};
use crate::model::{Gap, GapKind, Observed, Presence};
use crate::reference::cloud::Cloud as Place;

const CREDENTIALS: &str = "/beta/reports/appCredentialSignInActivities";
const CLIENTS: &str = "/beta/reports/servicePrincipalSignInActivities";

/// Key ids of the tidy tenant's application are no GUIDs; these stand for them here.
const K1: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const K0: &str = "aaaaaaaa-0000-4000-8000-000000000000";

/// Reports as Graph answers them: the lines that were captured from a real tenant, with other ids.
pub(super) fn tidy(call: &Call) -> Option<Reply> {
    let rows = match call.path.as_str() {
        CREDENTIALS => vec![used(K1, CLIENT, "2026-11-19T23:59:55.212Z")],
        CLIENTS => vec![client_line(CLIENT)],
        _ => return None,
    };
    assert_eq!(
        (call.method.as_str(), call.query.as_str()),
        ("GET", "$top=999")
    );
    Some(Reply::json(200, &json!({ "value": rows })))
}

fn used(key: &str, client: &str, at: &str) -> Value {
    json!({"appId": client, "appObjectId": "d99b393e-2b21-491d-ba2e-d4bce6fe1bd0",
        "createdDateTime": "2026-07-15T22:03:48.075Z", "credentialOrigin": "application",
        "expirationDateTime": "2027-05-15T00:00:00Z", "id": "NmZiYjFj", "keyId": key,
        "keyType": "password", "keyUsage": "verify",
        "resourceId": "00000007-0000-0000-c000-000000000000", "servicePrincipalObjectId": null,
        "signInActivity": {"lastSignInDateTime": at, "lastSignInRequestId": "dba5b88f"}})
}

fn client_line(client: &str) -> Value {
    let never = json!({"lastSignInDateTime": null, "lastSignInRequestId": null});
    json!({"appId": client, "id": "MzJkMTA0YTU",
        "applicationAuthenticationClientSignInActivity":
            {"lastSignInDateTime": "2026-11-19T23:59:55.212Z", "lastSignInRequestId": "dba5b88f"},
        "applicationAuthenticationResourceSignInActivity": never,
        "delegatedClientSignInActivity": never, "delegatedResourceSignInActivity": never,
        "lastSignInActivity":
            {"lastSignInDateTime": "2026-11-19T23:59:55.212Z", "lastSignInRequestId": "dba5b88f"}})
}

/// The tidy tenant, whose application's keys have these ids.
pub(super) fn keyed(call: &Call) -> Reply {
    let mut reply = tenant::tidy(call);
    if call.path == "/v1.0/$batch" {
        let text = String::from_utf8(reply.body).expect("text");
        let text = text.replace("\"k1\"", &format!("\"{}\"", K1.to_uppercase()));
        reply.body = text.replace("\"k0\"", &format!("\"{K0}\"")).into_bytes();
    }
    reply
}

fn raia(snapshot: &Snapshot) -> &RegistrationEvidence {
    snapshot.registration("raia").expect("raia is collected")
}

/// The last uses of the application's credentials by key id, in lower case.
fn uses(snapshot: &Snapshot) -> Vec<(String, Observed<LastUse>)> {
    let Observed::Known(Presence::Present(application)) = &raia(snapshot).application else {
        panic!("{:?}", raia(snapshot).application);
    };
    let credentials = application.credentials.known().expect("credentials");
    credentials
        .iter()
        .map(|one| (one.key_id.to_lowercase(), one.last_use.clone()))
        .collect()
}

fn at(text: &str) -> Observed<LastUse> {
    Observed::Known(LastUse::At(text.parse().expect("a date")))
}

fn asked(cloud: &Cloud) -> usize {
    let calls = cloud.calls();
    calls
        .iter()
        .filter(|call| call.path.starts_with("/beta/"))
        .count()
}

fn gap_of<T: std::fmt::Debug>(fact: &Observed<T>) -> &Gap {
    fact.gap().unwrap_or_else(|| panic!("{fact:?}"))
}

#[tokio::test]
async fn each_report_is_read_once_and_joined_by_client_and_key_id() {
    let cloud = Cloud::start(keyed).await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    assert_eq!(
        uses(&snapshot),
        [
            (K0.to_owned(), Observed::Known(LastUse::NotReported)),
            (K1.to_owned(), at("2026-11-19T23:59:55.212Z")),
        ]
    );
    assert_eq!(raia(&snapshot).last_sign_in, at("2026-11-19T23:59:55.212Z"));
    assert_eq!(asked(&cloud), 2);
}

#[tokio::test]
async fn a_report_cut_short_keeps_what_was_found_and_concludes_nothing_by_absence() {
    let cloud = Cloud::start(|call| match call.path.as_str() {
        CREDENTIALS if call.query.contains("skiptoken") => Reply::json(500, &json!({})),
        CREDENTIALS => Reply::json(
            200,
            &json!({"value": [used(K1, CLIENT, "2026-11-19T23:59:55Z")], "@odata.nextLink":
                format!("https://graph.microsoft.com{CREDENTIALS}?$skiptoken=3f1d")}),
        ),
        _ => keyed(call),
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let uses = uses(&snapshot);
    assert_eq!(uses[1].1, at("2026-11-19T23:59:55Z"));
    let gap = gap_of(&uses[0].1);
    assert_eq!(gap.kind, GapKind::Truncated);
    assert!(
        gap.seen
            .starts_with("the sign-in report of credentials: 1 read, then page 2: "),
        "{gap}"
    );
    assert!(raia(&snapshot).last_sign_in.known().is_some());
}

/// Every report answers so; the gaps of a credential and of the client.
async fn refused(status: u16, code: &'static str) -> (Gap, Gap) {
    let cloud = Cloud::start(move |call| {
        if call.path.starts_with("/beta/") {
            return Reply::error(status, code);
        }
        keyed(call)
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    assert_eq!(asked(&cloud), 2);
    let credential = gap_of(&uses(&snapshot)[0].1).clone();
    (credential, gap_of(&raia(&snapshot).last_sign_in).clone())
}

#[tokio::test]
async fn a_missing_licence_is_named_and_is_no_missing_right() {
    let code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant";
    for (gap, workload) in {
        let (credential, client) = refused(403, code).await;
        [(credential, true), (client, false)]
    } {
        assert_eq!((gap.kind, &gap.missing), (GapKind::NotLicensed, &None));
        assert!(
            gap.seen.contains("answered 403 Authentication_Request"),
            "{gap}"
        );
        let remedy = gap.remedy.expect("a licence is named");
        assert!(remedy.contains("Microsoft Entra ID P1 or P2"), "{remedy}");
        assert_eq!(remedy.contains("Workload ID"), workload, "{remedy}");
    }
}

#[tokio::test]
async fn a_missing_right_is_named_for_applications_and_for_users() {
    for (code, right) in [
        (
            "Authentication_MSGraphPermissionMissing",
            "AuditLog.Read.All",
        ),
        ("Authorization_RequestDenied", "AuditLog.Read.All"),
        (
            "Authentication_RequestFromUnsupportedUserRole",
            "Reports Reader",
        ),
    ] {
        let (credential, client) = refused(403, code).await;
        for gap in [credential, client] {
            assert_eq!(gap.kind, GapKind::Denied, "{gap}");
            let missing = gap.missing.expect("a right");
            assert!(missing.role.contains(right), "{missing}");
            assert_eq!(missing.scope, format!("tenant {}", tenant::TENANT));
            assert_eq!(
                missing.identity,
                format!("the auditor (client id {})", tenant::AUDITOR)
            );
        }
    }
}

#[tokio::test]
async fn a_code_that_is_not_known_proves_nothing() {
    let (credential, client) = refused(403, "SomethingNew").await;
    for gap in [credential, client] {
        assert_eq!((gap.kind, gap.missing), (GapKind::Unrecognised, None));
    }
}

#[tokio::test]
async fn a_page_size_that_is_not_taken_is_left_out() {
    let cloud = Cloud::start(|call| {
        if call.path.starts_with("/beta/") && call.query.contains("$top") {
            return Reply::error(400, "Request_BadRequest");
        }
        let mut call = call.clone();
        if call.path.starts_with("/beta/") {
            call.query = "$top=999".into();
        }
        keyed(&call)
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    assert!(raia(&snapshot).last_sign_in.known().is_some());
    assert_eq!(asked(&cloud), 4);
}

#[tokio::test]
async fn a_report_that_leads_elsewhere_is_not_followed() {
    let cloud = Cloud::start(|call| {
        if call.path.starts_with("/beta/") {
            let next = "https://graph.microsoft.us/beta/reports";
            return Reply::json(200, &json!({"value": [], "@odata.nextLink": next}));
        }
        keyed(call)
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let gap = gap_of(&raia(&snapshot).last_sign_in);
    assert!(gap.seen.contains("the token was not sent there"), "{gap}");
    assert!(
        cloud
            .calls()
            .iter()
            .all(|call| call.host != "graph.microsoft.us")
    );
}

/// Six pages take longer than the run has, where five requests go at once and the next in an hour.
#[tokio::test]
async fn what_comes_after_the_deadline_is_not_waited_for() {
    let cloud = Cloud::start(|call| {
        if call.path == CLIENTS {
            let page = call
                .query
                .rsplit('=')
                .next()
                .and_then(|text| text.parse().ok());
            let next: u32 = page.filter(|page| *page < 999).unwrap_or(0) + 1;
            let next = format!("https://graph.microsoft.com{CLIENTS}?$skiptoken={next}");
            return Reply::json(200, &json!({"value": [], "@odata.nextLink": next}));
        }
        keyed(call)
    })
    .await;
    let mut options = cloud.options();
    options.report_span = std::time::Duration::from_secs(3_600);
    let snapshot = collect(&estate(), None, &options).await;
    let gap = gap_of(&raia(&snapshot).last_sign_in);
    assert_eq!(gap.kind, GapKind::TimedOut);
    assert!(gap.seen.contains("the run's deadline comes first"), "{gap}");
    assert_eq!(asked(&cloud), 5, "of both reports together");
    assert_eq!(uses(&snapshot)[1].1, at("2026-11-19T23:59:55.212Z"));
}

#[tokio::test]
async fn without_a_client_id_and_in_other_clouds_nobody_asks() {
    let cloud = Cloud::start(keyed).await;
    let mut without = estate();
    without.registrations[0].client_id = ClientId::Secret(crate::estate::EntryRef {
        vault: "crm".into(),
        name: "none".into(),
    });
    let snapshot = collect(&without, None, &cloud.options()).await;
    let gap = gap_of(&raia(&snapshot).last_sign_in);
    assert_eq!(gap.kind, GapKind::NotReached);
    assert!(
        gap.seen.starts_with("the client id is not known: "),
        "{gap}"
    );
    let mut elsewhere = estate();
    for tenant in elsewhere.tenants.values_mut() {
        tenant.cloud = Place::UsGovernment;
    }
    elsewhere.environments.clear();
    elsewhere.vaults.clear();
    let snapshot = collect(&elsewhere, None, &cloud.options()).await;
    assert_eq!(asked(&cloud), 0);
    // Without its environment the registration stands in no tenant, so that no report speaks of it.
    assert!(raia(&snapshot).last_sign_in.gap().is_some());
}
