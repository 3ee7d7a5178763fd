//! The integrations of a draft: each client in each environment that knows it, and those that none knows.

use std::collections::{BTreeMap, BTreeSet};

use super::clients::{Client, Place};
use super::draft::{DraftFinops, DraftRegistration, Told, Unplaced};
use super::entries::Stored;
use super::{expectations, looks, names};
use crate::evidence::{PrincipalKind, RegistrationEvidence, Snapshot};
use crate::model::{Listing, Observed, Presence};

/// What registrations are put together from.
pub(super) struct Sources<'a> {
    pub(super) stored: Stored<'a>,
    /// The look at every integration.
    pub(super) close: &'a Snapshot,
    /// The tenants of others' applications, by client id.
    pub(super) homes: &'a BTreeMap<String, String>,
    /// Owners that vault entries name, by `vault/name`.
    pub(super) owners: &'a BTreeMap<String, String>,
}

/// By environment, then name.
pub(super) fn all(sources: &Sources<'_>) -> Vec<DraftRegistration> {
    let clients = sources.stored.clients;
    let mut pairs: Vec<(&String, String, usize)> = Vec::new();
    for (number, client) in clients.iter().enumerate() {
        let title = client.title.clone().unwrap_or_default();
        let places = client.places.keys();
        pairs.extend(places.map(|environment| (environment, title.to_lowercase(), number)));
    }
    pairs.sort();
    let mut taken = BTreeSet::new();
    pairs
        .into_iter()
        .filter_map(|(environment, _, number)| {
            let client = clients.get(number)?;
            let place = client.places.get(environment)?;
            let title = client.title.as_deref().unwrap_or_default();
            let wanted = match client.places.len() {
                1 => title.to_owned(),
                // One application in several environments is an integration in each.
                _ => format!("{title}-{environment}"),
            };
            let short = client.client_id.split('-').next().unwrap_or_default();
            let name = names::free(&wanted, &format!("client-{short}"), &mut taken);
            let evidence = sources
                .close
                .registrations
                .get(&looks::called(number, environment));
            let one = One {
                number,
                client,
                environment,
                place,
                evidence,
            };
            Some(one.draft(name, sources))
        })
        .collect()
}

/// One client in one environment.
struct One<'a> {
    number: usize,
    client: &'a Client,
    environment: &'a str,
    place: &'a Place,
    evidence: Option<&'a RegistrationEvidence>,
}

impl One<'_> {
    fn draft(&self, name: String, sources: &Sources<'_>) -> DraftRegistration {
        let credential = sources.stored.credential(self.number, self.evidence);
        let entry = sources.stored.entry_of(&credential);
        let tagged = entry.and_then(|entry| sources.owners.get(&entry.place()));
        let proof = self.evidence.and_then(|one| one.dataverse.as_ref());
        let tables = sources.close.environments.get(self.environment);
        let tables = tables.and_then(|seen| seen.tables.known());
        let proposed = proof
            .filter(|_| self.place.user.is_some())
            .map(|proof| expectations::proposed(proof, tables.map_or(&[][..], Vec::as_slice)));
        let home = sources.homes.get(&self.client.client_id).cloned();
        let mut notes = self.notes(home.is_some());
        let dataverse = proposed.map(|(draft, note)| {
            notes.extend(note);
            draft
        });
        DraftRegistration {
            name,
            title: self.client.title.clone(),
            client_id: self.client.client_id.clone(),
            environment: self.environment.to_owned(),
            home_tenant: home,
            notes,
            owner: self.owner(tagged),
            credential,
            permissions: self.permissions(),
            dataverse,
            finops: self.place.finops.then(|| self.finops()),
        }
    }

    fn notes(&self, home_is_known: bool) -> Vec<String> {
        let mut notes = Vec::new();
        match self.client.kind {
            Some(PrincipalKind::Foreign) if home_is_known => {
                notes.push("its application belongs to another organisation".to_owned());
            }
            Some(PrincipalKind::Foreign) => notes.push(
                "its application belongs to another organisation, and which one could not be read: add home-tenant"
                    .to_owned(),
            ),
            Some(PrincipalKind::ManagedIdentity) => {
                notes.push("a managed identity: Azure keeps and rotates its credential".to_owned());
            }
            Some(PrincipalKind::AppProxy) => {
                notes.push("made by Application Proxy, which rotates its credential".to_owned());
            }
            None => notes.push("what kind of application it is could not be read".to_owned()),
            Some(_) => {}
        }
        let user = self.place.user.as_ref();
        if user.is_some_and(|user| user.disabled == Observed::Known(true)) {
            notes.push("its application user is disabled here".to_owned());
        }
        notes
    }

    fn owner(&self, tagged: Option<&String>) -> Option<Told<String>> {
        let owners = self.evidence.map(|one| &one.owners);
        let mut mails: Vec<&String> = owners
            .into_iter()
            .flat_map(|owners| &owners.items)
            .filter_map(|owner| owner.mail.as_ref())
            .filter(|mail| is_address(mail))
            .collect();
        mails.sort();
        if let Some(tagged) = tagged.filter(|mail| is_address(mail)) {
            let why = "the tag `owner` of its vault entry says so";
            return Some(Told::Guessed(tagged.clone(), why.to_owned()));
        }
        match mails.as_slice() {
            [only] => Some(Told::Certain((*only).clone())),
            [first, rest @ ..] => {
                let others: Vec<&str> = rest.iter().map(|mail| mail.as_str()).collect();
                let why = format!("one of its owners in Entra, as is {}", others.join(", "));
                Some(Told::Guessed((*first).clone(), why))
            }
            [] => Some(Told::Open(vec![
                "nobody with a mail address is known to own it: add owner = \"…\"".to_owned(),
            ])),
        }
    }

    /// What it was granted, where all of it is known and there is any.
    fn permissions(&self) -> Vec<String> {
        let principal = self.evidence.and_then(|one| one.service_principal.known());
        let Some(principal) = principal.and_then(Presence::present) else {
            return Vec::new();
        };
        let Listing { items, gap: None } = &principal.granted else {
            return Vec::new();
        };
        let names: Option<BTreeSet<String>> = items
            .iter()
            .map(|granted| Some(format!("{}/{}", granted.resource, granted.role.known()?)))
            .collect();
        names.unwrap_or_default().into_iter().collect()
    }

    fn finops(&self) -> DraftFinops {
        let proof = self.evidence.and_then(|one| one.finops.as_ref());
        let mapping = proof.and_then(|proof| proof.mapping.known());
        let mapping = mapping.and_then(Presence::present);
        DraftFinops {
            user: mapping.map(|mapping| mapping.user_id.clone()),
        }
    }
}

/// As the estate takes it.
fn is_address(text: &str) -> bool {
    let odd = |letter: char| {
        letter.is_control() || letter.is_whitespace() || "<>()[],;:\\\"".contains(letter)
    };
    let parts = text.split_once('@');
    let whole = parts.is_some_and(|(user, domain)| {
        !user.is_empty() && !domain.is_empty() && !domain.contains('@')
    });
    whole && text.len() <= 254 && !text.contains(odd)
}

/// Who has permissions of Dynamics and is known to no environment, by name.
pub(super) fn unplaced(clients: &[Client]) -> Vec<Unplaced> {
    let mut all: Vec<Unplaced> = clients
        .iter()
        .filter(|client| client.places.is_empty() && !client.permissions.is_empty())
        .map(|client| Unplaced {
            client_id: client.client_id.clone(),
            title: client.title.clone(),
            permissions: client.permissions.iter().cloned().collect(),
        })
        .collect();
    all.sort_by(|one, other| (&one.title, &one.client_id).cmp(&(&other.title, &other.client_id)));
    all
}
