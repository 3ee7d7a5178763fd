//! Application permissions that were granted, by name.

use serde_json::Value;

use super::lists::rows;
use super::resources::{Resources, permission, present};
use crate::collect::fields::Fields;
use crate::evidence::{GrantedRole, PermissionKind};
use crate::model::{Listing, Presence};

/// The role of an assignment to a resource that defines none (Graph `appRoleAssignment`).
pub(super) const DEFAULT_ACCESS: &str = "00000000-0000-0000-0000-000000000000";

/// One row of `appRoleAssignments`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Assignment {
    resource: Option<String>,
    resource_id: String,
    role_id: String,
}

impl Assignment {
    /// Object id of the resource that has to be asked for the role's name.
    pub(super) fn resource(&self) -> Option<&str> {
        (self.role_id != DEFAULT_ACCESS).then_some(self.resource_id.as_str())
    }
}

/// Rows of `appRoleAssignments`, as far as they can be read.
pub(super) fn assignments(what: &str, listing: Listing<Value>) -> Listing<Assignment> {
    rows(what, listing, |fields| {
        Ok(Assignment {
            resource: fields.optional_text("resourceDisplayName"),
            resource_id: fields.guid("resourceId")?,
            role_id: fields.guid("appRoleId")?,
        })
    })
}

/// The same permissions by name.
pub(super) fn named(listing: Listing<Assignment>, resources: &Resources) -> Listing<GrantedRole> {
    let mut items: Vec<GrantedRole> = listing
        .items
        .into_iter()
        .map(|assignment| role(assignment, resources))
        .collect();
    items.sort_by(|left, right| key(left).cmp(&key(right)));
    Listing {
        items,
        gap: listing.gap,
    }
}

fn role(assignment: Assignment, resources: &Resources) -> GrantedRole {
    let resource = resources.by_object(&assignment.resource_id);
    let itself = || match resource?.known()? {
        Presence::Present(value) => Some(Fields::new(value, "a resource")),
        Presence::Absent => None,
    };
    let own_name = || itself()?.optional_text("displayName");
    let resource_app_id = itself().and_then(|fields| fields.guid("appId").ok());
    let name = assignment
        .resource
        .clone()
        .or_else(own_name)
        .unwrap_or_else(|| assignment.resource_id.clone());
    let role = if assignment.role_id == DEFAULT_ACCESS {
        Ok("default access".to_owned())
    } else {
        let id = &assignment.role_id;
        present(resource, &name)
            .and_then(|value| permission(value, &name, PermissionKind::Application, id))
    };
    GrantedRole {
        resource: name,
        resource_id: assignment.resource_id,
        resource_app_id,
        role_id: assignment.role_id,
        role: role.into(),
    }
}

fn key(role: &GrantedRole) -> (&str, Option<&String>, &str, &str) {
    (
        &role.resource,
        role.role.known(),
        &role.resource_id,
        &role.role_id,
    )
}
