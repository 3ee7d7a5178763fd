//! What is in the inventory and why, what it says of each, and what cuts it short.

use serde_json::{Value, json};

use super::resources::{Assigned, Resource, assigned_rows};
use super::{Lists, Sources, inventory};
use crate::collect::graph::reports::Reports;
use crate::evidence::{ApplicationUser, InventoryEntry, ListedSecret, PrincipalKind, Trace};
use crate::model::{Gap, GapKind, Listing, Observed};

const TENANT: &str = "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001";
const CRM: (&str, &str) = ("00000007-0000-0000-c000-000000000000", "Dynamics CRM");
const USER_IMPERSONATION: &str = "78ce3f0f-a1ce-49c2-8cde-64b5c0896db4";
const ROLE: &str = "99999999-0000-4000-8000-000000000001";

fn id(number: u32) -> String {
    format!("5b7a2f0e-2d35-4a55-8a64-0000000{number:05}")
}

fn object_id(number: u32) -> String {
    format!("0b7a2f0e-2d35-4a55-8a64-0000000{number:05}")
}

fn application(number: u32, asks_for: &Value) -> Value {
    json!({"id": "app", "appId": id(number).to_uppercase(), "displayName": format!("Sync number {number}"),
        "requiredResourceAccess": asks_for, "keyCredentials": [],
        "passwordCredentials": [{"keyId": "a1", "endDateTime": "2027-01-01T00:00:00Z"}]})
}

fn principal(number: u32) -> Value {
    json!({"id": object_id(number), "appId": id(number), "displayName": format!("Principal {number}"),
        "servicePrincipalType": "Application", "tags": [], "appOwnerOrganizationId": TENANT,
        "keyCredentials": [], "passwordCredentials": [{"keyId": "p1", "endDateTime": "2026-01-01T00:00:00Z"}]})
}

fn access(resource: &str, id: &str) -> Value {
    json!([{"resourceAppId": "00000003-0000-0000-c000-000000000000",
            "resourceAccess": [{"id": "b633e1c5-b582-4048-a93e-9f11b44c7e96", "type": "Role"}]},
        {"resourceAppId": resource, "resourceAccess": [{"id": id, "type": "Scope"}]}])
}

fn crm(assigned: Listing<Assigned>) -> Resource {
    let principal = json!({
        "oauth2PermissionScopes": [{"id": USER_IMPERSONATION, "value": "user_impersonation"}],
        "appRoles": [{"id": ROLE, "value": "Work.All"}, {"id": null}, "odd"]});
    Resource::new(CRM, Some(&principal), assigned)
}

fn nobody() -> Gap {
    Gap::new(GapKind::NotReached, "not asked")
}

/// A tenant of its own for each test.
struct Ground {
    lists: Lists,
    resources: Vec<Resource>,
    users: Listing<ApplicationUser>,
    clients: Listing<String>,
    entries: Listing<ListedSecret>,
}

impl Ground {
    fn of(applications: Vec<Value>, principals: Vec<Value>) -> Self {
        Self {
            lists: Lists {
                applications: Listing::complete(applications),
                principals: Listing::complete(principals),
            },
            resources: vec![crm(Listing::complete(Vec::new()))],
            users: Listing::complete(Vec::new()),
            clients: Listing::complete(Vec::new()),
            entries: Listing::complete(Vec::new()),
        }
    }

    fn take(&self) -> Listing<InventoryEntry> {
        let sources = Sources {
            tenant: TENANT,
            lists: &self.lists,
            resources: &self.resources,
            users: vec![("prod", &self.users)],
            finops_clients: vec![("prod", self.clients.clone())],
            entries: vec![("crm", &self.entries)],
        };
        inventory(&sources, &Reports::unknown(&nobody()))
    }

    fn only(&self) -> InventoryEntry {
        let taken = self.take();
        assert_eq!((taken.items.len(), &taken.gap), (1, &None), "{taken:?}");
        taken.items[0].clone()
    }
}

fn user(client_id: &str) -> ApplicationUser {
    ApplicationUser {
        user_id: "u".into(),
        client_id: client_id.into(),
        name: Some("# Portal".into()),
        disabled: Observed::Known(false),
        business_unit_id: Observed::Unknown(nobody()),
        business_unit: Observed::Unknown(nobody()),
        in_root_unit: Observed::Unknown(nobody()),
        modified: Observed::Unknown(nobody()),
        principal: None,
        roles: None,
    }
}

#[test]
fn what_asks_for_dynamics_is_in_and_what_does_not_is_out() {
    let asks = application(1, &access(CRM.0, USER_IMPERSONATION));
    let other = application(2, &access("00000009-0000-0000-c000-000000000000", ROLE));
    let mut ground = Ground::of(vec![asks, other], vec![principal(1), principal(2)]);
    let entry = ground.only();
    assert_eq!(entry.client_id, id(1));
    assert_eq!(entry.display_name.as_deref(), Some("Sync number 1"));
    assert_eq!(entry.kind, Observed::Known(PrincipalKind::Own));
    let named = Trace::Declares("Dynamics CRM/user_impersonation".into());
    assert_eq!(entry.traces, [named]);
    let keys = entry.credentials.known().expect("both read").iter();
    let keys: Vec<_> = keys.map(|one| one.key_id.as_str()).collect();
    assert_eq!(keys, ["p1", "a1"], "by end, of both objects");
    // Without the resource's own words the id stands for the name.
    ground.resources = Resource::unknown(&nobody());
    let taken = ground.take();
    assert_eq!(taken.gap, Some(nobody()));
    let bare = Trace::Declares(format!("Dynamics CRM/{USER_IMPERSONATION}"));
    assert_eq!(taken.items[0].traces, [bare]);
}

#[test]
fn who_was_granted_a_role_is_found_by_its_object_id() {
    let rows = [
        (object_id(1), "ServicePrincipal", ROLE),
        (
            object_id(1),
            "ServicePrincipal",
            "00000000-0000-0000-0000-000000000000",
        ),
        (object_id(7), "User", ROLE),
    ]
    .map(|(id, kind, role)| json!({"principalId": id, "principalType": kind, "appRoleId": role}));
    let rows = assigned_rows("it", Listing::complete(rows.into()));
    let mut ground = Ground::of(Vec::new(), vec![principal(1), principal(2)]);
    ground.resources = vec![crm(rows)];
    let entry = ground.only();
    assert_eq!(entry.display_name.as_deref(), Some("Principal 1"));
    assert_eq!(
        entry.traces,
        ["Work.All", "default access"].map(|name| Trace::Granted(format!("Dynamics CRM/{name}")))
    );
    // One that the list does not name is somebody all the same.
    ground.lists.principals.items.remove(0);
    let taken = ground.take();
    let gap = taken.gap.expect("somebody is missing");
    assert!(gap.seen.contains(&object_id(1)), "{gap}");
    assert!(taken.items.is_empty());
}

#[test]
fn an_odd_assignment_cuts_the_list_short() {
    for row in [
        json!({"principalId": object_id(1), "appRoleId": ROLE}),
        json!({"principalType": "ServicePrincipal", "principalId": "x", "appRoleId": ROLE}),
        json!("odd"),
    ] {
        let rows = assigned_rows("it", Listing::complete(vec![row.clone()]));
        assert!(rows.items.is_empty() && rows.gap.is_some(), "{row}");
    }
}

#[test]
fn users_clients_and_entries_are_traces_too() {
    let mut ground = Ground::of(vec![application(1, &json!([]))], vec![principal(1)]);
    ground.users.items = vec![user(&id(1)), user(&id(3))];
    ground.clients.items = vec![id(1).to_uppercase()];
    let entry =
        json!({"name": "sync-number-1-secret", "attributes": {"enabled": true, "managed": false}});
    ground.entries.items = vec![serde_json::from_value(entry).expect("a literal entry")];
    let taken = ground.take();
    assert_eq!(taken.gap, None);
    assert_eq!(taken.items.len(), 2);
    assert_eq!(
        taken.items[0].traces,
        [
            Trace::ApplicationUser("prod".into()),
            Trace::FinopsClient("prod".into()),
            Trace::VaultEntry("crm/sync-number-1-secret".into()),
        ]
    );
    // Known to an environment, and to nobody in the directory.
    let stranger = &taken.items[1];
    assert_eq!(stranger.display_name.as_deref(), Some("# Portal"));
    assert_eq!(stranger.credentials, Observed::Known(Vec::new()));
    let gap = stranger.kind.gap().expect("no principal");
    assert!(gap.seen.contains("no service principal"), "{gap}");
}

#[test]
fn any_source_that_stops_early_cuts_the_inventory_short() {
    let gap = Gap::new(GapKind::Truncated, "page 2 answered 500");
    let cut: [fn(&mut Ground, Gap); 6] = [
        |ground, gap| ground.lists.applications.gap = Some(gap),
        |ground, gap| ground.lists.principals.gap = Some(gap),
        |ground, gap| ground.resources[0].assigned.gap = Some(gap),
        |ground, gap| ground.users.gap = Some(gap),
        |ground, gap| ground.clients.gap = Some(gap),
        |ground, gap| ground.entries.gap = Some(gap),
    ];
    for cut in cut {
        let mut ground = Ground::of(vec![application(1, &json!([]))], vec![principal(1)]);
        ground.users.items = vec![user(&id(1)), user(&id(2))];
        cut(&mut ground, gap.clone());
        let taken = ground.take();
        assert_eq!(taken.gap.as_ref(), Some(&gap));
        let known = &taken.items[0];
        assert!(known.kind.known().is_some() && known.credentials.known().is_some());
        let lists = &ground.lists;
        let absent = lists.applications.gap.is_none() && lists.principals.gap.is_none();
        // From a list cut short nothing is concluded by absence.
        assert_eq!(taken.items[1].credentials.known().is_some(), absent);
    }
}

#[test]
fn odd_objects_cut_the_inventory_short_or_are_unknown_in_what_is_odd() {
    let nameless = json!({"appId": null});
    assert!(
        Ground::of(vec![nameless.clone()], Vec::new())
            .take()
            .gap
            .is_some()
    );
    assert!(Ground::of(Vec::new(), vec![nameless]).take().gap.is_some());
    for odd in [json!(null), json!([{"resourceAppId": CRM.0}]), json!([7])] {
        let taken = Ground::of(vec![application(1, &odd)], vec![principal(1)]).take();
        let gap = taken.gap.expect("it may ask for anything");
        assert_eq!(gap.kind, GapKind::Malformed, "{gap}");
    }
    let asks = application(1, &access(CRM.0, USER_IMPERSONATION));
    for (field, value) in [
        ("servicePrincipalType", json!(null)),
        ("appOwnerOrganizationId", json!("contoso")),
        ("tags", json!(null)),
    ] {
        let mut odd = principal(1);
        odd[field] = value;
        let entry = Ground::of(vec![asks.clone()], vec![odd]).only();
        assert!(
            entry.kind.gap().is_some_and(|gap| gap.seen.contains(field)),
            "{field}"
        );
    }
    let mut odd = principal(1);
    odd["keyCredentials"] = json!(null);
    let entry = Ground::of(vec![asks], vec![odd]).only();
    assert!(entry.credentials.gap().is_some());
}

#[test]
fn kinds_are_told_apart() {
    let asks = || application(1, &access(CRM.0, USER_IMPERSONATION));
    let kind = |field: &str, value: Value| {
        let mut other = principal(1);
        other[field] = value;
        Ground::of(vec![asks()], vec![other]).only().kind
    };
    let is = Observed::Known;
    let microsoft = json!("f8cdef31-a31e-4b4a-93e4-5f571e91255a");
    let stranger = json!("8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0002");
    let proxy = json!(["WindowsAzureActiveDirectoryOnPremApp"]);
    assert_eq!(
        kind("appOwnerOrganizationId", microsoft),
        is(PrincipalKind::Microsoft)
    );
    assert_eq!(
        kind("appOwnerOrganizationId", stranger),
        is(PrincipalKind::Foreign)
    );
    assert_eq!(kind("tags", proxy), is(PrincipalKind::AppProxy));
    let managed = json!("ManagedIdentity");
    assert_eq!(
        kind("servicePrincipalType", managed),
        is(PrincipalKind::ManagedIdentity)
    );
    assert_eq!(
        kind("servicePrincipalType", json!("Legacy")),
        is(PrincipalKind::Legacy)
    );
    // An application without a principal is registered here, and so this tenant's own.
    assert_eq!(
        Ground::of(vec![asks()], Vec::new()).only().kind,
        is(PrincipalKind::Own)
    );
}
