//! Finding one client id by what people call it, and telling all that is known of it.

use crate::model::Prose;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::map::{Map, Places, client_id, inventory, unread_line};
use crate::estate::Registration;
use crate::evidence::{
    Credential, InventoryEntry, LastUse, PrincipalKind, RegistrationEvidence, Snapshot,
};
use crate::facts::case::left_out;
use crate::facts::principals::words_of_kind;
use crate::model::assessment::{
    CredentialEnd, LOCATED_FORMAT, Located, LocatedCredential, LocatedRegistration,
};
use crate::source::did_you_mean;

/// What a name or client id came to.
#[derive(Debug)]
pub(crate) enum Found {
    One(Box<Located>),
    /// Each in a few words, sorted.
    Several(Vec<String>),
    /// Nothing of this name, and the nearest name there is.
    Nothing {
        nearest: Option<String>,
    },
}

/// Somebody who can be asked for.
#[derive(Debug, Default)]
struct Candidate<'a> {
    client_id: Option<&'a str>,
    registrations: Vec<&'a Registration>,
    display_names: BTreeSet<&'a str>,
}

/// Looks for a registration's name, a client id or a display name: exactly, else as a part of a name.
pub(crate) fn locate(snapshot: &Snapshot, asked: &str) -> Found {
    let snapshot = &*snapshot.whole(left_out);
    let candidates = candidates(snapshot);
    let asked = asked.trim().to_lowercase();
    let is = |name: &str| name.to_lowercase() == asked;
    let tells: [&dyn Fn(&Candidate<'_>) -> bool; 3] = [
        &|one| one.client_id.is_some_and(is) || one.registrations.iter().any(|each| is(&each.name)),
        &|one| one.display_names.iter().any(|name| is(name)),
        &|one| !asked.is_empty() && one.words().any(|word| word.to_lowercase().contains(&asked)),
    ];
    for fits in tells {
        let found: Vec<&Candidate<'_>> = candidates.iter().filter(|one| fits(one)).collect();
        match found.as_slice() {
            [] => {}
            [one] => return Found::One(Box::new(located(snapshot, one))),
            several => {
                let mut words: Vec<String> = several.iter().map(|one| one.introduction()).collect();
                words.sort();
                return Found::Several(words);
            }
        }
    }
    let words = candidates.iter().flat_map(Candidate::words);
    Found::Nothing {
        nearest: did_you_mean(&asked, words).map(str::to_owned),
    }
}

impl<'a> Candidate<'a> {
    fn words(&self) -> impl Iterator<Item = &'a str> {
        let names = self.registrations.iter().map(|one| one.name.as_str());
        let names: Vec<&str> = names
            .chain(self.client_id)
            .chain(self.display_names.iter().copied())
            .collect();
        names.into_iter()
    }

    /// `raia-contact-sync (client id 5b7a…)`.
    fn introduction(&self) -> String {
        let names: Vec<&str> = if self.registrations.is_empty() {
            self.display_names.iter().copied().collect()
        } else {
            self.registrations
                .iter()
                .map(|one| one.name.as_str())
                .collect()
        };
        let name = if names.is_empty() {
            "without a name".to_owned()
        } else {
            names.join(", ")
        };
        match self.client_id {
            Some(id) => format!("{name} (client id {id})"),
            None => format!("{name} (client id not known)"),
        }
    }
}

/// Everybody that the snapshot names, each client id once.
fn candidates(snapshot: &Snapshot) -> Vec<Candidate<'_>> {
    let mut known: BTreeMap<&str, Candidate<'_>> = BTreeMap::new();
    let mut nameless = Vec::new();
    for registration in &snapshot.estate.registrations {
        let evidence = snapshot.registration(&registration.name);
        let application = evidence.and_then(|one| one.application.known()?.present());
        let display = application.and_then(|one| one.display_name.as_deref());
        if let Some(id) = client_id(snapshot, registration) {
            let candidate = known.entry(id).or_default();
            candidate.registrations.push(registration);
            candidate.display_names.extend(display);
        } else {
            nameless.push(Candidate {
                client_id: None,
                registrations: vec![registration],
                display_names: display.into_iter().collect(),
            });
        }
    }
    let environments = || snapshot.environments.values();
    let listed = inventory(snapshot).map(|one| (&one.client_id, one.display_name.as_deref()));
    let users = environments().flat_map(|one| &one.application_users.items);
    let users = users.map(|one| (&one.client_id, one.name.as_deref()));
    let clients = environments().flat_map(|one| &one.finops_clients);
    let clients = clients.flat_map(|list| &list.items).map(|id| (id, None));
    for (id, name) in listed.chain(users).chain(clients) {
        known.entry(id).or_default().display_names.extend(name);
    }
    let named = known.into_iter().map(|(id, candidate)| Candidate {
        client_id: Some(id),
        ..candidate
    });
    named.chain(nameless).collect()
}

fn located(snapshot: &Snapshot, candidate: &Candidate<'_>) -> Located {
    let map = Map::new(snapshot);
    let entry = candidate
        .client_id
        .and_then(|id| map.inventory.get(id).copied());
    let places = match (candidate.client_id, candidate.registrations.first()) {
        (None, Some(only)) => map.of_registration(only),
        (id, _) => map.of_client(id.unwrap_or_default()),
    };
    let estate = &snapshot.estate;
    let registrations = candidate.registrations.iter().map(|registration| {
        let environment = estate.environment_of(registration);
        LocatedRegistration {
            name: registration.name.clone(),
            environment: registration.environment.clone(),
            tier: environment.map_or_else(String::new, |one| one.tier.to_string()),
            owner: registration.owner.clone(),
            contact: environment.and_then(|one| one.contact.clone()),
        }
    });
    let first = candidate.registrations.first();
    let evidence = first.and_then(|one| snapshot.registration(&one.name));
    let kind = kind(evidence, entry).and_then(words_of_kind);
    let names = candidate.display_names.iter();
    let mut whereabouts = places.whole();
    // Whoever asks has the whole snapshot, and `credaudit.where/1` has strings.
    for line in &mut whereabouts.lines {
        line.others.clear();
    }
    let (credentials, unread) = credentials(evidence, entry, snapshot.as_of());
    let unread = unread.into_iter().map(|said| Prose::from(said).into());
    whereabouts.unread.splice(0..0, unread);
    Located {
        format: LOCATED_FORMAT.to_owned(),
        collected: snapshot.started,
        client_id: candidate.client_id.map(str::to_owned),
        display_names: names.map(|name| (*name).to_owned()).collect(),
        kind: kind.map(str::to_owned),
        registrations: registrations.collect(),
        credentials,
        whereabouts,
        missing: missing(&places),
    }
}

fn kind(
    evidence: Option<&RegistrationEvidence>,
    entry: Option<&InventoryEntry>,
) -> Option<PrincipalKind> {
    let principal = evidence.and_then(|one| one.service_principal.known()?.present());
    let told = principal.and_then(|one| one.kind.known());
    told.or(entry.and_then(|entry| entry.kind.known())).copied()
}

/// Its credentials by end, and which of them could not be read.
fn credentials(
    evidence: Option<&RegistrationEvidence>,
    entry: Option<&InventoryEntry>,
    as_of: DateTime<Utc>,
) -> (Vec<LocatedCredential>, Vec<String>) {
    let mut read: Vec<&Credential> = Vec::new();
    let mut unread = Vec::new();
    if let Some(evidence) = evidence {
        let own = evidence.application.get();
        let own = own.and_then(|one| one.present().map(|one| one.credentials.get()).transpose());
        let beside = evidence.service_principal.get();
        let beside =
            beside.and_then(|one| one.present().map(|one| one.credentials.get()).transpose());
        for (credentials, whose) in [
            (own, "its credentials"),
            (beside, "its service principal's credentials"),
        ] {
            match credentials {
                Ok(credentials) => read.extend(credentials.into_iter().flatten()),
                Err(gap) => unread.push(unread_line(whose, gap)),
            }
        }
    } else if let Some(entry) = entry {
        match entry.credentials.get() {
            Ok(credentials) => read.extend(credentials),
            Err(gap) => unread.push(unread_line("its credentials", gap)),
        }
    } else {
        unread.push(
            "its credentials: the estate does not list it, so Entra was not asked".to_owned(),
        );
    }
    let end = |one: &&Credential| one.end.known().copied();
    read.sort_by(|left, right| (end(left), &left.key_id).cmp(&(end(right), &right.key_id)));
    let told = read
        .into_iter()
        .map(|one| LocatedCredential {
            key_id: one.key_id.clone(),
            kind: one.kind.as_str().to_owned(),
            name: one.display_name.clone(),
            ends: CredentialEnd::of(&one.end, as_of),
            stored: one.matches_stored.known().copied(),
            last_use: match one.last_use.known() {
                Some(LastUse::At(at)) => Some(*at),
                _ => None,
            },
        })
        .collect();
    (told, unread)
}

/// What the gaps say would fill them.
fn missing(places: &Places) -> Vec<Prose> {
    let gaps = places.unread().iter().map(|one| &one.gap);
    let advice: BTreeSet<Prose> = gaps
        .filter_map(|gap| match (&gap.missing, &gap.remedy) {
            (Some(grant), _) => Some(
                format!(
                    "grant {} on {} to {}",
                    grant.role, grant.scope, grant.identity
                )
                .into(),
            ),
            (None, remedy) => remedy.clone(),
        })
        .collect();
    advice.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::tidy::*;

    fn one(snapshot: &Snapshot, asked: &str) -> Located {
        match locate(snapshot, asked) {
            Found::One(located) => *located,
            other => panic!("{asked}: {other:?}"),
        }
    }

    #[test]
    fn names_and_client_ids_find_it_exactly_before_in_part() {
        let mut snapshot = tidy();
        application(&mut snapshot).display_name = Some("Contact Sync".to_owned());
        for asked in [
            "raia",
            "RAIA",
            "client-1",
            " Client-1 ",
            "contact sync",
            "contact",
        ] {
            assert_eq!(
                one(&snapshot, asked).client_id.as_deref(),
                Some("client-1"),
                "{asked}"
            );
        }
        let Found::Several(several) = locate(&snapshot, "client-") else {
            panic!("two client ids begin alike");
        };
        assert_eq!(
            several,
            ["raia (client id client-1)", "raia-dev (client id client-2)"]
        );
        let Found::Nothing { nearest } = locate(&snapshot, "raia-dve") else {
            panic!("there is none of this name");
        };
        assert_eq!(nearest.as_deref(), Some("raia-dev"));
        assert!(matches!(
            locate(&snapshot, "  "),
            Found::Nothing { nearest: None }
        ));
    }

    #[test]
    fn everything_that_is_known_of_it_is_told() {
        let located = one(&tidy(), "raia");
        assert_eq!(
            located.registrations[0].owner.as_deref(),
            Some("crm@contoso.example")
        );
        assert_eq!(located.credentials.len(), 1);
        assert_eq!(located.credentials[0].stored, Some(true));
        assert!(located.whereabouts.lines.len() > 2, "{located:#?}");
        assert_eq!(located.kind, None);
    }

    #[test]
    fn what_no_entry_lists_is_found_by_its_traces() {
        let mut snapshot = tidy();
        let prod = snapshot.environments.get_mut("prod").unwrap();
        prod.finops_clients = Some(crate::model::Listing::complete(vec!["client-8".to_owned()]));
        let located = one(&snapshot, "client-8");
        assert_eq!(located.registrations, []);
        assert_eq!(located.whereabouts.lines, ["F&O prod: client"]);
        let unread = &located.whereabouts.unread;
        assert!(unread[0].starts_with("its credentials: "), "{unread:?}");
        directory(&mut snapshot).inventory = None;
        let located = one(&snapshot, "client-8");
        assert!(
            located
                .missing
                .iter()
                .any(|line| line.contains("scope = \"tenant\""))
        );
    }

    #[test]
    fn a_registration_without_a_known_client_id_is_found_by_its_name() {
        let snapshot = all_unknown();
        let located = one(&snapshot, "raia");
        assert_eq!(located.client_id, None);
        assert!(
            located
                .whereabouts
                .unread
                .iter()
                .any(|line| line.starts_with("its client id"))
        );
    }
}
