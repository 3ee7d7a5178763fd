//! Services of Microsoft's that every tenant has a service principal for, and the permissions they offer.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::sim::names;
use crate::sim::scenario::{Application, Permission, PermissionType, Principal, ResourceName};
use crate::sim::world::World;

/// The tenant that Microsoft's own applications are registered in.
const MICROSOFT: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/// A permission's name, and its id where that is known; another is derived from the name.
type Offer = (&'static str, Option<&'static str>);

/// One service.
#[derive(Debug)]
pub(super) struct Resource {
    name: ResourceName,
    pub app_id: &'static str,
    pub display_name: &'static str,
    roles: &'static [Offer],
    scopes: &'static [Offer],
}

pub(super) const ALL: [Resource; 3] = [
    Resource {
        name: ResourceName::DynamicsCrm,
        app_id: "00000007-0000-0000-c000-000000000000",
        display_name: "Dynamics CRM",
        roles: &[],
        scopes: &[(
            "user_impersonation",
            Some("78ce3f0f-a1ce-49c2-8cde-64b5c0896db4"),
        )],
    },
    Resource {
        name: ResourceName::DynamicsErp,
        app_id: "00000015-0000-0000-c000-000000000000",
        display_name: "Dynamics ERP",
        roles: &[("Connector.FullAccess", None)],
        // The ids are known, and that there are these three names; which is whose is not.
        scopes: &[
            (
                "AX.FullAccess",
                Some("6397893c-2260-496b-a41d-2f1f15b16ff3"),
            ),
            (
                "CustomService.FullAccess",
                Some("a849e696-ce45-464a-81de-e5c5b45519c1"),
            ),
            (
                "Odata.FullAccess",
                Some("ad8b4a5c-eecd-431a-a46f-33c060012ae1"),
            ),
        ],
    },
    Resource {
        name: ResourceName::Graph,
        app_id: "00000003-0000-0000-c000-000000000000",
        display_name: "Microsoft Graph",
        // Some of hundreds. What a scenario grants besides is added under an id of its own.
        roles: &[
            (
                "Application.Read.All",
                Some("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"),
            ),
            (
                "Application.ReadWrite.All",
                Some("1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"),
            ),
            (
                "AppRoleAssignment.ReadWrite.All",
                Some("06b708a9-e830-4db3-a914-8e69da51d44f"),
            ),
            (
                "AuditLog.Read.All",
                Some("b0afded3-3588-46d8-8b3d-9842eff778da"),
            ),
            (
                "Directory.Read.All",
                Some("7ab1d382-f21e-4acd-a863-ba3e13f7da61"),
            ),
            (
                "Directory.ReadWrite.All",
                Some("19dbc75e-c2e2-444c-a770-ec69d8559fc7"),
            ),
            (
                "Files.ReadWrite.All",
                Some("75359482-378d-4052-8f01-80520e7db3cd"),
            ),
            (
                "Group.ReadWrite.All",
                Some("62a82d76-70ea-41e2-9197-370581804d09"),
            ),
            (
                "Mail.ReadWrite",
                Some("e2a3a72e-5f79-4c64-b1b1-878b674786c9"),
            ),
            ("Mail.Send", Some("b633e1c5-b582-4048-a93e-9f11b44c7e96")),
            (
                "Policy.Read.All",
                Some("246dd0d5-5bd0-4def-940b-0421030a5b68"),
            ),
            (
                "RoleManagement.ReadWrite.Directory",
                Some("9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"),
            ),
            (
                "Sites.ReadWrite.All",
                Some("9492366f-7969-46a4-8d15-ed1a20078fff"),
            ),
            (
                "User.Read.All",
                Some("df021288-bdef-4463-88db-98f22de89214"),
            ),
            (
                "User.ReadBasic.All",
                Some("97235f07-e226-4f63-ace3-39588e11d3a1"),
            ),
            (
                "User.ReadWrite.All",
                Some("741f803b-c850-494e-b5df-cde7c675a1ca"),
            ),
        ],
        scopes: &[
            ("Mail.Send", Some("e383f46e-2787-4529-855e-0e479a3ffac0")),
            ("User.Read", Some("e1fe6dd8-ba31-4d61-89e7-88639da4683d")),
        ],
    },
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

impl Resource {
    /// The service a scenario names.
    pub fn of(name: ResourceName) -> &'static Self {
        match name {
            ResourceName::DynamicsCrm => &ALL[0],
            ResourceName::DynamicsErp => &ALL[1],
            ResourceName::Graph => &ALL[2],
        }
    }

    /// Object id of its service principal: another one in each tenant.
    pub fn object_id(&self, tenant: &str) -> String {
        let label = format!("{tenant}/{}", self.display_name);
        names::guid("service-principal", &label)
    }

    /// The id under which a permission stands in `appRoles` or `oauth2PermissionScopes`.
    pub fn permission_id(&self, kind: PermissionType, name: &str) -> String {
        let known = self.offers(kind).iter().find(|offer| offer.0 == name);
        known.and_then(|offer| offer.1).map_or_else(
            || {
                let label = format!("{}/{name}", self.display_name);
                names::guid(kind.as_str(), &label)
            },
            str::to_owned,
        )
    }

    /// The service principal, to be shown as any other.
    pub fn principal(&self, tenant: &str) -> Application {
        microsofts(tenant, self.app_id, self.display_name)
    }

    /// `appRoles`: everything offered, and everything a scenario grants.
    pub fn app_roles(&self, world: &World) -> Vec<Value> {
        let roles = self.names(world, PermissionType::Role);
        let role = |name| {
            json!({
                "allowedMemberTypes": ["Application"],
                "description": format!("Allows the app to use {name} without a signed-in user."),
                "displayName": name,
                "id": self.permission_id(PermissionType::Role, name),
                "isEnabled": true,
                "origin": "Application",
                "value": name,
            })
        };
        roles.into_iter().map(role).collect()
    }

    /// `oauth2PermissionScopes`, likewise.
    pub fn scopes(&self, world: &World) -> Vec<Value> {
        let scopes = self.names(world, PermissionType::Scope);
        let scope = |name| {
            json!({
                "adminConsentDescription": format!("Allows the app to use {name} as the signed-in user."),
                "adminConsentDisplayName": name,
                "id": self.permission_id(PermissionType::Scope, name),
                "isEnabled": true,
                "type": "User",
                "userConsentDescription": null,
                "userConsentDisplayName": null,
                "value": name,
            })
        };
        scopes.into_iter().map(scope).collect()
    }

    const fn offers(&self, kind: PermissionType) -> &'static [Offer] {
        match kind {
            PermissionType::Role => self.roles,
            PermissionType::Scope => self.scopes,
        }
    }

    fn names<'a>(&self, world: &'a World, kind: PermissionType) -> BTreeSet<&'a str> {
        let mut names: BTreeSet<&str> = self.offers(kind).iter().map(|offer| offer.0).collect();
        for application in &world.scenario.applications {
            let used = application.permissions.iter();
            let used = used.filter(|used| used.resource == self.name && kind_of(used) == kind);
            names.extend(used.map(|used| used.name.as_str()));
            if self.name == ResourceName::Graph && kind == PermissionType::Role {
                names.extend(application.graph_permissions.iter().map(String::as_str));
            }
        }
        names
    }
}

/// What kind of permission a scenario means: the one it says, or the one the service offers.
pub(super) fn kind_of(permission: &Permission) -> PermissionType {
    let resource = Resource::of(permission.resource);
    let offers = |offers: &[Offer]| offers.iter().any(|offer| offer.0 == permission.name);
    permission.kind.unwrap_or_else(|| {
        if offers(resource.scopes) && !offers(resource.roles) {
            PermissionType::Scope
        } else {
            PermissionType::Role
        }
    })
}

/// Whether the service offers it. Of Graph's hundreds any name will do.
pub(in crate::sim) fn knows_permission(permission: &Permission) -> bool {
    let resource = Resource::of(permission.resource);
    let offers = resource.offers(kind_of(permission));
    permission.resource == ResourceName::Graph
        || offers.iter().any(|offer| offer.0 == permission.name)
}
