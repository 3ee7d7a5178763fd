//! Application permissions that were granted, by name: each resource is asked for its roles once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::batch::{Asker, get_all};
use super::lists::rows;
use super::parts::object;
use super::paths;
use crate::collect::fields::Fields;
use crate::evidence::GrantedRole;
use crate::model::{Gap, GapKind, Listing, Observed, Presence, guid};

/// The role of an assignment to a resource that defines none (Graph `appRoleAssignment`).
pub(super) const DEFAULT_ACCESS: &str = "00000000-0000-0000-0000-000000000000";

/// One row of `appRoleAssignments`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Assignment {
    resource: Option<String>,
    resource_id: String,
    role_id: String,
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

/// What resources say of themselves, by object id.
#[derive(Debug, Default)]
pub(super) struct Resources(BTreeMap<String, Observed<Presence<Value>>>);

impl Resources {
    /// Asks for the roles of every resource that somebody was given a role of.
    pub(super) async fn ask<'l>(
        asker: Asker<'_>,
        assigned: impl Iterator<Item = &'l Listing<Assignment>>,
    ) -> Self {
        let ids: BTreeSet<&String> = assigned
            .flat_map(|listing| &listing.items)
            .filter(|assignment| assignment.role_id != DEFAULT_ACCESS)
            .map(|assignment| &assignment.resource_id)
            .collect();
        let paths: Vec<String> = ids.iter().map(|id| paths::roles_of(id)).collect();
        let answers = get_all(asker, &paths).await;
        let read = ids.into_iter().zip(answers).map(|(id, answer)| {
            let resource = object(asker, &format!("the service principal {id}"), answer);
            (id.clone(), resource)
        });
        Self(read.collect())
    }

    /// The same permissions by name.
    pub(super) fn name(&self, listing: Listing<Assignment>) -> Listing<GrantedRole> {
        let mut items: Vec<GrantedRole> = listing
            .items
            .into_iter()
            .map(|assignment| self.named(assignment))
            .collect();
        items.sort_by(|left, right| key(left).cmp(&key(right)));
        Listing {
            items,
            gap: listing.gap,
        }
    }

    fn named(&self, assignment: Assignment) -> GrantedRole {
        let resource = self.0.get(&assignment.resource_id);
        let own_name = || match resource?.known()? {
            Presence::Present(value) => Fields::new(value, "").optional_text("displayName"),
            Presence::Absent => None,
        };
        let name = assignment
            .resource
            .clone()
            .or_else(own_name)
            .unwrap_or_else(|| assignment.resource_id.clone());
        let role = if assignment.role_id == DEFAULT_ACCESS {
            Ok("default access".to_owned())
        } else {
            role_name(&name, resource, &assignment.role_id)
        };
        GrantedRole {
            resource: name,
            resource_id: assignment.resource_id,
            role_id: assignment.role_id,
            role: role.into(),
        }
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

/// The role's `value`, as it stands in tokens.
fn role_name(
    name: &str,
    resource: Option<&Observed<Presence<Value>>>,
    id: &str,
) -> Result<String, Gap> {
    let not_reached = |why: &str| Gap::new(GapKind::NotReached, format!("{name} {why}"));
    let resource = match resource {
        None => return Err(not_reached("was not asked for its roles")),
        Some(Observed::Unknown(gap)) => return Err(gap.clone()),
        Some(Observed::Known(Presence::Absent)) => {
            return Err(not_reached("is not in the tenant any more"));
        }
        Some(Observed::Known(Presence::Present(resource))) => resource,
    };
    let role = Fields::new(resource, name)
        .list("appRoles")?
        .iter()
        .find(|role| {
            role.get("id")
                .and_then(Value::as_str)
                .is_some_and(|other| guid::same(other, id))
        })
        .ok_or_else(|| {
            Gap::new(
                GapKind::Unrecognised,
                format!("{name} names no application role {id}"),
            )
        })?;
    let what = format!("{name}, its role {id}");
    let role = Fields::new(role, &what);
    role.text("value")
        .ok()
        .filter(|value| !value.is_empty())
        .ok_or_else(|| role.odd("value"))
}
