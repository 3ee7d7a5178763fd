//! Where one client id is used: vaults, environments, permissions, holders of copies, sign-ins; and which
//! lists could not be read, so that their silence says nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::estate::{ClientId, EntryRef, Estate, Registration};
use crate::evidence::{
    ApplicationUser, InventoryEntry, LastUse, RegistrationEvidence, Snapshot, Trace,
};
use crate::model::assessment::Whereabouts;
use crate::model::time::day;
use crate::model::{Gap, Observed, Presence};

mod unread;

/// Lines about places that a finding shows at most: one for each sort at least. One more says what was not
/// read.
const LINES: usize = 8;
/// Places of one sort that are listed one by one.
const OF_A_SORT: usize = 20;
/// Shorter names stand in all sorts of words, and tell nothing by themselves.
const TELLING: usize = 4;

/// Every place of a snapshot, ready to be asked about one client id after the other.
pub(super) struct Map<'a> {
    pub(super) snapshot: &'a Snapshot,
    listed: Vec<ListedName<'a>>,
    /// Registrations by client id.
    by_client: BTreeMap<&'a str, Vec<&'a Registration>>,
}

/// A vault's entry that the estate does not name.
struct ListedName<'a> {
    vault: &'a str,
    name: &'a str,
    /// Letters and digits only, lower case.
    folded: String,
    /// The registration that it is named for: the longest name that stands in it.
    named_for: Option<&'a str>,
}

/// Whom a question is about.
struct Subject<'a> {
    client_id: Option<&'a str>,
    registrations: Vec<&'a Registration>,
    inventory: Option<&'a InventoryEntry>,
}

/// What the places say, a group for each sort of place.
#[derive(Debug)]
pub(super) struct Places {
    client_id: Option<String>,
    groups: Vec<Vec<String>>,
    unread: Vec<Unread>,
}

/// A list that could not be read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unread {
    /// `application users of dev`.
    pub what: String,
    pub gap: Gap,
}

impl<'a> Map<'a> {
    pub(super) fn new(snapshot: &'a Snapshot) -> Self {
        let estate = &snapshot.estate;
        let mut by_client: BTreeMap<&str, Vec<&Registration>> = BTreeMap::new();
        for registration in &estate.registrations {
            if let Some(id) = client_id(snapshot, registration) {
                by_client.entry(id).or_default().push(registration);
            }
        }
        Self {
            snapshot,
            listed: listed(snapshot),
            by_client,
        }
    }

    /// Of a registration: by its client id, where that is known.
    pub(super) fn of_registration(&self, registration: &'a Registration) -> Places {
        match client_id(self.snapshot, registration) {
            Some(id) => self.of_client(id),
            None => self.places(&Subject {
                client_id: None,
                registrations: vec![registration],
                inventory: None,
            }),
        }
    }

    /// Of a client id, listed in the estate or not.
    pub(super) fn of_client(&self, id: &'a str) -> Places {
        let mut entries = self
            .snapshot
            .directories
            .values()
            .filter_map(|directory| directory.inventory.as_ref())
            .flat_map(|inventory| &inventory.items);
        self.places(&Subject {
            client_id: Some(id),
            registrations: self.by_client.get(id).cloned().unwrap_or_default(),
            inventory: entries.find(|entry| entry.client_id == id),
        })
    }

    /// The lines that a finding shows: about its one client id, else none.
    pub(super) fn used(&self, names: &[String], resource: &'a str) -> Vec<String> {
        if let Some(id) = resource.strip_prefix("application/") {
            return self.of_client(id).short();
        }
        let registrations: Vec<&Registration> = names
            .iter()
            .filter_map(|name| self.snapshot.estate.registration(name))
            .collect();
        let ids: BTreeSet<Option<&str>> = registrations
            .iter()
            .map(|registration| client_id(self.snapshot, registration))
            .collect();
        match (registrations.as_slice(), ids.len()) {
            ([only], _) => self.of_registration(only).short(),
            ([first, ..], 1) if !ids.contains(&None) => self.of_registration(first).short(),
            _ => Vec::new(),
        }
    }

    fn places(&self, subject: &Subject<'a>) -> Places {
        Places {
            client_id: subject.client_id.map(str::to_owned),
            groups: vec![
                self.named_in_estate(subject),
                self.same_value(subject),
                copies(subject),
                self.application_users(subject),
                self.finops_clients(subject),
                self.permissions(subject),
                self.by_name(subject),
                self.last_sign_in(subject),
            ],
            unread: unread::unread(self, subject),
        }
    }

    fn evidence(&self, registration: &Registration) -> Option<&'a RegistrationEvidence> {
        self.snapshot.registration(&registration.name)
    }

    fn named_in_estate(&self, subject: &Subject<'_>) -> Vec<String> {
        let mut entries: BTreeMap<&EntryRef, (&str, BTreeSet<&str>)> = BTreeMap::new();
        for registration in &subject.registrations {
            let form = registration.credential.kind.as_str();
            let entry = entries.entry(&registration.credential.entry);
            entry
                .or_insert((form, BTreeSet::new()))
                .1
                .insert("its credential");
            if let ClientId::Secret(entry) = &registration.client_id {
                let entry = entries.entry(entry);
                entry
                    .or_insert(("secret", BTreeSet::new()))
                    .1
                    .insert("its client id");
            }
        }
        entries
            .into_iter()
            .map(|(entry, (form, holds))| {
                let holds: Vec<&str> = holds.into_iter().collect();
                format!(
                    "vault {}, {form} {}: {} (named in the estate)",
                    entry.vault,
                    entry.name,
                    holds.join(" and ")
                )
            })
            .collect()
    }

    /// Other registrations' entries that hold the same value.
    fn same_value(&self, subject: &Subject<'_>) -> Vec<String> {
        let group = |registration: &Registration| value_group(self.evidence(registration)?);
        let own: BTreeSet<u32> = subject
            .registrations
            .iter()
            .filter_map(|one| group(one))
            .collect();
        let entries: BTreeSet<&EntryRef> = subject
            .registrations
            .iter()
            .map(|registration| &registration.credential.entry)
            .collect();
        let others = self.snapshot.estate.registrations.iter();
        others
            .filter(|other| !entries.contains(&other.credential.entry))
            .filter(|other| group(other).is_some_and(|group| own.contains(&group)))
            .map(|other| {
                let entry = &other.credential.entry;
                format!(
                    "vault {}, {} {}: the same value (the credential of {} in {})",
                    entry.vault,
                    other.credential.kind.as_str(),
                    entry.name,
                    other.name,
                    other.environment
                )
            })
            .collect()
    }

    fn application_users(&self, subject: &Subject<'_>) -> Vec<String> {
        let mut users: BTreeMap<&str, &ApplicationUser> = BTreeMap::new();
        for registration in &subject.registrations {
            // Where the list could not be read, the credential may have seen its own user.
            let proof = self
                .evidence(registration)
                .and_then(|one| one.dataverse.as_ref());
            let user = proof.and_then(|proof| proof.user.known()?.present());
            users.extend(user.map(|user| (registration.environment.as_str(), user)));
        }
        for (name, environment) in &self.snapshot.environments {
            let mut listed = environment.application_users.items.iter();
            let user = listed.find(|user| Some(user.client_id.as_str()) == subject.client_id);
            users.extend(user.map(|user| (name.as_str(), user)));
        }
        users
            .into_iter()
            .map(|(environment, user)| {
                let state = match user.disabled.known() {
                    Some(true) => "disabled",
                    Some(false) => "enabled",
                    None => "whether enabled is not known",
                };
                let name = user.name.as_deref().unwrap_or("without a name");
                format!("Dataverse {environment}: application user {name} ({state})")
            })
            .collect()
    }

    fn finops_clients(&self, subject: &Subject<'_>) -> Vec<String> {
        let mut clients: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for (name, environment) in &self.snapshot.environments {
            let listed = environment
                .finops_clients
                .iter()
                .flat_map(|list| &list.items);
            if listed
                .into_iter()
                .any(|id| Some(id.as_str()) == subject.client_id)
            {
                clients.insert(name, None);
            }
        }
        for registration in &subject.registrations {
            let proof = self
                .evidence(registration)
                .and_then(|one| one.finops.as_ref());
            let mapping = proof.and_then(|proof| proof.mapping.known()?.present());
            if let Some(mapping) = mapping {
                clients.insert(&registration.environment, Some(&mapping.user_id));
            }
        }
        clients
            .into_iter()
            .map(|(environment, user)| match user {
                Some(user) => format!("F&O {environment}: client of user {user}"),
                None => format!("F&O {environment}: client"),
            })
            .collect()
    }

    fn permissions(&self, subject: &Subject<'_>) -> Vec<String> {
        let mut granted: BTreeSet<String> = BTreeSet::new();
        for registration in &subject.registrations {
            let principal = self
                .evidence(registration)
                .and_then(|one| one.service_principal.known()?.present());
            for role in principal.iter().flat_map(|one| &one.granted.items) {
                let name = role.role.known().unwrap_or(&role.role_id);
                granted.insert(format!("{} {name}", role.resource));
            }
        }
        for trace in subject.inventory.iter().flat_map(|entry| &entry.traces) {
            if let Trace::Granted(permission) = trace {
                granted.insert(permission.replacen('/', " ", 1));
            }
        }
        granted
            .into_iter()
            .map(|permission| format!("permission {permission}, granted"))
            .collect()
    }

    fn by_name(&self, subject: &Subject<'_>) -> Vec<String> {
        let named = |listed: &&ListedName<'_>| {
            let own = |name: &str| subject.registrations.iter().any(|one| one.name == name);
            let by_id = subject.client_id.is_some_and(|id| {
                let id = fold(id);
                !id.is_empty() && listed.folded.contains(&id)
            });
            by_id || listed.named_for.is_some_and(own)
        };
        let mut entries: BTreeSet<(&str, &str)> = self
            .listed
            .iter()
            .filter(named)
            .map(|listed| (listed.vault, listed.name))
            .collect();
        for trace in subject.inventory.iter().flat_map(|entry| &entry.traces) {
            if let Trace::VaultEntry(entry) = trace
                && let Some((vault, name)) = entry.split_once('/')
                && !is_named(&self.snapshot.estate, vault, name)
            {
                entries.insert((vault, name));
            }
        }
        entries
            .into_iter()
            .map(|(vault, name)| format!("vault {vault}, secret {name}: by its name only"))
            .collect()
    }

    fn last_sign_in(&self, subject: &Subject<'_>) -> Vec<String> {
        let of_estate = subject
            .registrations
            .iter()
            .filter_map(|one| self.evidence(one));
        let of_inventory = subject.inventory.map(|entry| &entry.last_sign_in);
        let told = of_estate.map(|one| &one.last_sign_in).chain(of_inventory);
        let last = told
            .filter_map(Observed::known)
            .max_by_key(|last| match last {
                LastUse::At(at) => Some(*at),
                LastUse::NotReported => None,
            });
        match last {
            Some(LastUse::At(at)) => vec![format!("last sign-in {}", day(*at))],
            Some(LastUse::NotReported) => vec!["no sign-in is in the report".to_owned()],
            None => Vec::new(),
        }
    }
}

impl Places {
    /// All that is known, each sort of place up to a number.
    pub(super) fn whole(&self) -> Whereabouts {
        Whereabouts {
            client_id: self.client_id.clone(),
            lines: self.folded(OF_A_SORT),
            unread: self
                .unread
                .iter()
                .map(|one| unread_line(&one.what, &one.gap))
                .collect(),
        }
    }

    pub(super) fn unread(&self) -> &[Unread] {
        &self.unread
    }

    /// As many lines as a finding has room for.
    fn short(&self) -> Vec<String> {
        let fits = |sort: &usize| {
            let lines = self.groups.iter().map(|group| group.len().min(*sort));
            lines.sum::<usize>() <= LINES
        };
        let sort = (1..=OF_A_SORT).rev().find(fits).unwrap_or(1);
        let mut lines = self.folded(sort);
        let names: Vec<&str> = self.unread.iter().map(|one| one.what.as_str()).collect();
        match names.as_slice() {
            [] => {}
            [one] => lines.push(format!("not read: {one}")),
            [one, two] => lines.push(format!("not read: {one}, {two}")),
            [one, two, rest @ ..] => {
                lines.push(format!("not read: {one}, {two} and {} more", rest.len()));
            }
        }
        lines
    }

    fn folded(&self, of_a_sort: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for group in &self.groups {
            let more = group.len().saturating_sub(of_a_sort);
            lines.extend(group.iter().take(of_a_sort).cloned());
            if let Some(last) = lines.last_mut().filter(|_| more > 0) {
                last.push_str(&format!(", and {more} more"));
            }
        }
        lines
    }
}

/// `application users of dev: why they are not known`.
pub(super) fn unread_line(what: &str, gap: &Gap) -> String {
    if gap.seen.is_empty() {
        return format!("{what}: {}", gap.kind);
    }
    format!("{what}: {}", gap.seen)
}

/// The client id as far as it is known.
pub(super) fn client_id<'a>(
    snapshot: &'a Snapshot,
    registration: &'a Registration,
) -> Option<&'a str> {
    match &registration.client_id {
        ClientId::Literal(id) => Some(id),
        ClientId::Secret(_) => {
            let evidence = snapshot.registration(&registration.name)?;
            evidence.client_id.known().map(String::as_str)
        }
    }
}

fn value_group(evidence: &RegistrationEvidence) -> Option<u32> {
    let entry = evidence.entry.known().and_then(Presence::present)?;
    entry.content.known()?.value_group
}

fn copies(subject: &Subject<'_>) -> Vec<String> {
    let consumers = subject.registrations.iter().flat_map(|one| &one.consumers);
    let copies: BTreeSet<String> = consumers
        .map(|consumer| match &consumer.contact {
            Some(contact) => format!("a copy at {} <{contact}>", consumer.name),
            None => format!("a copy at {}, no contact", consumer.name),
        })
        .collect();
    copies.into_iter().collect()
}

/// The vaults' entries that the estate does not name, with the registration each is named for.
fn listed(snapshot: &Snapshot) -> Vec<ListedName<'_>> {
    let names: Vec<(String, &str)> = snapshot
        .estate
        .registrations
        .iter()
        .map(|registration| (fold(&registration.name), registration.name.as_str()))
        .filter(|(folded, _)| folded.len() >= TELLING)
        .collect();
    let vaults = snapshot.vaults.iter();
    vaults
        .flat_map(|(vault, evidence)| {
            let secrets = evidence.secrets.items.iter();
            secrets.map(move |secret| (vault.as_str(), secret.name.as_str()))
        })
        .filter(|(vault, name)| !is_named(&snapshot.estate, vault, name))
        .map(|(vault, name)| {
            let folded = fold(name);
            let fitting = names.iter().filter(|(needle, _)| folded.contains(needle));
            let longest = fitting.max_by_key(|(needle, _)| needle.len());
            ListedName {
                vault,
                name,
                named_for: longest.map(|(_, registration)| *registration),
                folded,
            }
        })
        .collect()
}

/// Whether the estate names this entry.
fn is_named(estate: &Estate, vault: &str, name: &str) -> bool {
    let is = |entry: &EntryRef| entry.vault == vault && entry.name.eq_ignore_ascii_case(name);
    estate.registrations.iter().any(|registration| {
        let id = matches!(&registration.client_id, ClientId::Secret(entry) if is(entry));
        id || is(&registration.credential.entry)
    })
}

/// Letters and digits, lower case: `Raia-Contact_Sync` and `raiacontactsync` are one name.
fn fold(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests;
