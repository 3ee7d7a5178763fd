//! Everything of a tenant that has to do with Dynamics, whether the estate lists it or not: put together
//! from lists that were read anyway, with no request of its own for any one application.

mod names;
mod objects;
mod resources;
mod traces;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use self::objects::Objects;
pub(crate) use self::resources::{Resource, ask};
use super::reports::Reports;
use crate::evidence::{ApplicationUser, InventoryEntry, ListedSecret, Trace};
use crate::model::{Gap, Listing};

/// All applications and service principals of a tenant, as they came.
#[derive(Debug)]
pub(crate) struct Lists {
    pub(crate) applications: Listing<Value>,
    pub(crate) principals: Listing<Value>,
}

impl Lists {
    /// Neither was read, for one and the same reason.
    pub(crate) fn unknown(gap: &Gap) -> Self {
        Self {
            applications: Listing::cut_short(Vec::new(), gap.clone()),
            principals: Listing::cut_short(Vec::new(), gap.clone()),
        }
    }
}

/// What the inventory is put together from. Names are the estate's.
#[derive(Debug)]
pub(crate) struct Sources<'a> {
    /// The tenant's id.
    pub(crate) tenant: &'a str,
    pub(crate) lists: &'a Lists,
    /// Dynamics' own service principals.
    pub(crate) resources: &'a [Resource],
    /// By environment.
    pub(crate) users: Vec<(&'a str, &'a Listing<ApplicationUser>)>,
    /// By environment.
    pub(crate) finops_clients: Vec<(&'a str, Listing<String>)>,
    /// By vault.
    pub(crate) entries: Vec<(&'a str, &'a Listing<ListedSecret>)>,
}

/// Why each client id is in the inventory.
type Traces = BTreeMap<String, BTreeSet<Trace>>;

/// The inventory, by client id. Where any of its sources stops early, so does it.
pub(crate) fn inventory(sources: &Sources<'_>, reports: &Reports) -> Listing<InventoryEntry> {
    let objects = Objects::new(sources);
    let (traces, gap) = traces::by_client(sources, &objects);
    let items = traces
        .into_iter()
        .map(|(client_id, traces)| {
            let mut credentials = objects.credentials(&client_id).into();
            reports.join_credentials(&client_id, &mut credentials);
            InventoryEntry {
                display_name: objects.display_name(&client_id),
                kind: objects.kind(&client_id).into(),
                traces: traces.into_iter().collect(),
                credentials,
                last_sign_in: reports.last_sign_in(&client_id),
                client_id,
            }
        })
        .collect();
    Listing { items, gap }
}
