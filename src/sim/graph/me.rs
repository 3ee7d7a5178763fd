//! People at Graph: `/me`, and what a person's token lets the client do.

use serde_json::json;

use super::{Refused, found, metadata};
use crate::sim::names::guid;
use crate::sim::odata;
use crate::sim::scenario::DirectoryRole;
use crate::sim::tokens::Caller;
use crate::sim::wire::{Answer, Call};
use crate::sim::world::World;

/// What every member of a tenant may read ("Default user permissions").
const OF_MEMBERS: [&str; 3] = [
    "Application.Read.All",
    "Directory.Read.All",
    "User.ReadBasic.All",
];

/// What the person may do itself; the Azure CLI was allowed all of it.
pub(super) fn permissions(world: &World, caller: &Caller) -> Vec<String> {
    let key = world.person_of(caller).unwrap_or_default();
    let Some(person) = world.scenario.people.get(key) else {
        return Vec::new();
    };
    let of_roles = person.directory_roles.iter().flat_map(|role| match role {
        DirectoryRole::GlobalReader => &[
            "AuditLog.Read.All",
            "Policy.Read.All",
            "Policy.Read.ApplicationConfiguration",
        ][..],
        DirectoryRole::ReportsReader => &["AuditLog.Read.All"],
        DirectoryRole::PowerPlatformAdministrator => &[],
    });
    let all = OF_MEMBERS.iter().chain(of_roles);
    all.map(|&permission| permission.to_owned()).collect()
}

/// `GET /v1.0/me`
pub(super) fn answer(world: &World, caller: &Caller, call: &Call) -> Result<Answer, Refused> {
    let key = world.person_of(caller).unwrap_or_default();
    let Some(person) = world.scenario.people.get(key) else {
        let message = "/me request is only valid with delegated authentication flow.";
        return Err(Refused(400, "BadRequest", message.to_owned()));
    };
    let (given, family) = person.name.split_once(' ').unwrap_or((&person.name, ""));
    let row = json!({
        "businessPhones": [],
        "displayName": person.name,
        "givenName": given,
        "jobTitle": null,
        "mail": person.mail,
        "mobilePhone": null,
        "officeLocation": null,
        "preferredLanguage": null,
        "surname": family,
        "userPrincipalName": person.mail,
        "id": guid("person", key),
    });
    let mut row = odata::selected(&row, call.query("$select"));
    let described = super::described(call, "users");
    row["@odata.context"] = format!("{}#{described}/$entity", metadata(call)).into();
    Ok(found(&row))
}
