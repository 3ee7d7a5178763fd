//! Privileges in the small tenant: the metadata's names, and what the privilege functions answer.

use serde_json::{Value, json};

use super::cloud::Reply;
use super::tenant::ALLOWED;

pub(super) const ADMINISTRATOR: &str = "627090ff-40a3-4053-8790-584edc5be201";
pub(super) const CUSTOMIZER: &str = "119f245c-3cc8-4b62-b31c-d1a046ced15d";
/// Ids of the product's roles in this organisation.
const ADMINISTRATORS: &str = "77777777-0000-4000-8000-0000000000a1";
const CUSTOMIZERS: &str = "77777777-0000-4000-8000-0000000000c1";

const VERBS: [&str; 8] = [
    "Create", "Read", "Write", "Delete", "Assign", "Share", "Append", "AppendTo",
];

/// Metadata names privileges after something else than the table where it likes to.
fn noun(table: &str) -> String {
    match table {
        "task" => "Activity".to_owned(),
        _ => table[..1].to_uppercase() + &table[1..],
    }
}

/// As the documentation shows them (SecurityPrivilegeMetadata).
pub(super) fn of_table(table: &str) -> Value {
    VERBS
        .iter()
        .map(|verb| {
            json!({"CanBeBasic": true, "CanBeDeep": true, "CanBeGlobal": true, "CanBeLocal": true,
                "CanBeEntityReference": false, "CanBeParentEntityReference": false,
                "Name": format!("prv{verb}{}", noun(table)), "PrivilegeId": id(verb, table), "PrivilegeType": verb})
        })
        .collect()
}

fn id(verb: &str, table: &str) -> String {
    let number: u32 = verb.bytes().chain(table.bytes()).map(u32::from).sum();
    let verb = VERBS
        .iter()
        .position(|known| *known == verb)
        .expect("a verb");
    format!("{number:08x}-0000-4000-8000-00000000000{verb}")
}

pub(super) fn row(verb: &str, table: &str, depth: &str) -> Value {
    json!({"Depth": depth, "PrivilegeId": id(verb, table), "BusinessUnitId": super::tenant::UNIT,
        "PrivilegeName": format!("prv{verb}{}", noun(table)), "RecordFilterId": "00000000-0000-0000-0000-000000000000"})
}

pub(super) fn is_asked(path: &str) -> bool {
    path == "roles" || path.contains("Privileges")
}

/// The names in `@p`.
pub(super) fn asked(query: &str) -> Vec<String> {
    let list = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "@p")
        .map(|(_, value)| value.into_owned())
        .expect("a list of names");
    serde_json::from_str(&list).expect("an array of text")
}

/// What is read of people, and the auditor's own sight of it.
pub(super) const PEOPLE: [&str; 3] = ["role", "systemuser", "team"];

pub(super) fn of_people() -> Reply {
    let rows = PEOPLE.map(|name| {
        json!({"LogicalName": name, "EntitySetName": format!("{name}s"),
            "PrimaryIdAttribute": format!("{name}id"), "Privileges": of_table(name)})
    });
    Reply::json(200, &json!({ "value": rows }))
}

/// Everybody reads what is allowed, in the whole organisation; the administrators do everything.
pub(super) fn answer(path: &str, query: &str) -> Reply {
    let reads = ALLOWED.map(|table| row("Read", table, "Global"));
    let people = PEOPLE.map(|table| row("Read", table, "Global"));
    let rows: Vec<Value> = if path == "roles" {
        let role = |id: &str, template: &str| json!({"roleid": id, "name": "x", "_roletemplateid_value": template});
        let roles = [
            role(ADMINISTRATORS, ADMINISTRATOR),
            role(CUSTOMIZERS, CUSTOMIZER),
        ];
        return Reply::json(200, &json!({ "value": roles }));
    } else if path.contains("ByNames(PrivilegeNames=@p)") {
        let names = asked(query);
        let held = |row: &Value| {
            names
                .iter()
                .any(|name| row["PrivilegeName"] == name.as_str())
        };
        reads.into_iter().chain(people).filter(held).collect()
    } else if path == format!("RetrieveRolePrivilegesRole(RoleId={ADMINISTRATORS})") {
        let all = VERBS
            .iter()
            .flat_map(|verb| ALLOWED.map(|table| row(verb, table, "Global")));
        all.collect()
    } else if path == format!("RetrieveRolePrivilegesRole(RoleId={CUSTOMIZERS})") {
        VERBS.map(|verb| row(verb, "lead", "Global")).to_vec()
    } else if path.starts_with("RetrieveRolePrivilegesRole(RoleId=") {
        let mut rows = reads.to_vec();
        rows.push(row("Write", "lead", "Local"));
        rows
    } else if path.ends_with("RetrieveUserPrivileges()") {
        reads.to_vec()
    } else {
        panic!("{path} was asked")
    };
    Reply::json(200, &json!({ "RolePrivileges": rows }))
}
