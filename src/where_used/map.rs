//! Where one client id is used: vaults, environments, permissions, holders of copies, sign-ins; and which
//! lists could not be read, so that their silence says nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::estate::{ClientId, Estate, Registration};
use crate::evidence::{ApplicationUser, InventoryEntry, RegistrationEvidence, Snapshot};
use crate::model::assessment::{Line, Whereabouts};
use crate::model::{Gap, Presence, Prose, Resource};

mod places;
mod unread;

/// Lines about places that a finding shows at most: one for each sort at least. One more says what was not
/// read.
const LINES: usize = 8;
/// Places of one sort that are listed one by one.
const OF_A_SORT: usize = 20;
/// Shorter names stand in all sorts of words, and tell nothing by themselves.
const TELLING: usize = 4;

/// Every place of a snapshot, ready to be asked about one client id after the other.
pub(crate) struct Map<'a> {
    pub(crate) snapshot: &'a Snapshot,
    listed: Vec<ListedName<'a>>,
    by_name: HashMap<&'a str, &'a Registration>,
    /// Registrations by client id.
    by_client: BTreeMap<&'a str, Vec<&'a Registration>>,
    /// Registrations by the number of the value they store, each with its place in the estate.
    by_value: BTreeMap<u32, Vec<(usize, &'a Registration)>>,
    /// Application users by client id, one per environment.
    users: HashMap<&'a str, BTreeMap<&'a str, &'a ApplicationUser>>,
    /// Environments of Finance & Operations by the client ids that they list.
    finops: HashMap<&'a str, BTreeSet<&'a str>>,
    /// What the directories list, by client id.
    pub(crate) inventory: HashMap<&'a str, &'a InventoryEntry>,
    /// Vaults' entries that the estate names, in lower case.
    named: HashSet<(&'a str, String)>,
    /// Why not every stored value could be compared.
    uncompared: Option<Gap>,
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
pub(crate) struct Subject<'a> {
    client_id: Option<&'a str>,
    registrations: Vec<&'a Registration>,
    inventory: Option<&'a InventoryEntry>,
}

/// Vault entries.
type Entries = BTreeSet<Resource>;

/// What the places say, a group for each sort of place.
#[derive(Debug)]
pub(crate) struct Places {
    client_id: Option<String>,
    groups: Vec<Vec<Line>>,
    /// The vault entries that the groups are about.
    entries: Entries,
    unread: Vec<Unread>,
}

/// A list that could not be read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    /// `application users of dev`.
    pub what: String,
    pub gap: Gap,
}

impl<'a> Map<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot) -> Self {
        let estate = &snapshot.estate;
        let mut by_client: BTreeMap<&str, Vec<&Registration>> = BTreeMap::new();
        for registration in &estate.registrations {
            if let Some(id) = client_id(snapshot, registration) {
                by_client.entry(id).or_default().push(registration);
            }
        }
        let mut by_id = HashMap::new();
        for entry in inventory(snapshot) {
            by_id.entry(entry.client_id.as_str()).or_insert(entry);
        }
        let named = named(estate);
        let registrations = estate.registrations.iter();
        Self {
            snapshot,
            listed: listed(snapshot, &named),
            by_name: registrations.map(|one| (one.name.as_str(), one)).collect(),
            by_client,
            by_value: by_value(snapshot),
            users: users(snapshot),
            finops: finops(snapshot),
            inventory: by_id,
            named,
            uncompared: unread::values(snapshot),
        }
    }

    /// The registration of this name.
    pub(crate) fn registration(&self, name: &str) -> Option<&'a Registration> {
        self.by_name.get(name).copied()
    }

    /// Whether the estate names this entry.
    fn is_named(&self, vault: &'a str, name: &str) -> bool {
        self.named.contains(&(vault, name.to_ascii_lowercase()))
    }

    /// Of a registration: by its client id, where that is known.
    pub(crate) fn of_registration(&self, registration: &'a Registration) -> Places {
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
    pub(crate) fn of_client(&self, id: &'a str) -> Places {
        self.places(&Subject {
            client_id: Some(id),
            registrations: self.by_client.get(id).cloned().unwrap_or_default(),
            inventory: self.inventory.get(id).copied(),
        })
    }

    /// The lines that a finding shows: about its one client id, else none.
    pub(crate) fn used(&self, names: &[String], resource: &'a Resource) -> Vec<Line> {
        if let Some(id) = resource.application_id() {
            return self.of_client(id).short();
        }
        let registrations: Vec<&Registration> = names
            .iter()
            .filter_map(|name| self.registration(name))
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
        let mut entries = Entries::new();
        Places {
            client_id: subject.client_id.map(str::to_owned),
            groups: vec![
                its_own(self.named_in_estate(subject, &mut entries)),
                self.same_value(subject, &mut entries),
                its_own(copies(subject)),
                its_own(self.application_users(subject)),
                its_own(self.finops_clients(subject)),
                its_own(self.permissions(subject)),
                its_own(self.federated(subject)),
                its_own(self.by_name(subject, &mut entries)),
                its_own(self.last_sign_in(subject)),
            ],
            unread: unread::unread(self, subject),
            entries,
        }
    }

    fn evidence(&self, registration: &Registration) -> Option<&'a RegistrationEvidence> {
        self.snapshot.registration(&registration.name)
    }
}

impl Places {
    /// All that is known, each sort of place up to a number.
    pub(crate) fn whole(&self) -> Whereabouts {
        Whereabouts {
            client_id: self.client_id.clone(),
            lines: self.folded(OF_A_SORT),
            entries: self.entries.clone(),
            unread: self
                .unread
                .iter()
                .map(|one| Prose::from(unread_line(&one.what, &one.gap)).into())
                .collect(),
        }
    }

    pub(crate) fn unread(&self) -> &[Unread] {
        &self.unread
    }

    /// As many lines as a finding has room for.
    fn short(&self) -> Vec<Line> {
        let fits = |sort: &usize| {
            let lines = self.groups.iter().map(|group| group.len().min(*sort));
            lines.sum::<usize>() <= LINES
        };
        let sort = (1..=OF_A_SORT).rev().find(fits).unwrap_or(1);
        let mut lines = self.folded(sort);
        let names: Vec<&str> = self.unread.iter().map(|one| one.what.as_str()).collect();
        let unread = match names.as_slice() {
            [] => return lines,
            [one] => format!("not read: {one}"),
            [one, two] => format!("not read: {one}, {two}"),
            [one, two, rest @ ..] => format!("not read: {one}, {two} and {} more", rest.len()),
        };
        lines.push(Prose::from(unread).into());
        lines
    }

    fn folded(&self, of_a_sort: usize) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for group in &self.groups {
            let more = group.len().saturating_sub(of_a_sort);
            lines.extend(group.iter().take(of_a_sort).cloned());
            if let Some(last) = lines.last_mut().filter(|_| more > 0) {
                last.said = last.said.and(format_args!(", and {more} more"));
            }
        }
        lines
    }
}

/// Lines that speak of nobody but the client id.
fn its_own(lines: Vec<String>) -> Vec<Line> {
    lines
        .into_iter()
        .map(|said| Prose::from(said).into())
        .collect()
}

/// `application users of dev: why they are not known`.
pub(crate) fn unread_line(what: &str, gap: &Gap) -> String {
    if gap.seen.is_empty() {
        return format!("{what}: {}", gap.kind);
    }
    format!("{what}: {}", gap.seen)
}

/// The client id as far as it is known.
pub(crate) fn client_id<'a>(
    snapshot: &'a Snapshot,
    registration: &'a Registration,
) -> Option<&'a str> {
    match &registration.client_id {
        ClientId::Literal(id) => Some(id),
        ClientId::Secret(_) | ClientId::Field { .. } => {
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
fn listed<'a>(snapshot: &'a Snapshot, named: &HashSet<(&str, String)>) -> Vec<ListedName<'a>> {
    let registrations = snapshot.estate.registrations.iter();
    let names: HashMap<String, &str> = registrations
        .map(|registration| (fold(&registration.name), registration.name.as_str()))
        .filter(|(folded, _)| folded.len() >= TELLING)
        .collect();
    let lengths: BTreeSet<usize> = names.keys().map(String::len).collect();
    let vaults = snapshot.vaults.iter();
    vaults
        .flat_map(|(vault, evidence)| {
            let secrets = evidence.secrets.items.iter();
            secrets.map(move |secret| (vault.as_str(), secret.name.as_str()))
        })
        .filter(|(vault, name)| !named.contains(&(*vault, name.to_ascii_lowercase())))
        .map(|(vault, name)| {
            let folded = fold(name);
            let parts = lengths.iter().rev().flat_map(|length| {
                let (folded, length) = (folded.as_str(), *length);
                let last = (folded.len() + 1).saturating_sub(length);
                (0..last).filter_map(move |at| folded.get(at..at + length))
            });
            let longest = { parts }.find_map(|part| names.get(part));
            ListedName {
                vault,
                name,
                named_for: longest.copied(),
                folded,
            }
        })
        .collect()
}

/// The entries that the estate names, in lower case.
fn named(estate: &Estate) -> HashSet<(&str, String)> {
    let entries = estate.registrations.iter().flat_map(Registration::entries);
    entries
        .map(|entry| (entry.vault.as_str(), entry.name.to_ascii_lowercase()))
        .collect()
}

fn by_value(snapshot: &Snapshot) -> BTreeMap<u32, Vec<(usize, &Registration)>> {
    let mut by_value: BTreeMap<u32, Vec<(usize, &Registration)>> = BTreeMap::new();
    for (place, registration) in snapshot.estate.registrations.iter().enumerate() {
        let evidence = snapshot.registration(&registration.name);
        if let Some(number) = evidence.and_then(value_group) {
            by_value
                .entry(number)
                .or_default()
                .push((place, registration));
        }
    }
    by_value
}

fn users(snapshot: &Snapshot) -> HashMap<&str, BTreeMap<&str, &ApplicationUser>> {
    let mut users: HashMap<&str, BTreeMap<&str, &ApplicationUser>> = HashMap::new();
    for (name, environment) in &snapshot.environments {
        for user in &environment.application_users.items {
            let of_client = users.entry(&user.client_id).or_default();
            of_client.entry(name).or_insert(user);
        }
    }
    users
}

fn finops(snapshot: &Snapshot) -> HashMap<&str, BTreeSet<&str>> {
    let mut clients: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for (name, environment) in &snapshot.environments {
        let listed = environment.finops_clients.iter();
        for id in listed.flat_map(|list| &list.items) {
            clients.entry(id).or_default().insert(name);
        }
    }
    clients
}

/// Everybody that a directory lists.
pub(crate) fn inventory(snapshot: &Snapshot) -> impl Iterator<Item = &InventoryEntry> {
    let directories = snapshot.directories.values();
    let lists = directories.filter_map(|directory| directory.inventory.as_ref());
    lists.flat_map(|list| &list.items)
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
