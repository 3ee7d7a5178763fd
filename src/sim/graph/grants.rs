//! Permissions: what a registration declares, and what an administrator agreed to.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::sim::catalogue::{PermissionType, Resource};
use crate::sim::names;
use crate::sim::scenario::Application;
use crate::sim::world::{World, timestamp};

/// `requiredResourceAccess` of a registration.
pub(super) fn required(application: &Application) -> Vec<Value> {
    application
        .permissions_where(|permission| permission.declared)
        .into_iter()
        .map(|(name, permissions)| {
            let resource = Resource::of(name);
            let access: Vec<Value> = permissions
                .into_iter()
                .map(|(kind, name)| {
                    json!({ "id": resource.permission_id(kind, name), "type": kind.as_str() })
                })
                .collect();
            json!({ "resourceAppId": resource.app_id, "resourceAccess": access })
        })
        .collect()
}

/// `appRoleAssignments` of a service principal: the application permissions it holds.
pub(super) fn held_by(world: &World, application: &Application) -> Vec<Value> {
    let granted = application.permissions_where(|permission| permission.granted);
    let mut rows = Vec::new();
    for (name, permissions) in granted {
        let resource = Resource::of(name);
        for (kind, name) in permissions {
            if kind == PermissionType::Role {
                rows.push(assignment(world, application, resource, name));
            }
        }
    }
    rows
}

/// `appRoleAssignedTo` of a service: who holds application permissions on it.
pub(super) fn held_on<'a>(
    world: &World,
    clients: impl Iterator<Item = &'a Application>,
    resource: &Resource,
) -> Vec<Value> {
    clients
        .flat_map(|client| {
            let id = resource.object_id(&client.tenant);
            let mut rows = held_by(world, client);
            rows.retain(|row| row["resourceId"] == id.as_str());
            rows
        })
        .collect()
}

/// `oauth2PermissionGrants` of a service principal: for each service one that an administrator gave for
/// everybody and one of each person who agreed, the scopes in one text.
pub(super) fn delegated_to(application: &Application) -> Vec<Value> {
    let everybody = application.permissions_where(|one| one.granted && one.person.is_none());
    let people: BTreeSet<&String> = application
        .permissions
        .iter()
        .filter_map(|permission| permission.person.as_ref())
        .collect();
    let theirs = people.into_iter().flat_map(|person| {
        let own =
            application.permissions_where(|one| one.granted && one.person.as_ref() == Some(person));
        own.into_iter()
            .map(move |(name, own)| (Some(person), name, own))
    });
    everybody
        .into_iter()
        .map(|(name, permissions)| (None, name, permissions))
        .chain(theirs)
        .filter_map(|(person, name, permissions)| {
            let resource = Resource::of(name);
            let scopes: Vec<&str> = permissions
                .into_iter()
                .filter(|(kind, _)| *kind == PermissionType::Scope)
                .map(|(_, name)| name)
                .collect();
            let label = format!("{}/{}", application.name, resource.display_name);
            let label = person.map_or_else(|| label.clone(), |person| format!("{label}/{person}"));
            (!scopes.is_empty()).then(|| {
                json!({
                    "clientId": names::guid("service-principal", &application.name),
                    "consentType": if person.is_some() { "Principal" } else { "AllPrincipals" },
                    "id": names::opaque("grant", &label),
                    "principalId": person.map(|person| names::guid("person", person)),
                    "resourceId": resource.object_id(&application.tenant),
                    "scope": scopes.join(" "),
                })
            })
        })
        .collect()
}

fn assignment(world: &World, application: &Application, resource: &Resource, name: &str) -> Value {
    let label = format!("{}/{}/{name}", application.name, resource.display_name);
    json!({
        "id": names::opaque("assignment", &label),
        "deletedDateTime": null,
        "appRoleId": resource.permission_id(PermissionType::Role, name),
        "createdDateTime": timestamp(world.day(-application.created_days_ago)),
        "principalDisplayName": application.principal_name(),
        "principalId": names::guid("service-principal", &application.name),
        "principalType": "ServicePrincipal",
        "resourceDisplayName": resource.display_name,
        "resourceId": resource.object_id(&application.tenant),
    })
}
