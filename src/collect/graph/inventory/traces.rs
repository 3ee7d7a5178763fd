//! Why something is in the inventory: what it declares, what it was granted, where it is known.

use super::names::Names;
use super::objects::Objects;
use super::{Sources, Traces};
use crate::collect::fields::Fields;
use crate::evidence::Trace;
use crate::model::{Gap, GapKind};

/// The traces by client id, and the first reason why there may be more.
pub(super) fn by_client(sources: &Sources<'_>, objects: &Objects<'_>) -> (Traces, Option<Gap>) {
    let mut found = Found::default();
    found.cut_short(objects.applications.gap.as_ref());
    found.cut_short(objects.principals.gap.as_ref());
    found.declared(sources, objects);
    found.granted(sources, objects);
    for (environment, users) in &sources.users {
        found.cut_short(users.gap.as_ref());
        for user in &users.items {
            let trace = Trace::ApplicationUser((*environment).to_owned());
            found.add(&user.client_id, trace);
        }
    }
    for (environment, clients) in &sources.finops_clients {
        found.cut_short(clients.gap.as_ref());
        for client in &clients.items {
            found.add(client, Trace::FinopsClient((*environment).to_owned()));
        }
    }
    found.stored(sources, objects);
    (found.traces, found.gap)
}

#[derive(Default)]
struct Found {
    traces: Traces,
    gap: Option<Gap>,
}

impl Found {
    fn add(&mut self, client_id: &str, trace: Trace) {
        self.traces
            .entry(client_id.to_ascii_lowercase())
            .or_default()
            .insert(trace);
    }

    fn cut_short(&mut self, gap: Option<&Gap>) {
        if self.gap.is_none() {
            self.gap = gap.cloned();
        }
    }

    /// Applications whose `requiredResourceAccess` names Dynamics.
    fn declared(&mut self, sources: &Sources<'_>, objects: &Objects<'_>) {
        for (client_id, value) in &objects.applications.objects {
            let what = format!("the application {client_id}");
            match declares(sources, Fields::new(value, &what)) {
                Ok(permissions) => {
                    for permission in permissions {
                        self.add(client_id, Trace::Declares(permission));
                    }
                }
                Err(odd) => self.cut_short(Some(&odd)),
            }
        }
    }

    /// Service principals that were given an application role of Dynamics.
    fn granted(&mut self, sources: &Sources<'_>, objects: &Objects<'_>) {
        for resource in sources.resources {
            self.cut_short(resource.assigned.gap.as_ref());
            for assigned in &resource.assigned.items {
                let id = &assigned.principal_id;
                let permission = resource.permission(&assigned.role_id);
                if let Some(client_id) = objects.by_object.get(id) {
                    self.add(client_id, Trace::Granted(permission));
                } else {
                    let gap = Gap::new(
                        GapKind::Malformed,
                        format!(
                            "{permission} was granted to the service principal {id}, which the list of service principals does not name"
                        ),
                    );
                    self.cut_short(Some(&gap));
                }
            }
        }
    }

    /// Clients that entries of the tenant's vaults are named for.
    fn stored(&mut self, sources: &Sources<'_>, objects: &Objects<'_>) {
        let mut names = Names::default();
        for (client_id, value) in &objects.applications.objects {
            names.add_id(client_id);
            if let Some(name) = Fields::new(value, "").optional_text("displayName") {
                names.add_name(client_id, &name);
            }
        }
        for client_id in objects.principals.objects.keys().chain(self.traces.keys()) {
            names.add_id(client_id);
        }
        for (vault, entries) in &sources.entries {
            self.cut_short(entries.gap.as_ref());
            for entry in &entries.items {
                for client_id in names.found_in(entry) {
                    let trace = Trace::VaultEntry(format!("{vault}/{}", entry.name));
                    self.add(client_id, trace);
                }
            }
        }
    }
}

/// The permissions of Dynamics that an application asks for.
fn declares(sources: &Sources<'_>, fields: Fields<'_>) -> Result<Vec<String>, Gap> {
    let mut permissions = Vec::new();
    let what = format!("{}, requiredResourceAccess", fields.what);
    for access in fields.list("requiredResourceAccess")? {
        let access = Fields::new(access, &what);
        let client_id = access.guid("resourceAppId")?;
        let Some(resource) = sources
            .resources
            .iter()
            .find(|resource| resource.client_id == client_id)
        else {
            continue;
        };
        for permission in access.list("resourceAccess")? {
            let id = Fields::new(permission, &what).guid("id")?;
            permissions.push(resource.permission(&id));
        }
    }
    Ok(permissions)
}
