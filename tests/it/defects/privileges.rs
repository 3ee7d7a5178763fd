//! What a registration may do: each defect alone, found as the root with its declared consequences.

use credaudit::inside::{CellState, PrivilegeCell};
use credaudit::inside::{Operation, Service};

use toml::Value;

use super::{APP, list, parsed};
use crate::tenant::Tenant;

fn expected(tenant: &mut Tenant) -> &mut toml::Table {
    tenant.registration(APP)["dataverse"]
        .as_table_mut()
        .unwrap()
}

/// The estate states an operation on a table.
fn state(tenant: &mut Tenant, side: &str, operation: &str, tables: Value) {
    let side = expected(tenant)[side].as_table_mut().unwrap();
    side.insert(operation.to_owned(), tables);
}

/// The role gives an operation on a table.
fn give(tenant: &mut Tenant, operation: &str, table: &str) {
    let role = tenant.role("prod", "ERP Bridge");
    let tables = role
        .entry(operation)
        .or_insert_with(|| Value::Array(Vec::new()));
    tables.as_array_mut().unwrap().push(table.into());
}

fn permit(tenant: &mut Tenant, text: &str) {
    let permissions = tenant
        .application(APP)
        .entry("permissions")
        .or_insert_with(|| Value::Array(Vec::new()));
    permissions
        .as_array_mut()
        .unwrap()
        .push(parsed(text).into());
}

fn declare<const N: usize>(tenant: &mut Tenant, permissions: [&str; N]) {
    tenant
        .registration(APP)
        .insert("permissions".into(), list(permissions));
}

defects! {
    write_on_a_denied_table: "forbidden-privilege-held" => [], |tenant| {
        give(&mut tenant, "write", "account");
    }
    append_to_a_denied_table: "forbidden-privilege-held" => [], |tenant| {
        state(&mut tenant, "deny", "append-to", list(["product"]));
        give(&mut tenant, "append-to", "product");
    }
    by_team: "forbidden-privilege-held" => [], |tenant| {
        expected(&mut tenant).insert("roles".into(), list(["ERP Bridge", "Cleaners"]));
        let environment = &mut tenant.scenario["environments"]["prod"];
        let role = parsed("name = \"Cleaners\"\ndelete = [\"account\"]");
        environment["roles"].as_array_mut().unwrap().push(role.into());
        let team = parsed("name = \"Cleaners\"\nroles = [\"Cleaners\"]");
        environment["teams"].as_array_mut().unwrap().push(team.into());
        tenant.user("prod", APP).insert("teams".into(), list(["Cleaners"]));
    }
    by_the_activity_privilege: "forbidden-privilege-held" => [], |tenant| {
        state(&mut tenant, "deny", "write", list(["phonecall"]));
        give(&mut tenant, "write", "task");
    }
    by_the_order_privilege: "forbidden-privilege-held" => [], |tenant| {
        give(&mut tenant, "delete", "salesorder");
    }
    by_the_note_privilege: "forbidden-privilege-held" => [], |tenant| {
        state(&mut tenant, "deny", "delete", list(["annotation"]));
        give(&mut tenant, "delete", "annotation");
    }
    one_privilege_for_both: "forbidden-access-granted" => [], |tenant| {
        state(&mut tenant, "allow", "read", list(["account", "product", "salesorder", "task"]));
        state(&mut tenant, "deny", "read", list(["incident", "lead", "phonecall"]));
        give(&mut tenant, "read", "task");
    }
    allowed_write_not_given: "expected-access-refused" => [], |tenant| {
        state(&mut tenant, "allow", "write", list(["contact", "salesorder"]));
    }
    only_written_and_absent: "declared-name-absent" => [], |tenant| {
        state(&mut tenant, "allow", "write", list(["cnt_nosuchtable", "salesorder"]));
    }
    not_only_reading: "read-only-broken" => ["forbidden-privilege-held"], |tenant| {
        let reader = tenant.registration("power-bi-extract")["dataverse"].as_table_mut().unwrap();
        reader.insert("read-only".into(), true.into());
        reader["deny"].as_table_mut().unwrap().insert("create".into(), list(["contact"]));
        tenant.role("prod", "Power BI Extract").insert("create".into(), list(["contact"]));
    }
    too_deep: "privilege-depth-too-wide" => [], |tenant| {
        tenant.role("prod", "Marketing Events").remove("depth");
    }
    copied_administrator: "administrator-role" => ["forbidden-access-granted", "forbidden-privilege-held"], |tenant| {
        let role = tenant.role("prod", "ERP Bridge");
        role.insert("copy-of".into(), "system-administrator".into());
    }
    refused_though_given: "evidence-disagrees" => [], |tenant| {
        give(&mut tenant, "read", "incident");
        let client = tenant.application(APP)["client-id"].clone();
        tenant.fault(&format!(
            "client = {client}\npath-contains = \"/incidents\"\nstatus = 403\nheaders = {{ content-type = \"application/json\" }}\nbody = '{{\"error\":{{\"code\":\"0x80040220\",\"message\":\"\"}}}}'",
        ));
    }
    directory_writer: "powerful-application-permission" => [], |tenant| {
        let roles = list(["Directory.ReadWrite.All"]);
        tenant.application(APP).insert("graph-permissions".into(), roles);
    }
    more_than_declared: "unexpected-permission" => [], |tenant| {
        declare(&mut tenant, []);
        let roles = list(["User.ReadBasic.All"]);
        tenant.application(APP).insert("graph-permissions".into(), roles);
    }
    never_consented: "consent-missing" => [], |tenant| {
        declare(&mut tenant, ["Dynamics ERP/Connector.FullAccess"]);
    }
    never_consented_though_asked_for: "consent-missing" => [], |tenant| {
        declare(&mut tenant, ["Dynamics ERP/Connector.FullAccess"]);
        permit(&mut tenant, "resource = \"Dynamics ERP\"\nname = \"Connector.FullAccess\"\ngranted = false");
    }
    asked_for_and_never_granted: "requested-permission-not-granted" => [], |tenant| {
        permit(&mut tenant, "resource = \"Dynamics ERP\"\nname = \"Connector.FullAccess\"\ngranted = false");
    }
    asked_for_beside_the_declared: "requested-permission-not-granted" => [], |tenant| {
        declare(&mut tenant, ["Dynamics ERP/Connector.FullAccess"]);
        permit(&mut tenant, "resource = \"Dynamics ERP\"\nname = \"Connector.FullAccess\"");
        permit(&mut tenant, "resource = \"Microsoft Graph\"\nname = \"User.Read.All\"\ngranted = false");
    }
    acts_for_people: "unneeded-delegated-permission" => [], |tenant| {
        permit(&mut tenant, "resource = \"Dynamics CRM\"\nname = \"user_impersonation\"");
    }
}

/// What it looks like where all is as declared: reads proven by both kinds of evidence, the rest by what is
/// granted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tidy_tenant_is_proven_by_both_kinds_of_evidence() {
    let audited = Tenant::tidy().audit().await;
    for view in &audited.assessment.registrations {
        for cell in &view.privileges {
            let state = match (cell.service, cell.operation, cell.open) {
                (Service::FinOps, _, _) => CellState::ObservedOnly,
                (_, Operation::Read, Some(true)) => CellState::ProvenOpen,
                (_, Operation::Read, _) => CellState::ProvenRefused,
                _ => CellState::GrantedOnly,
            };
            assert_eq!(cell.state, state, "{}: {cell:?}", view.name);
            assert_eq!(cell.as_stated, Some(true), "{}: {cell:?}", view.name);
        }
    }
}

/// A server that does as it is told: the audit reports itself, and sends nothing more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_probe_that_is_honoured_is_an_incident_of_the_audit() {
    let mut tenant = Tenant::tidy();
    tenant.probe_writes = true;
    let environment = tenant.scenario["environments"]["test"].as_table_mut();
    environment
        .unwrap()
        .insert("honours-every-write".into(), true.into());
    let audited = tenant.audit().await;
    assert_eq!(audited.roots(), ["write-probe-honoured"].into());
    let inside = audited.consequences();
    assert!(
        inside.iter().all(|check| *check == "evidence-disagrees"),
        "{inside:?}"
    );
    let host = tenant.scenario["environments"]["test"]["host"]
        .as_str()
        .unwrap();
    let host = format!("{}.", host.split('.').next().unwrap());
    let sent = |method: &str| {
        let those = audited
            .requests
            .iter()
            .filter(|request| request.method == method && request.host.starts_with(&host));
        those.count()
    };
    assert_eq!(
        sent("PATCH") + sent("DELETE"),
        1,
        "no further probe is sent"
    );
}

/// What a firewall answers is no answer about privileges, whatever its status.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_firewalls_403_leaves_only_what_is_granted() {
    let mut tenant = Tenant::tidy();
    let client = tenant.application(APP)["client-id"].clone();
    tenant.fault(&format!(
        "client = {client}\npath-contains = \"/incidents\"\nstatus = 403\nheaders = {{ content-type = \"application/json\" }}\nbody = '{{\"error\":{{\"code\":\"0x80095ffe\",\"message\":\"\"}}}}'",
    ));
    let audited = tenant.audit().await;
    let views = &audited.assessment.registrations;
    let view = views.iter().find(|view| view.name == APP).unwrap();
    let is = |cell: &&PrivilegeCell| cell.thing == "incident" && cell.operation == Operation::Read;
    let cell = view.privileges.iter().find(is).unwrap();
    assert_eq!(cell.state, CellState::GrantedOnly, "{cell:?}");
    assert!(cell.observed.letters().contains("0x80095ffe"), "{cell:?}");
    assert!(audited.assessment.verdict.incomplete);
}
