//! Users, teams, roles and business units as rows.

use serde_json::{Value, json};

use super::Desk;
use crate::sim::names::guid;
use crate::sim::scenario::{Environment, Role, Team, User};
use crate::sim::world::timestamp;

pub(super) fn user_id(environment: &Environment, user: &User) -> String {
    let name = user.application.as_deref().or(user.person.as_deref());
    let name = name.or(user.microsoft.map(|(id, _)| id));
    guid(
        "user",
        &format!("{}/{}", environment.host, name.unwrap_or_default()),
    )
}

pub(super) fn unit_id(environment: &Environment, unit: &str) -> String {
    guid("business-unit", &format!("{}/{unit}", environment.host))
}

fn team_id(environment: &Environment, team: &Team) -> String {
    guid("team", &format!("{}/{}", environment.host, team.name))
}

/// The copy of a role that a business unit holds.
fn role_id(environment: &Environment, role: &Role, unit: &str) -> String {
    guid(
        "role",
        &format!("{}/{unit}/{}", environment.host, role.name),
    )
}

/// The role that this id stands for, and the business unit whose copy it is.
pub(super) fn role_with<'a>(environment: &'a Environment, id: &str) -> Option<(&'a Role, &'a str)> {
    let copies = environment.roles.iter().flat_map(|role| {
        let units = environment.business_units.iter();
        units.map(move |unit| (role, unit.as_str()))
    });
    let mut copies =
        copies.filter(|(role, unit)| role_id(environment, role, unit).eq_ignore_ascii_case(id));
    copies.next()
}

/// The name of the user's business unit.
pub(super) fn unit_of<'a>(environment: &'a Environment, user: &'a User) -> &'a str {
    user.business_unit
        .as_deref()
        .unwrap_or_else(|| root(environment))
}

pub(super) fn root(environment: &Environment) -> &str {
    environment
        .business_units
        .first()
        .map_or("", String::as_str)
}

pub(super) fn users(desk: &Desk<'_>) -> Vec<Value> {
    desk.environment
        .users
        .iter()
        .map(|user| user_row(desk, user))
        .collect()
}

fn user_row(desk: &Desk<'_>, user: &User) -> Value {
    let environment = desk.environment;
    let scenario = &desk.world.scenario;
    let application = user
        .application
        .as_ref()
        .and_then(|name| scenario.application(name));
    let person = user
        .person
        .as_ref()
        .and_then(|key| scenario.people.get(key));
    let client_id = application
        .map(|known| known.client_id.as_str())
        .or(user.microsoft.map(|(id, _)| id));
    let name = application
        .map(|known| format!("# {}", known.name))
        .or_else(|| user.microsoft.map(|(_, name)| format!("# {name}")))
        .or_else(|| person.map(|known| known.name.clone()));
    let object = match (application, &user.person) {
        (Some(known), _) => Some(guid("service-principal", &known.name)),
        (None, Some(key)) => Some(guid("person", key)),
        (None, None) => user
            .microsoft
            .map(|(_, name)| guid("service-principal", name)),
    };
    let mail = match (user.microsoft, client_id) {
        (Some((_, name)), _) => Some(format!("{name}@onmicrosoft.com")),
        (None, Some(id)) => Some(format!("{id}@{}", environment.host)),
        (None, None) => person.map(|known| known.mail.clone()),
    };
    let changed = timestamp(desk.world.ago(user.changed_days_ago));
    json!({
        "systemuserid": user_id(environment, user),
        "fullname": name,
        "domainname": mail,
        "internalemailaddress": mail,
        "applicationid": client_id,
        "azureactivedirectoryobjectid": object,
        "isdisabled": user.disabled,
        "accessmode": if client_id.is_some() { 4 } else { 0 },
        "islicensed": client_id.is_none(),
        "issyncwithdirectory": client_id.is_none(),
        "isintegrationuser": client_id.is_some(),
        "createdon": timestamp(desk.world.ago(user.changed_days_ago.max(0) + 1)),
        "modifiedon": changed,
        "setupuser": false,
        "azurestate": 0,
        "systemmanagedusertype": null,
        "_businessunitid_value": unit_id(environment, unit_of(environment, user)),
    })
}

pub(super) fn teams(desk: &Desk<'_>) -> Vec<Value> {
    let environment = desk.environment;
    environment
        .teams
        .iter()
        .map(|team| {
            json!({
                "teamid": team_id(environment, team),
                "name": team.name,
                "teamtype": 0,
                "isdefault": false,
                "azureactivedirectoryobjectid": null,
                "_businessunitid_value": unit_id(environment, root(environment)),
            })
        })
        .collect()
}

/// Every role in every business unit.
pub(super) fn roles(desk: &Desk<'_>) -> Vec<Value> {
    let environment = desk.environment;
    environment
        .roles
        .iter()
        .flat_map(|role| {
            environment
                .business_units
                .iter()
                .map(move |unit| role_row(environment, role, unit))
        })
        .collect()
}

fn role_row(environment: &Environment, role: &Role, unit: &str) -> Value {
    let top = role_id(environment, role, root(environment));
    let is_root = unit == root(environment);
    json!({
        "roleid": role_id(environment, role, unit),
        "name": role.name,
        "ismanaged": role.template.is_some(),
        "iscustomizable": { "Value": true, "CanBeChanged": true, "ManagedPropertyLogicalName": "iscustomizableanddeletable" },
        "_roletemplateid_value": role.template.map(|template| template.id()),
        "_parentrootroleid_value": &top,
        "_parentroleid_value": (!is_root).then_some(&top),
        "_businessunitid_value": unit_id(environment, unit),
    })
}

pub(super) fn units(desk: &Desk<'_>) -> Vec<Value> {
    let environment = desk.environment;
    environment
        .business_units
        .iter()
        .map(|unit| {
            let parent =
                (unit != root(environment)).then(|| unit_id(environment, root(environment)));
            json!({
                "businessunitid": unit_id(environment, unit),
                "name": unit,
                "isdisabled": false,
                "_parentbusinessunitid_value": parent,
                "_organizationid_value": environment.organization_id,
            })
        })
        .collect()
}

pub(super) fn organizations(desk: &Desk<'_>) -> Vec<Value> {
    let environment = desk.environment;
    vec![json!({
        "organizationid": environment.organization_id,
        "name": environment.friendly_name,
        "languagecode": 1033,
        "localeid": 1033,
        "isauditenabled": true,
        "plugintracelogsetting": 0,
    })]
}

/// Rows of the roles a user holds directly, each in the user's business unit.
pub(super) fn roles_of_user(desk: &Desk<'_>, id: &str) -> Vec<Value> {
    let environment = desk.environment;
    let Some(user) = environment
        .users
        .iter()
        .find(|user| user_id(environment, user) == id)
    else {
        return Vec::new();
    };
    rows_of_roles(environment, &user.roles, unit_of(environment, user))
}

pub(super) fn teams_of_user(desk: &Desk<'_>, id: &str) -> Vec<Value> {
    let environment = desk.environment;
    let Some(user) = environment
        .users
        .iter()
        .find(|user| user_id(environment, user) == id)
    else {
        return Vec::new();
    };
    let named = |row: &Value| {
        row["name"]
            .as_str()
            .is_some_and(|name| user.teams.iter().any(|team| team == name))
    };
    teams(desk).into_iter().filter(named).collect()
}

pub(super) fn roles_of_team(desk: &Desk<'_>, id: &str) -> Vec<Value> {
    let environment = desk.environment;
    let Some(team) = environment
        .teams
        .iter()
        .find(|team| team_id(environment, team) == id)
    else {
        return Vec::new();
    };
    rows_of_roles(environment, &team.roles, root(environment))
}

fn rows_of_roles(environment: &Environment, names: &[String], unit: &str) -> Vec<Value> {
    let held = environment
        .roles
        .iter()
        .filter(|role| names.contains(&role.name));
    held.map(|role| role_row(environment, role, unit)).collect()
}
