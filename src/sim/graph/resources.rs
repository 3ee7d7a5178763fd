//! Services of Microsoft's that every tenant has a service principal for, and the permissions they offer.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::sim::catalogue::{PermissionType, Resource, ResourceName};
use crate::sim::scenario::{Application, Principal};
use crate::sim::world::World;

/// The tenant that Microsoft's own applications are registered in.
const MICROSOFT: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

pub(super) const ALL: [ResourceName; 3] = [
    ResourceName::DynamicsCrm,
    ResourceName::DynamicsErp,
    ResourceName::Graph,
];

/// The service principal of one of Microsoft's own applications.
pub(super) fn microsofts(tenant: &str, client_id: &str, name: &str) -> Application {
    Application {
        name: name.to_owned(),
        tenant: tenant.to_owned(),
        client_id: client_id.to_owned(),
        principal: Principal {
            owner_tenant: Some(MICROSOFT.to_owned()),
            tags: Some(Vec::new()),
            ..Principal::default()
        },
        created_days_ago: 2000,
        only_principal: true,
        ..Application::default()
    }
}

/// The service principal of a service, to be shown as any other.
pub(super) fn principal(resource: &Resource, tenant: &str) -> Application {
    microsofts(tenant, &resource.app_id, &resource.display_name)
}

/// `appRoles`: everything offered, and everything a scenario grants.
pub(super) fn app_roles(world: &World, name: ResourceName) -> Vec<Value> {
    let role = |role| {
        json!({
            "allowedMemberTypes": ["Application"],
            "description": format!("Allows the app to use {role} without a signed-in user."),
            "displayName": role,
            "id": Resource::of(name).permission_id(PermissionType::Role, role),
            "isEnabled": true,
            "origin": "Application",
            "value": role,
        })
    };
    let roles = names(world, name, PermissionType::Role);
    roles.into_iter().map(role).collect()
}

/// `oauth2PermissionScopes`, likewise.
pub(super) fn scopes(world: &World, name: ResourceName) -> Vec<Value> {
    let scope = |scope| {
        json!({
            "adminConsentDescription": format!("Allows the app to use {scope} as the signed-in user."),
            "adminConsentDisplayName": scope,
            "id": Resource::of(name).permission_id(PermissionType::Scope, scope),
            "isEnabled": true,
            "type": "User",
            "userConsentDescription": null,
            "userConsentDisplayName": null,
            "value": scope,
        })
    };
    let scopes = names(world, name, PermissionType::Scope);
    scopes.into_iter().map(scope).collect()
}

fn names(world: &World, name: ResourceName, kind: PermissionType) -> BTreeSet<&str> {
    let offers = Resource::of(name).offers(kind);
    let mut names: BTreeSet<&str> = offers.keys().map(String::as_str).collect();
    for application in &world.scenario.applications {
        let used = application.permissions.iter();
        let used = used.filter(|used| used.resource == name && used.permission_type() == kind);
        names.extend(used.map(|used| used.name.as_str()));
        if name == ResourceName::Graph && kind == PermissionType::Role {
            names.extend(application.graph_permissions.iter().map(String::as_str));
        }
    }
    names
}
