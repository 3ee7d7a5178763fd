//! The inventory of a whole tenant, and what it costs.

use serde_json::{Value, json};

use super::cloud::{Call, Cloud, Reply};
use super::reports::keyed;
use super::tenant::{CLIENT, TENANT, estate, object};
use crate::collect::collect;
use crate::estate::{Estate, Scope};
use crate::evidence::{InventoryEntry, PrincipalKind, Snapshot, Trace};
use crate::model::{GapKind, Listing, Observed, Service};

const CRM: &str = "00000007-0000-0000-c000-000000000000";
const CRM_OBJECT: &str = "0b7a2f0e-0000-4a55-8a64-000000000007";
const ROLE: &str = "99999999-0000-4000-8000-000000000001";

fn whole() -> Estate {
    let mut estate = estate();
    estate.auditor.scope = Scope::Tenant;
    estate
}

fn client(number: usize) -> String {
    format!("5b7a2f0e-2d35-4a55-8a64-0000000{number:05}")
}

/// Every tenth application asks for Dynamics; number 0 is the registration of the estate.
fn application(number: usize) -> Value {
    let mut row = object("/applications");
    let asks = json!([{"resourceAppId": CRM, "resourceAccess": [{"id": ROLE, "type": "Role"}]}]);
    row["requiredResourceAccess"] = if number % 10 == 1 { asks } else { json!([]) };
    row["appId"] = json!(CLIENT);
    if number > 0 {
        row["appId"] = json!(client(number));
        row["displayName"] = json!(format!("Application {number}"));
    }
    row
}

fn principal(number: usize) -> Value {
    json!({"id": format!("0b7a2f0e-2d35-4a55-8a64-0000000{number:05}"), "accountEnabled": true,
        "appId": if number == 0 { CLIENT.to_owned() } else { client(number) },
        "displayName": format!("Principal {number}"), "servicePrincipalType": "Application",
        "appOwnerOrganizationId": TENANT, "tags": [], "passwordCredentials": [], "keyCredentials": []})
}

/// A page of at most 999 rows.
fn page(call: &Call, count: usize, row: impl Fn(usize) -> Value) -> Reply {
    assert!(call.query.contains("$top=999") || call.query.contains("skiptoken"));
    let first = call.query.split("skiptoken=").nth(1);
    let first: usize = first.map_or(0, |text| text.parse().expect("a place"));
    let rows: Vec<Value> = (first..count.min(first + 999)).map(row).collect();
    let mut body = json!({ "value": rows });
    if first + 999 < count {
        let path = &call.path;
        body["@odata.nextLink"] = json!(format!(
            "https://graph.microsoft.com{path}?$skiptoken={}",
            first + 999
        ));
    }
    Reply::json(200, &body)
}

/// A tenant of so many applications; principal 3 was granted a role of Dynamics CRM.
fn tenant_of(count: usize) -> impl Fn(&Call) -> Reply + Send + Sync + 'static {
    move |call| match call.path.as_str() {
        "/v1.0/applications" => page(call, count, application),
        "/v1.0/servicePrincipals" => page(call, count, principal),
        "/v1.0/$batch" if call.body.contains(CRM) => Reply::json(
            200,
            &json!({"responses": [
                {"id": "1", "status": 404, "body": {"error": {"code": "Request_ResourceNotFound"}}},
                {"id": "0", "status": 200, "body": {"id": CRM_OBJECT,
                    "appRoles": [{"id": ROLE, "value": "Work.All"}], "oauth2PermissionScopes": []}}]}),
        ),
        path if path == format!("/v1.0/servicePrincipals/{CRM_OBJECT}/appRoleAssignedTo") => {
            page(call, 1, |_| {
                json!({"principalId": principal(3)["id"], "principalType": "ServicePrincipal",
                    "appRoleId": ROLE})
            })
        }
        _ => keyed(call),
    }
}

fn taken(snapshot: &Snapshot) -> &Listing<InventoryEntry> {
    let directory = &snapshot.directories["contoso"];
    directory
        .inventory
        .as_ref()
        .expect("an inventory was asked for")
}

fn to_graph(snapshot: &Snapshot) -> u32 {
    let counts = snapshot.requests.iter();
    counts
        .filter(|count| count.service == Service::Graph)
        .map(|count| count.requests)
        .sum()
}

#[tokio::test]
async fn everything_that_has_to_do_with_dynamics_is_found() {
    let cloud = Cloud::start(tenant_of(12)).await;
    let snapshot = collect(&whole(), None, &cloud.options()).await;
    let inventory = taken(&snapshot);
    assert_eq!(inventory.gap, None);
    let found: Vec<_> = inventory
        .items
        .iter()
        .map(|entry| (entry.client_id.clone(), entry.traces.clone()))
        .collect();
    let declares = || vec![Trace::Declares("Dynamics CRM/Work.All".into())];
    assert_eq!(
        found,
        [
            (client(1), declares()),
            (
                client(3),
                vec![Trace::Granted("Dynamics CRM/Work.All".into())]
            ),
            (client(11), declares()),
            (
                CLIENT.to_owned(),
                vec![Trace::ApplicationUser("prod".into())]
            ),
        ]
    );
    let own = &inventory.items[3];
    assert_eq!(own.kind, Observed::Known(PrincipalKind::Own));
    assert_eq!(
        own.last_sign_in,
        snapshot.registrations["raia"].last_sign_in
    );
    let credentials = own.credentials.known().expect("credentials");
    assert!(credentials.iter().all(|one| one.last_use.known().is_some()));
    // The registration itself is known as in any other run.
    let raia = &snapshot.registrations["raia"];
    assert!(raia.application.known().is_some() && raia.service_principal.known().is_some());
    assert_eq!(raia.owners.whole().map(<[_]>::len), Ok(1));
}

#[tokio::test]
async fn a_thousand_applications_cost_two_pages_and_nothing_each() {
    let cloud = Cloud::start(tenant_of(1_000)).await;
    let snapshot = collect(&whole(), None, &cloud.options()).await;
    let inventory = taken(&snapshot);
    assert_eq!((inventory.items.len(), &inventory.gap), (102, &None));
    assert_eq!(snapshot.directories["contoso"].applications_read, 1_000);
    // More than without: two pages of each list, Dynamics in one batch and who holds its roles.
    let cloud = Cloud::start(keyed).await;
    let without = to_graph(&collect(&estate(), None, &cloud.options()).await);
    assert_eq!(
        to_graph(&snapshot),
        without + 2 + 2 + 1 + 1,
        "{:?}",
        snapshot.requests
    );
}

#[tokio::test]
async fn in_the_estates_scope_there_is_none_and_no_request_more() {
    let cloud = Cloud::start(keyed).await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    assert_eq!(snapshot.directories["contoso"].inventory, None);
    for call in cloud.calls() {
        assert!(!call.body.contains(CRM), "{call:?}");
        let listed =
            ["/v1.0/applications", "/v1.0/servicePrincipals"].contains(&call.path.as_str());
        assert!(!listed, "{call:?}");
    }
}

#[tokio::test]
async fn an_estate_without_registrations_has_an_inventory_too() {
    let cloud = Cloud::start(tenant_of(12)).await;
    let mut estate = whole();
    estate.registrations.clear();
    let snapshot = collect(&estate, None, &cloud.options()).await;
    let inventory = taken(&snapshot);
    assert_eq!((inventory.items.len(), &inventory.gap), (4, &None));
    assert!(
        inventory
            .items
            .iter()
            .all(|entry| entry.last_sign_in.known().is_some())
    );
}

#[tokio::test]
async fn a_refused_list_or_resource_cuts_the_inventory_short() {
    for refused in [
        "/v1.0/applications",
        "appRoleAssignedTo",
        "/v1.0/servicePrincipals",
        "systemusers",
    ] {
        let tidy = tenant_of(12);
        let cloud = Cloud::start(move |call| {
            if call.path.ends_with(refused) {
                return Reply::error(403, "Authorization_RequestDenied");
            }
            tidy(call)
        })
        .await;
        let snapshot = collect(&whole(), None, &cloud.options()).await;
        let gap = taken(&snapshot).gap.as_ref().expect("cut short");
        assert_eq!(gap.kind, GapKind::Denied, "{refused}: {gap}");
        assert!(gap.missing.is_some(), "{refused}: {gap}");
    }
}

#[tokio::test]
async fn an_auditor_who_cannot_sign_in_leaves_an_inventory_that_says_so() {
    let cloud = Cloud::start(tenant_of(12)).await;
    let mut options = cloud.options();
    options.environment.client_secret = Some("wrong".to_owned().into());
    let snapshot = collect(&whole(), None, &options).await;
    let inventory = taken(&snapshot);
    assert!(inventory.items.is_empty());
    let gap = inventory.gap.as_ref().expect("nothing was read");
    assert!(gap.seen.contains("AADSTS7000215"), "{gap}");
}

/// An environment of Finance & Operations alone, which no registration expects anything of: its list says
/// whether one of another environment is a client there, too.
#[tokio::test]
async fn finops_clients_are_asked_for_once_in_either_scope() {
    for scope in [Scope::Tenant, Scope::Estate] {
        let tidy = tenant_of(12);
        let cloud = Cloud::start(move |call| match call.path.as_str() {
            "/data/SysAADClients" => Reply::json(
                200,
                &json!({"value": [{"AADClientId": format!("{{{}}}", client(5)), "UserId": "Admin"}]}),
            ),
            _ => tidy(call),
        })
        .await;
        let mut estate = estate();
        estate.auditor.scope = scope;
        let fno =
            json!({"tenant": "contoso", "tier": "test", "finops": "fno.operations.dynamics.com"});
        let fno = serde_json::from_value(fno).expect("a literal environment");
        estate.environments.insert("fno".into(), fno);
        let snapshot = collect(&estate, None, &cloud.options()).await;
        let asked = cloud
            .calls()
            .iter()
            .filter(|call| call.host.starts_with("fno"))
            .count();
        assert_eq!(asked, 1);
        if scope == Scope::Estate {
            continue;
        }
        let traces = |entry: &InventoryEntry| entry.traces.clone();
        let found = taken(&snapshot)
            .items
            .iter()
            .find(|entry| entry.client_id == client(5));
        assert_eq!(
            found.map(traces),
            Some(vec![Trace::FinopsClient("fno".into())])
        );
        assert_eq!(taken(&snapshot).gap, None);
    }
}
