//! How far a user reads tables whose rows belong to business units (users, teams, roles, units): Local is
//! the unit of the privilege, Deep that and what lies beneath, Global everything (PrivilegeDepth). What lies
//! further is left out of a list without a word.

use serde_json::Value;

use super::{Desk, people, privileges};
use crate::sim::catalogue::{Ownership, Table};
use crate::sim::scenario::{Depth, OddRead};

/// The rows of a list that the caller reaches.
pub(super) fn seen(desk: &Desk<'_>, table: &Table, rows: Vec<Value>) -> Vec<Value> {
    let mut rows = rows;
    rows.retain(|row| sees(desk, table, row));
    rows
}

/// Whether the caller reaches this row. That it may read the table at all is another question.
pub(super) fn sees(desk: &Desk<'_>, table: &Table, row: &Value) -> bool {
    let odd = desk.user.odd_reads.get(&table.name);
    if table.ownership != Ownership::Business || odd == Some(&OddRead::Allowed) {
        return true;
    }
    let environment = desk.environment;
    let own = people::user_id(environment, desk.user);
    let is_own = table.name == "systemuser" && row["systemuserid"] == own.as_str();
    let field = match table.name.as_str() {
        "businessunit" => "businessunitid",
        _ => "_businessunitid_value",
    };
    let read = table.privilege("Read");
    privileges::effective(environment, desk.user)
        .iter()
        .filter(|((name, _), _)| *name == read)
        .any(|((_, unit), depth)| match depth {
            Depth::Organization => true,
            // Every unit but the root is a child of the root.
            Depth::ParentAndChild if *unit == people::root(environment) => true,
            Depth::ParentAndChild | Depth::BusinessUnit => {
                row[field] == people::unit_id(environment, unit).as_str()
            }
            Depth::User => is_own,
        })
}
