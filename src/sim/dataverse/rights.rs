//! Functions that tell of privileges: those a user has in effect, and those a role gives.
//!
//! `RetrieveUserPrivileges` and `RetrieveUserSetOfPrivilegesByNames` are bound to a user and count what its
//! teams give; `RetrieveRolePrivilegesRole` is bound to nothing and takes `RoleId`, a bare GUID. All three
//! answer `RolePrivileges`, rows of the complex type RolePrivilege.

use serde_json::{Value, json};

use super::functions::{context, found};
use super::{Desk, people, privileges, refusals};
use crate::model::guid::is_guid;
use crate::sim::names::guid;
use crate::sim::scenario::Depth;
use crate::sim::wire::Answer;

/// Functions bound to a user: its effective privileges, team roles included.
pub(super) fn of_user(desk: &Desk<'_>, row: &Value, segment: &str) -> Result<Answer, Answer> {
    let function = segment
        .trim_start_matches("Microsoft.Dynamics.CRM.")
        .split('(')
        .next()
        .unwrap_or_default();
    let wanted: Option<Vec<String>> = match function {
        "RetrieveUserPrivileges" => None,
        "RetrieveUserSetOfPrivilegesByNames" => {
            let names = argument(desk, segment, "PrivilegeNames");
            let names = names.and_then(|names| serde_json::from_str(&names).ok());
            Some(names.ok_or_else(|| refusals::bad_query("PrivilegeNames is missing."))?)
        }
        _ => return Err(refusals::no_segment(segment)),
    };
    let environment = desk.environment;
    let id = row["systemuserid"].as_str().unwrap_or_default();
    let user = environment
        .users
        .iter()
        .find(|user| people::user_id(environment, user) == id)
        .ok_or_else(|| refusals::no_segment(segment))?;
    let rows: Vec<Value> = privileges::effective(environment, user)
        .iter()
        .filter(|((name, _), _)| wanted.as_ref().is_none_or(|wanted| wanted.contains(name)))
        .map(|((name, unit), depth)| {
            let unit = people::unit_id(environment, unit);
            // The names were asked for, so they are answered, whatever the other function does.
            privilege(
                name,
                *depth,
                &unit,
                wanted.is_some() || environment.privilege_names,
            )
        })
        .collect();
    let kind = format!("Microsoft.Dynamics.CRM.{function}Response");
    Ok(found(
        &json!({ "@odata.context": context(desk, &kind), "RolePrivileges": rows }),
    ))
}

/// `RetrieveRolePrivilegesRole(RoleId=..)`: what a role gives, and how far.
pub(super) fn of_role(desk: &Desk<'_>, segment: &str) -> Result<Answer, Answer> {
    let environment = desk.environment;
    let table = environment
        .table("role")
        .ok_or_else(|| refusals::no_segment(segment))?;
    privileges::check(desk, "Read", &table)?;
    let id = argument(desk, segment, "RoleId");
    let id = id.filter(|id| is_guid(id)).ok_or_else(|| {
        // A text in quotes is no Edm.Guid.
        refusals::bad_query("The parameter 'RoleId' is not a valid Edm.Guid.")
    })?;
    let (role, unit) = people::role_with(environment, &id)
        .ok_or_else(|| refusals::no_record(environment, &table, &id))?;
    let unit = people::unit_id(environment, unit);
    let rows: Vec<Value> = privileges::of_role(environment, role)
        .iter()
        .map(|(name, depth)| privilege(name, *depth, &unit, environment.privilege_names))
        .collect();
    let kind = "Microsoft.Dynamics.CRM.RetrieveRolePrivilegesRoleResponse";
    Ok(found(
        &json!({ "@odata.context": context(desk, kind), "RolePrivileges": rows }),
    ))
}

fn privilege(name: &str, depth: Depth, unit: &str, named: bool) -> Value {
    json!({
        "Depth": depth.as_str(),
        "PrivilegeId": guid("privilege", name),
        "BusinessUnitId": unit,
        "PrivilegeName": named.then_some(name),
        "RecordFilterId": "00000000-0000-0000-0000-000000000000",
        "RecordFilterUniqueName": "",
    })
}

/// A parameter in the brackets of a function: written there, or under an alias (`@p`) in the query.
fn argument(desk: &Desk<'_>, segment: &str, name: &str) -> Option<String> {
    let (_, given) = segment.split_once('(')?;
    let given = given.strip_suffix(')')?.trim();
    let value = given
        .strip_prefix(name)?
        .trim_start()
        .strip_prefix('=')?
        .trim();
    match value.strip_prefix('@') {
        Some(_) => desk.call.query(value).map(str::to_owned),
        None => Some(value.to_owned()),
    }
}
