//! Privileges by metadata, by user and by role, and who may ask for them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::credentials::tidy_with;
use super::{Desk, PROD, Reply};

const API: &str = "https://contoso.api.crm4.dynamics.com/api/data/v9.2";

const CHANGES: &str = "
[environments.prod]
tables = [
    { name = \"cnt_archiveentry\", set = \"cnt_archiveentrys\", schema = \"cnt_ArchiveEntry\" },
    { name = \"cnt_country\", set = \"cnt_countries\", organization-owned = true },
]
[[environments.prod.roles]]
name = \"Marketing Events\"
read = [\"campaign\", \"contact\", \"task\", \"product\"]
create = [\"campaign\"]
append = [\"campaign\"]
append-to = [\"contact\"]
depth = \"business-unit\"
depths = { contact = \"user\" }
privileges = [\"prvExportToExcel\"]
[[environments.prod.roles]]
name = \"Everything\"
copy-of = \"system-administrator\"
[[environments.prod.roles]]
name = \"Customizer\"
template = \"system-customizer\"
[[environments.prod.teams]]
name = \"Everybody\"
roles = [\"Power BI Extract\", \"Credential Auditor\"]
[[environments.prod.users]]
application = \"marketing-events\"
teams = [\"Everybody\"]
[[environments.prod.users]]
application = \"document-archive\"
odd-reads = { account = \"refused\", invoice = \"allowed\" }
";

impl Desk {
    async fn api(&self, name: &str, path: &str) -> Reply {
        let token = self.token(name, PROD).await;
        self.get(&format!("{API}/{path}"), &token).await
    }

    /// The id of an application user.
    async fn user(&self, name: &str) -> String {
        let me = self.api(name, "WhoAmI").await.json();
        me["UserId"].as_str().expect("an id").to_owned()
    }

    /// What a user holds by name and unit.
    async fn held(&self, name: &str) -> BTreeMap<(String, String), String> {
        let id = self.user(name).await;
        let path = format!("systemusers({id})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()");
        rows(&self.api("credaudit", &path).await)
    }
}

fn rows(reply: &Reply) -> BTreeMap<(String, String), String> {
    assert_eq!(reply.status, 200, "{}", reply.text);
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let body = reply.json();
    let rows = body["RolePrivileges"].as_array().expect("rows").iter();
    rows.map(|row| {
        let key = (text(row, "PrivilegeName"), text(row, "BusinessUnitId"));
        (key, text(row, "Depth"))
    })
    .collect()
}

fn depths<'a>(held: &'a BTreeMap<(String, String), String>, name: &str) -> Vec<&'a str> {
    let found = held.iter().filter(|((known, _), _)| known == name);
    found.map(|(_, depth)| depth.as_str()).collect()
}

#[tokio::test]
async fn metadata_tells_what_privileges_are_called_and_how_far_they_may_reach() {
    let desk = tidy_with(CHANGES).await;
    let path = "EntityDefinitions?$select=LogicalName,OwnershipType,Privileges";
    let body = desk.api("credaudit", path).await.json();
    let tables = body["value"].as_array().expect("rows");
    let table = |name: &str| {
        let mut named = tables.iter().filter(|row| row["LogicalName"] == name);
        named.next().unwrap_or_else(|| panic!("{name}"))
    };
    let named = |name: &str, kind: &str| {
        let all = table(name)["Privileges"].as_array().expect("rows");
        let mut found = all.iter().filter(|one| one["PrivilegeType"] == kind);
        found.next().cloned().unwrap_or_default()
    };
    for (name, kind, privilege, by_unit) in [
        ("task", "Write", "prvWriteActivity", true),
        ("phonecall", "Write", "prvWriteActivity", true),
        ("salesorder", "AppendTo", "prvAppendToOrder", true),
        ("annotation", "Delete", "prvDeleteNote", true),
        ("product", "Read", "prvReadProduct", false),
        (
            "cnt_archiveentry",
            "Create",
            "prvCreatecnt_ArchiveEntry",
            true,
        ),
        ("cnt_country", "Read", "prvReadcnt_country", false),
        ("systemuser", "None", "prvDisableUser", true),
    ] {
        let row = named(name, kind);
        assert_eq!(row["Name"], privilege, "{name}");
        for depth in ["CanBeBasic", "CanBeLocal", "CanBeDeep"] {
            assert_eq!(row[depth], by_unit, "{name} {depth}");
        }
        assert_eq!(row["CanBeGlobal"], true);
    }
    // What the organisation owns is assigned to nobody; what joins two tables has no privilege at all.
    assert!(named("product", "Assign").is_null());
    assert_eq!(table("product")["OwnershipType"], "OrganizationOwned");
    assert_eq!(
        table("systemuserroles")["Privileges"],
        serde_json::json!([])
    );
}

#[tokio::test]
async fn a_user_holds_what_its_roles_and_its_teams_give_each_as_far_as_it_reaches() {
    let desk = tidy_with(CHANGES).await;
    let held = desk.held("marketing-events").await;
    for (name, expected) in [
        ("prvReadCampaign", &["Local"][..]),
        ("prvCreateCampaign", &["Local"]),
        ("prvAppendCampaign", &["Local"]),
        ("prvReadContact", &["Basic"]),
        ("prvAppendToContact", &["Basic"]),
        ("prvReadActivity", &["Local"]),
        // Rows of the organisation: all or nothing.
        ("prvReadProduct", &["Global"]),
        ("prvExportToExcel", &["Global"]),
        // By the team.
        ("prvReadAccount", &["Global"]),
        ("prvWriteCampaign", &[]),
        ("prvReadTask", &[]),
    ] {
        assert_eq!(depths(&held, name), expected, "{name}");
    }
    // A table whose privilege is another's is read with it.
    for set in ["tasks", "phonecalls", "emails"] {
        let read = desk.api("marketing-events", &format!("{set}?$top=1")).await;
        assert_eq!(read.status, 200, "{set}");
    }

    let id = desk.user("marketing-events").await;
    let path = format!(
        "systemusers({id})/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@names)?@names=[\"prvReadActivity\",\"prvReadTask\",\"prvReadContact\",\"prvWriteContact\"]"
    );
    let asked = rows(&desk.api("credaudit", &path).await);
    let names: Vec<&str> = asked.keys().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["prvReadActivity", "prvReadContact"]);
    let many = "a".repeat(5000);
    let long = desk.api("credaudit", &format!("{path}&x={many}")).await;
    assert_eq!(long.status, 414);
}

#[tokio::test]
async fn roles_of_the_product_are_told_by_template_and_their_copies_by_what_they_give() {
    let desk = tidy_with(CHANGES).await;
    let template = "627090ff-40a3-4053-8790-584edc5be201";
    let path = format!("roles?$select=roleid,name&$filter=_roletemplateid_value eq {template}");
    let body = desk.api("credaudit", &path).await.json();
    // One in each business unit.
    assert_eq!(body["value"].as_array().map(Vec::len), Some(2));
    let id = async |name: &str| {
        let path = format!("roles?$select=roleid,_roletemplateid_value&$filter=name eq '{name}'");
        let body = desk.api("credaudit", &path).await.json();
        body["value"][0].clone()
    };
    let of = async |row: &Value| {
        let id = row["roleid"].as_str().expect("an id");
        let bare = format!("RetrieveRolePrivilegesRole(RoleId={id})");
        let alias = format!("RetrieveRolePrivilegesRole(RoleId=@r)?@r={id}");
        let held = rows(&desk.api("credaudit", &bare).await);
        assert_eq!(held, rows(&desk.api("credaudit", &alias).await));
        let quoted = format!("RetrieveRolePrivilegesRole(RoleId='{id}')");
        assert_eq!(desk.api("credaudit", &quoted).await.status, 400);
        held
    };
    let administrator = of(&body["value"][0]).await;
    for name in [
        "prvDeleteAccount",
        "prvWriteRole",
        "prvAssignRole",
        "prvExportCustomization",
        "prvReparentUser",
    ] {
        assert_eq!(depths(&administrator, name), ["Global"], "{name}");
    }
    let copy = id("Everything").await;
    assert!(copy["_roletemplateid_value"].is_null());
    assert_eq!(of(&copy).await, administrator);
    let customizer = of(&id("Customizer").await).await;
    assert_eq!(depths(&customizer, "prvPublishCustomization"), ["Global"]);
    assert_eq!(depths(&customizer, "prvWriteAccount"), ["Basic"]);
    assert_eq!(depths(&customizer, "prvReadcnt_ArchiveEntry"), ["Global"]);
    assert_eq!(depths(&customizer, "prvReadInvoice"), [] as [&str; 0]);
    let absent = "RetrieveRolePrivilegesRole(RoleId=00000000-0000-4000-a000-000000000000)";
    assert_eq!(desk.api("credaudit", absent).await.status, 404);
}

#[tokio::test]
async fn who_may_not_read_users_and_roles_learns_nothing_of_privileges() {
    let desk = tidy_with(CHANGES).await;
    let id = desk.user("erp-bridge").await;
    let own = format!("systemusers({id})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()");
    for path in [
        own.as_str(),
        "RetrieveRolePrivilegesRole(RoleId=00000000-0000-4000-a000-000000000000)",
        "roles?$select=name",
    ] {
        let refused = desk.api("erp-bridge", path).await;
        assert_eq!(refused.status, 403, "{path}: {}", refused.text);
        assert!(refused.text.contains("0x80040220"), "{}", refused.text);
    }
    let lenient =
        tidy_with("[environments.prod]\nown-user-is-readable = true\nprivilege-names = false")
            .await;
    let reply = lenient.api("erp-bridge", &own).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    // An older answer: ids without names.
    let row = &reply.json()["RolePrivileges"][0];
    assert!(
        row["PrivilegeName"].is_null() && row["PrivilegeId"].is_string(),
        "{row}"
    );
    let other = lenient.user("raia-contact-sync").await;
    let path = format!("systemusers({other})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()");
    assert_eq!(lenient.api("erp-bridge", &path).await.status, 403);
}

#[tokio::test]
async fn reads_can_be_answered_against_the_roles() {
    let desk = tidy_with(CHANGES).await;
    let refused = desk.api("document-archive", "accounts?$top=1").await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("prvReadAccount"), "{}", refused.text);
    assert_eq!(
        desk.api("document-archive", "invoices?$top=1").await.status,
        200
    );
    let held = desk.held("document-archive").await;
    assert_eq!(depths(&held, "prvReadAccount"), ["Global"]);
    assert_eq!(depths(&held, "prvReadInvoice"), [] as [&str; 0]);
}

#[tokio::test]
async fn users_say_when_they_changed_and_where_their_unit_stands() {
    let desk = tidy_with(
        "[[environments.prod.users]]\napplication = \"marketing-events\"\nchanged-days-ago = 12",
    )
    .await;
    let id = desk.client_id("marketing-events");
    let path = format!(
        "systemusers?$select=modifiedon,applicationid&$filter=applicationid eq {id}&$expand=businessunitid($select=name,_parentbusinessunitid_value)"
    );
    let body = desk.api("credaudit", &path).await.json();
    let row = &body["value"][0];
    assert_eq!(row["modifiedon"], "2026-11-09T06:00:00Z");
    assert_eq!(row["businessunitid"]["name"], "Contoso Marketing");
    assert!(row["businessunitid"]["_parentbusinessunitid_value"].is_string());
}

#[tokio::test]
async fn every_environment_has_users_of_microsofts_own() {
    let desk = tidy_with("").await;
    let path = "systemusers?$select=fullname,applicationid,isdisabled,accessmode&$filter=applicationid ne null";
    let body = desk.api("credaudit", path).await.json();
    let rows = body["value"].as_array().expect("rows");
    let known = desk.sim.world.scenario.applications.iter();
    let known: Vec<&str> = known.map(|known| known.client_id.as_str()).collect();
    let own: Vec<&Value> = rows
        .iter()
        .filter(|row| !known.contains(&row["applicationid"].as_str().expect("an id")))
        .collect();
    assert_eq!(own.len(), 4);
    for row in own {
        assert_eq!(
            (&row["isdisabled"], &row["accessmode"]),
            (&false.into(), &4.into())
        );
        assert!(row["fullname"].as_str().expect("a name").starts_with("# "));
    }
    let without = tidy_with("[environments.prod]\nmicrosoft-users = false").await;
    let body = without.api("credaudit", path).await.json();
    assert_eq!(body["value"].as_array().map(Vec::len), Some(rows.len() - 4));
}

/// In a list, what lies in another unit is missing without a word; asked for by its id, it is refused.
#[tokio::test]
async fn a_reader_of_one_unit_sees_that_unit() {
    let changes = |depth: &str| {
        format!(
            "[[environments.prod.roles]]
name = \"Credential Auditor\"
read = [\"systemuser\", \"role\", \"team\", \"businessunit\", \"organization\", \"entity\"]
depth = \"{depth}\"
[[environments.prod.users]]
application = \"credaudit\"
business-unit = \"Contoso Marketing\"
"
        )
    };
    let marketing = "marketing-events";
    let count = |reply: &Reply| reply.json()["value"].as_array().expect("a list").len();
    let mut seen = Vec::new();
    for depth in ["organization", "parent-and-child", "business-unit", "user"] {
        let desk = tidy_with(&changes(depth)).await;
        let (theirs, other) = (
            desk.user(marketing).await,
            desk.user("raia-contact-sync").await,
        );
        let mut counts = Vec::new();
        for path in ["systemusers", "roles", "teams", "businessunits"] {
            let reply = desk.api("credaudit", path).await;
            assert_eq!(reply.status, 200, "{path}");
            counts.push(count(&reply));
        }
        let one = |id: &str| format!("systemusers({id})?$expand=businessunitid($select=name)");
        for (id, inside) in [(&theirs, true), (&other, false)] {
            let reply = desk.api("credaudit", &one(id)).await;
            let may = depth == "organization" || (inside && depth != "user");
            assert_eq!(reply.status, if may { 200 } else { 403 }, "{depth}");
            if !may {
                assert_eq!(reply.json()["error"]["code"], "0x80048306");
            }
        }
        let own = format!("systemusers({theirs})/systemuserroles_association");
        let roles = desk.api("credaudit", &own).await;
        let told = (depth != "user").then_some((200, 1));
        let answered = (roles.status == 200).then(|| (200, count(&roles)));
        assert_eq!(answered, told, "{depth}");
        seen.push(counts);
    }
    // Its own unit has itself and one more user, a copy of each role, and no team.
    assert!(
        seen[0][0] > 5 && seen[0][2] == 1 && seen[0][3] == 2,
        "{seen:?}"
    );
    let copies = seen[0][1] / 2;
    assert_eq!(seen[1..3], [vec![2, copies, 0, 1], vec![2, copies, 0, 1]]);
    assert_eq!(seen[3], [1, 0, 0, 0]);
}
