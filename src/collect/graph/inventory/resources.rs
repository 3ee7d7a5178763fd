//! Dynamics' own service principals: how they name their permissions, and who was given a role of theirs.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::collect::fields::Fields;
use crate::collect::graph::batch::{Asker, get_all};
use crate::collect::graph::batch_answers::{One, object};
use crate::collect::graph::roles::DEFAULT_ACCESS;
use crate::collect::graph::{Service, lists, paths};
use crate::model::{Gap, Listing, Observed, Presence, guid};

/// The same in every tenant: client id, and the name people know it by. Tenants show several display
/// names for the first, as it was renamed more than once.
const DYNAMICS: [(&str, &str); 2] = [
    ("00000007-0000-0000-c000-000000000000", "Dynamics CRM"),
    ("00000015-0000-0000-c000-000000000000", "Dynamics ERP"),
];

/// One of Dynamics' service principals in a tenant.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(super) client_id: &'static str,
    name: &'static str,
    /// `value` of its application roles and delegated permissions by id, lower case.
    permissions: BTreeMap<String, String>,
    /// Service principals that were given one of its roles.
    pub(super) assigned: Listing<Assigned>,
}

/// One row of `appRoleAssignedTo`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Assigned {
    /// Object id of a service principal, lower case.
    pub(super) principal_id: String,
    pub(super) role_id: String,
}

impl Resource {
    /// `Dynamics CRM/user_impersonation`; with the id where the permission has no name here.
    pub(super) fn permission(&self, id: &str) -> String {
        let id = id.to_ascii_lowercase();
        let name = match self.permissions.get(&id) {
            Some(name) => name.as_str(),
            None if id == DEFAULT_ACCESS => "default access",
            None => id.as_str(),
        };
        format!("{}/{name}", self.name)
    }

    pub(super) fn new(
        (client_id, name): (&'static str, &'static str),
        principal: Option<&Value>,
        assigned: Listing<Assigned>,
    ) -> Self {
        Self {
            client_id,
            name,
            permissions: principal.map(permissions).unwrap_or_default(),
            assigned,
        }
    }

    /// Neither was asked, for one and the same reason.
    pub(crate) fn unknown(gap: &Gap) -> Vec<Self> {
        DYNAMICS
            .map(|known| Self::new(known, None, Listing::cut_short(Vec::new(), gap.clone())))
            .into()
    }
}

/// What is not readable here stays without a name: no verdict rests on one.
fn permissions(principal: &Value) -> BTreeMap<String, String> {
    ["appRoles", "oauth2PermissionScopes"]
        .into_iter()
        .filter_map(|list| principal.get(list)?.as_array())
        .flatten()
        .filter_map(|permission| {
            let fields = Fields::new(permission, "a permission");
            Some((fields.guid("id").ok()?, fields.optional_text("value")?))
        })
        .collect()
}

/// Asks for both of Dynamics' service principals, and for what was assigned of theirs.
pub(crate) async fn ask(service: Service<'_>) -> Vec<Resource> {
    let asker = service.asker(&service.grants.applications);
    let paths = DYNAMICS.map(|(client_id, _)| paths::permissions_of(client_id));
    let answers = get_all(asker, &paths).await;
    let each = DYNAMICS
        .into_iter()
        .zip(answers)
        .map(|(known, answer)| async move {
            let what = format!("the service principal of {}", known.1);
            match object(asker, &what, One::principal("appId", known.0), answer) {
                Observed::Known(Presence::Present(principal)) => {
                    let assigned = assigned(asker, known.1, &principal).await;
                    Resource::new(known, Some(&principal), assigned)
                }
                // A tenant without this service has given nobody a role of it.
                Observed::Known(Presence::Absent) => {
                    Resource::new(known, None, Listing::complete(Vec::new()))
                }
                Observed::Unknown(gap) => {
                    Resource::new(known, None, Listing::cut_short(Vec::new(), gap))
                }
            }
        });
    futures::future::join_all(each).await
}

async fn assigned(asker: Asker<'_>, name: &str, principal: &Value) -> Listing<Assigned> {
    let what = format!("the service principal of {name}");
    let id = match Fields::new(principal, &what).guid("id") {
        Ok(id) => id,
        Err(gap) => return Listing::cut_short(Vec::new(), gap),
    };
    let what = format!("who holds an application role of {name}");
    let listing = lists::whole(asker, (&what, &paths::ASSIGNMENTS), paths::assigned_to(&id)).await;
    assigned_rows(&what, listing)
}

/// Rows of `appRoleAssignedTo`: users and groups that use the service are no applications.
pub(super) fn assigned_rows(what: &str, listing: Listing<Value>) -> Listing<Assigned> {
    let rows = lists::rows(what, listing, |fields| {
        let kind = fields.text("principalType")?;
        let assigned = Assigned {
            principal_id: fields.guid("principalId")?,
            role_id: fields.guid("appRoleId")?,
        };
        Ok(guid::same(&kind, "ServicePrincipal").then_some(assigned))
    });
    Listing {
        items: rows.items.into_iter().flatten().collect(),
        gap: rows.gap,
    }
}
