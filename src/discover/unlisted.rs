//! What could not be listed, each cause once: an estate is only as whole as its lists.

use super::applications::Searched;
use super::draft::Unlisted;
use super::write::TENANT;
use crate::evidence::Snapshot;
use crate::model::plural::count;
use crate::model::{Gap, GapKind, Presence, guid};

/// The lists of a first look that were not read to their end.
pub(super) fn of_look(look: &Snapshot) -> Vec<Unlisted> {
    let mut all = Gathered::default();
    if let Some(directory) = look.directories.get(TENANT) {
        all.add(
            "the applications of the tenant",
            directory.applications_gap.as_ref(),
        );
    }
    for (name, environment) in &look.environments {
        let users = environment.application_users.gap.as_ref();
        all.add(&format!("the application users of {name}"), users);
        let clients = environment.finops_clients.as_ref();
        let clients = clients.and_then(|clients| clients.gap.as_ref());
        all.add(
            &format!("the Finance & Operations clients of {name}"),
            clients,
        );
    }
    for (name, vault) in &look.vaults {
        all.add(
            &format!("the entries of vault {name}"),
            vault.secrets.gap.as_ref(),
        );
    }
    // Last: it repeats the first of the gaps above, and is news only where it is another.
    if let Some(inventory) = look
        .directories
        .get(TENANT)
        .and_then(|one| one.inventory.as_ref())
    {
        all.add(
            "who has to do with Dynamics in the tenant",
            inventory.gap.as_ref(),
        );
    }
    all.0
}

/// What Graph's search says of the list of applications. It only adds to the list: where that is whole, a search
/// that was refused leaves nothing out, and one that names more than the list says that it is not whole.
pub(super) fn of_search(look: &Snapshot, searched: &Searched) -> Vec<Unlisted> {
    let directory = look.directories.get(TENANT);
    if directory.is_none_or(|directory| directory.applications_gap.is_some()) {
        return searched.unlisted.clone();
    }
    let inventory = directory.and_then(|directory| directory.inventory.as_ref());
    let known = |id: &&String| {
        let mut items = inventory.into_iter().flat_map(|inventory| &inventory.items);
        items.any(|entry| guid::same(&entry.client_id, id))
    };
    let more = searched.asking.keys().filter(|id| !known(id)).count();
    if more == 0 {
        return Vec::new();
    }
    let seen = format!(
        "Graph's search names {} that ask for Dynamics and that its list does not have",
        count(more, "application")
    );
    let gap = Gap::new(GapKind::Truncated, seen);
    vec![Unlisted {
        what: "the applications of the tenant".to_owned(),
        gap: gap.with_remedy("run again in some minutes: Graph's index follows changes late"),
    }]
}

/// What could not be read of single integrations.
pub(super) fn of_close(close: &Snapshot) -> Vec<Unlisted> {
    let mut all = Gathered::default();
    for (name, environment) in &close.environments {
        let tables = environment.tables.gap();
        all.add(&format!("the tables of {name}"), tables);
    }
    for evidence in close.registrations.values() {
        // What does not exist in the tenant has no owners there.
        let is_absent = evidence
            .application
            .known()
            .is_some_and(Presence::is_absent);
        let owners = evidence.owners.gap.as_ref().filter(|_| !is_absent);
        all.add("the owners of applications", owners);
        if let Some(proof) = &evidence.dataverse {
            all.add("the roles of application users", proof.roles.gap.as_ref());
            all.add(
                "the privileges of application users",
                proof.privileges.gap(),
            );
        }
        if let Some(proof) = &evidence.finops {
            all.add(
                "the Finance & Operations users of clients",
                proof.mapping.gap(),
            );
        }
    }
    all.0
}

/// Each cause once, under the first of what it left unread.
#[derive(Default)]
struct Gathered(Vec<Unlisted>);

impl Gathered {
    fn add(&mut self, what: &str, gap: Option<&Gap>) {
        let Some(gap) = gap else { return };
        let known = |one: &Unlisted| one.what == what || one.gap.seen == gap.seen;
        if !self.0.iter().any(known) {
            self.0.push(Unlisted {
                what: what.to_owned(),
                gap: gap.clone(),
            });
        }
    }
}

/// Both, each cause once.
pub(super) fn joined(one: Vec<Unlisted>, other: Vec<Unlisted>) -> Vec<Unlisted> {
    let mut all = Gathered::default();
    for unlisted in one.into_iter().chain(other) {
        all.add(&unlisted.what, Some(&unlisted.gap));
    }
    all.0
}
