//! What stands in the tables: people and roles from the scenario, business data made up on the spot.

use serde_json::{Value, json};

use super::{Desk, people};
use crate::sim::catalogue::Table;
use crate::sim::names::{BUSINESS_CANARY, guid};

pub(super) fn of_table(desk: &Desk<'_>, table: &Table) -> Vec<Value> {
    match table.name.as_str() {
        "systemuser" => people::users(desk),
        "team" => people::teams(desk),
        "role" => people::roles(desk),
        "businessunit" => people::units(desk),
        "organization" => people::organizations(desk),
        _ => (1..=3)
            .map(|number| business(desk, table, number))
            .collect(),
    }
}

/// Records that a navigation leads to from `row`, and their table.
pub(super) fn related(
    desk: &Desk<'_>,
    table: &Table,
    row: &Value,
    navigation: &str,
) -> Option<(Table, Vec<Value>)> {
    let id = row[&table.id_field].as_str().unwrap_or_default();
    let to = |name: &str, rows: Vec<Value>| Some((desk.environment.table(name)?, rows));
    match (table.name.as_str(), navigation) {
        ("systemuser", "systemuserroles_association") => {
            to("role", people::roles_of_user(desk, id))
        }
        ("systemuser", "teammembership_association") => to("team", people::teams_of_user(desk, id)),
        ("team", "teamroles_association") => to("role", people::roles_of_team(desk, id)),
        ("team", "teammembership_association") => {
            let member = |user: &Value| {
                let user = user["systemuserid"].as_str().unwrap_or_default();
                people::teams_of_user(desk, user)
                    .iter()
                    .any(|team| team["teamid"] == id)
            };
            to(
                "systemuser",
                people::users(desk).into_iter().filter(member).collect(),
            )
        }
        _ => None,
    }
}

/// The single record a lookup leads to, and its table.
pub(super) fn looked_up(desk: &Desk<'_>, row: &Value, navigation: &str) -> Option<(Table, Value)> {
    let (name, rows) = match navigation {
        "businessunitid" | "parentbusinessunitid" => ("businessunit", people::units(desk)),
        _ => return None,
    };
    let id = &row[format!("_{navigation}_value")];
    let table = desk.environment.table(name)?;
    let found = rows.into_iter().find(|unit| &unit[&table.id_field] == id);
    Some((table, found.unwrap_or(Value::Null)))
}

/// Made-up business data, marked so that a copy of it is found wherever it ends up.
fn business(desk: &Desk<'_>, table: &Table, number: u32) -> Value {
    let key = format!("{}/{}/{number}", desk.environment.host, table.name);
    let text = |field: &str| format!("{BUSINESS_CANARY} {} {field} {number}", table.name);
    let mut row = json!({
        "statecode": 0,
        "statuscode": 1,
        "createdon": "2026-01-15T08:30:00Z",
        "modifiedon": "2026-03-02T16:45:00Z",
        "description": text("description"),
        "emailaddress1": format!("{BUSINESS_CANARY}-{number}@customer.example"),
        "telephone1": text("telephone"),
        "_ownerid_value": guid("owner", &key),
    });
    row[&table.name_field] = text("name").into();
    row[&table.id_field] = guid("record", &key).into();
    row
}
