//! The registrations of a snapshot by everything that others are looked up by, so that asking each of them
//! about its neighbours does not walk over all of them.

use crate::facts::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// Places of registrations, in the order of the estate.
type Places = Vec<usize>;

/// What is known of one registration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    pub registration: &'a Registration,
    pub environment: &'a Environment,
    pub tenant: &'a Tenant,
    pub evidence: &'a RegistrationEvidence,
}

/// The registrations that have evidence, by name, client id, vault entry and environment.
#[derive(Debug)]
pub struct Index<'a> {
    rows: Vec<Row<'a>>,
    by_name: HashMap<&'a str, usize>,
    /// Client ids in lower case.
    by_client: HashMap<String, Places>,
    /// Those whose client id is not known.
    nameless: Places,
    by_entry: BTreeMap<&'a EntryRef, Places>,
    by_environment: BTreeMap<&'a str, Places>,
    /// Those of whose credential others hold a copy.
    copied: Places,
    /// Environments and services that answered a registration of another environment.
    open: BTreeSet<(&'a str, Service)>,
}

impl<'a> Index<'a> {
    pub fn of(snapshot: &'a Snapshot) -> Self {
        let estate = &snapshot.estate;
        let rows = estate.registrations.iter().filter_map(|registration| {
            let environment = estate.environment_of(registration)?;
            Some(Row {
                registration,
                environment,
                tenant: estate.tenant_of(environment)?,
                evidence: snapshot.registration(&registration.name)?,
            })
        });
        let mut index = Self {
            rows: rows.collect(),
            by_name: HashMap::new(),
            by_client: HashMap::new(),
            nameless: Vec::new(),
            by_entry: BTreeMap::new(),
            by_environment: BTreeMap::new(),
            copied: Vec::new(),
            open: answered(snapshot),
        };
        for place in 0..index.rows.len() {
            index.enter(place);
        }
        index
    }

    fn enter(&mut self, place: usize) {
        let Some(row) = self.rows.get(place).copied() else {
            return;
        };
        let registration = row.registration;
        self.by_name.entry(&registration.name).or_insert(place);
        match row.client_id() {
            Some(id) => {
                let same = self.by_client.entry(id.to_ascii_lowercase());
                same.or_default().push(place);
            }
            None => self.nameless.push(place),
        }
        if let Some(stored) = &registration.credential {
            self.by_entry.entry(&stored.entry).or_default().push(place);
        }
        let environment = self.by_environment.entry(&registration.environment);
        environment.or_default().push(place);
        if !registration.consumers.is_empty() {
            self.copied.push(place);
        }
    }

    pub(crate) fn rows(&self) -> &[Row<'a>] {
        &self.rows
    }

    pub(crate) fn row(&self, place: usize) -> Option<Row<'a>> {
        self.rows.get(place).copied()
    }

    /// Where the registration of this name stands.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// Those that sign in as this client id.
    pub(crate) fn of_client(&self, id: &str) -> &[usize] {
        let places = self.by_client.get(&id.to_ascii_lowercase());
        places.map_or(&[], Vec::as_slice)
    }

    /// Those whose client id is not known.
    pub(crate) fn nameless(&self) -> &[usize] {
        &self.nameless
    }

    /// Those that store their credential in this entry.
    pub(crate) fn of_entry(&self, entry: &EntryRef) -> &[usize] {
        self.by_entry.get(entry).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn of_environment(&self, name: &str) -> &[usize] {
        self.by_environment.get(name).map_or(&[], Vec::as_slice)
    }

    /// Those of whose credential others hold a copy.
    pub(crate) fn copied(&self) -> &[usize] {
        &self.copied
    }

    /// Whether the environment answered a registration of another one.
    pub(crate) fn answered_a_stranger(&self, environment: &str, service: Service) -> bool {
        self.open.contains(&(environment, service))
    }
}

impl<'a> Row<'a> {
    /// The client id as far as it is known.
    pub(crate) fn client_id(&self) -> Option<&'a str> {
        match &self.registration.client_id {
            ClientId::Literal(id) => Some(id),
            _ => self.evidence.client_id.known().map(String::as_str),
        }
    }
}

/// Environments and services that answered a registration of another environment with success.
fn answered(snapshot: &Snapshot) -> BTreeSet<(&str, Service)> {
    let proofs = snapshot.registrations.values();
    proofs
        .flat_map(|evidence| &evidence.foreign)
        .filter(|proof| {
            let answer = proof.tried.as_ref().and_then(|tried| tried.answer.known());
            matches!(answer, Some(ForeignAnswer::Open { seen }) if seen.is_success())
        })
        .map(|proof| (proof.environment.as_str(), proof.service))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::tidy::{gap, tidy};

    #[test]
    fn each_registration_is_found_by_what_is_known_of_it() {
        let mut snapshot = tidy();
        snapshot.estate.registrations[1].client_id =
            ClientId::Secret(snapshot.estate.registrations[1].stored_mut().entry.clone());
        let name = snapshot.estate.registrations[1].name.clone();
        if let Some(evidence) = snapshot.registrations.get_mut(&name) {
            evidence.client_id = gap();
        }
        let index = Index::of(&snapshot);
        for (place, row) in index.rows().iter().enumerate() {
            let registration = row.registration;
            assert_eq!(index.place(&registration.name), Some(place));
            let entry = &registration.credential.as_ref().unwrap().entry;
            assert!(index.of_entry(entry).contains(&place));
            assert!(
                index
                    .of_environment(&registration.environment)
                    .contains(&place)
            );
            match row.client_id() {
                Some(id) => assert!(index.of_client(&id.to_ascii_uppercase()).contains(&place)),
                None => assert_eq!(index.nameless(), [place]),
            }
        }
        assert_eq!(index.nameless(), [1]);
        assert!(index.of_client("nobody").is_empty());
    }
}
