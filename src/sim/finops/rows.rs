//! What stands in the collections: clients, users and roles from the scenario, business data made up.

use serde_json::{Value, json};

use super::Desk;
use crate::sim::catalogue::Collection;
use crate::sim::names::BUSINESS_CANARY;
use crate::sim::scenario::FinopsRole;

/// Companies of the ledger; the first is every user's own.
const COMPANIES: [&str; 2] = ["nl01", "de01"];

pub(super) fn of_collection(desk: &Desk<'_>, collection: &Collection) -> Vec<Value> {
    match collection.set.as_str() {
        "SysAADClients" => clients(desk),
        "SystemUsers" => users(desk),
        "SecurityUserRoles" => assignments(desk),
        _ => COMPANIES
            .iter()
            .flat_map(|company| (1..=3).map(move |number| business(collection, company, number)))
            .collect(),
    }
}

/// Whether a row belongs to the company a user works in. What has no company belongs to all.
pub(super) fn in_own_company(row: &Value) -> bool {
    row.get("dataAreaId")
        .is_none_or(|company| company == COMPANIES[0])
}

fn clients(desk: &Desk<'_>) -> Vec<Value> {
    let row = |(application, user): (&str, &str)| {
        let id = &desk.world.scenario.application(application)?.client_id;
        Some(json!({ "AADClientId": id, "Name": application, "UserId": user }))
    };
    desk.finops
        .clients
        .iter()
        .filter_map(|client| row((&client.application, &client.user)))
        .collect()
}

fn users(desk: &Desk<'_>) -> Vec<Value> {
    let people = &desk.world.scenario.people;
    desk.finops
        .users
        .iter()
        .map(|user| {
            let person = user.person.as_ref().and_then(|key| people.get(key));
            let alias = person.map_or_else(
                || format!("{}@contoso.com", user.name.to_lowercase()),
                |person| person.mail.clone(),
            );
            json!({
                "UserID": user.name,
                "UserName": user.name,
                "Alias": alias,
                "Company": COMPANIES[0],
                "Enabled": !user.disabled,
                "AccountType": "ClaimsUser",
            })
        })
        .collect()
}

fn assignments(desk: &Desk<'_>) -> Vec<Value> {
    desk.finops
        .users
        .iter()
        .flat_map(|user| {
            super::roles(desk.finops, user).map(|role| {
                json!({
                    "UserId": user.name,
                    "SecurityRoleIdentifier": identifier(role),
                    "SecurityRoleName": role.name,
                    "AssignmentStatus": "Enabled",
                    "AssignmentMode": "Manual",
                    "UserLicenseType": "None",
                })
            })
        })
        .collect()
}

fn identifier(role: &FinopsRole) -> String {
    if role.administrator {
        return "-SYSADMIN-".to_owned();
    }
    role.name
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric())
        .map(|letter| letter.to_ascii_uppercase())
        .collect()
}

/// Made-up business data, marked so that a copy of it is found wherever it ends up.
fn business(collection: &Collection, company: &str, number: u32) -> Value {
    let mut row = json!({});
    for field in collection.keys.iter().chain(&collection.fields) {
        row[field] = match field.as_str() {
            "dataAreaId" => company.into(),
            "LineNumber" => number.into(),
            _ => format!("{BUSINESS_CANARY} {field} {number:06}").into(),
        };
    }
    row
}
