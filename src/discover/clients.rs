//! Everybody who has to do with Dynamics, and where: what the tenant's inventory says, less Microsoft's own and
//! whoever looks.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::applications::Searched;
use super::matching;
use super::write::TENANT;
use crate::evidence::{
    ApplicationUser, CredentialKind, InventoryEntry, PrincipalKind, Snapshot, Trace,
};
use crate::model::guid;
use crate::reference::microsoft;

/// An application, and every environment that knows it.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// GUID, lower case.
    pub(super) client_id: String,
    pub(super) title: Option<String>,
    /// `None` where it is not known.
    pub(super) kind: Option<PrincipalKind>,
    /// When its credentials end; `None` where they could not be read.
    pub(super) ends: Option<Vec<DateTime<Utc>>>,
    pub(super) has_secret: bool,
    pub(super) has_certificate: bool,
    /// By environment.
    pub(super) places: BTreeMap<String, Place>,
    /// What it asks for or was granted of Dynamics.
    pub(super) permissions: BTreeSet<String>,
}

/// What one environment knows of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) user: Option<ApplicationUser>,
    pub(super) finops: bool,
}

/// All of them, by client id.
pub(super) fn all(look: &Snapshot, searched: &Searched) -> Vec<Client> {
    let directory = look.directories.get(TENANT);
    let inventory = directory.and_then(|directory| directory.inventory.as_ref());
    let mut clients: BTreeMap<String, Client> = inventory
        .into_iter()
        .flat_map(|inventory| &inventory.items)
        .map(|entry| (entry.client_id.clone(), client(entry, look)))
        .collect();
    for (client_id, resources) in &searched.asking {
        // Only what an incomplete list does not name comes from the search alone.
        let client = clients
            .entry(client_id.clone())
            .or_insert_with(|| Client::unknown(client_id, searched.titles.get(client_id)));
        if client.permissions.is_empty() {
            let asks = |name: &&'static str| format!("{name}, by Graph's search");
            client.permissions.extend(resources.iter().map(asks));
        }
    }
    let own = look.auditors.get(TENANT);
    let own = own.and_then(|own| own.signed_in.known()?.client_id.clone());
    clients
        .into_values()
        .filter(|client| {
            microsoft::application(&client.client_id).is_none()
                && client.kind != Some(PrincipalKind::Microsoft)
                && own
                    .as_ref()
                    .is_none_or(|own| !guid::same(own, &client.client_id))
        })
        .collect()
}

impl Client {
    fn unknown(client_id: &str, title: Option<&String>) -> Self {
        Self {
            client_id: client_id.to_owned(),
            title: title.cloned(),
            kind: None,
            ends: None,
            has_secret: false,
            has_certificate: false,
            places: BTreeMap::new(),
            permissions: BTreeSet::new(),
        }
    }

    /// As far as entries can be told to be its own.
    pub(super) fn to_match(&self) -> matching::Client {
        matching::Client {
            client_id: self.client_id.clone(),
            name: self.title.clone(),
            ends: self.ends.clone().unwrap_or_default(),
        }
    }
}

fn client(entry: &InventoryEntry, look: &Snapshot) -> Client {
    let mut client = Client::unknown(&entry.client_id, entry.display_name.as_ref());
    client.kind = entry.kind.known().copied();
    if let Some(credentials) = entry.credentials.known() {
        let of = |kind| credentials.iter().any(|one| one.kind == kind);
        client.has_secret = of(CredentialKind::Secret);
        client.has_certificate = of(CredentialKind::Certificate);
        let ends = credentials
            .iter()
            .filter_map(|one| one.end.known().copied());
        client.ends = Some(ends.collect());
    }
    for trace in &entry.traces {
        match trace {
            Trace::Declares(permission) | Trace::Granted(permission) => {
                client.permissions.insert(permission.clone());
            }
            Trace::ApplicationUser(environment) => {
                let place = client.places.entry(environment.clone()).or_default();
                place.user = user(look, environment, &entry.client_id);
            }
            Trace::FinopsClient(environment) => {
                client.places.entry(environment.clone()).or_default().finops = true;
            }
            Trace::VaultEntry(_) => {}
        }
    }
    client
}

fn user(look: &Snapshot, environment: &str, client_id: &str) -> Option<ApplicationUser> {
    let users = &look.environments.get(environment)?.application_users;
    let mut users = users.items.iter();
    users
        .find(|user| guid::same(&user.client_id, client_id))
        .cloned()
}
