//! Which vault entry holds which registration's credential, as far as their names, tags and dates tell.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

/// Shorter names would be found in the names of strangers.
const SHORTEST: usize = 6;

/// Words of an entry's name that say what it is, and not whose.
const COMMON: [&str; 16] = [
    "secret",
    "secrets",
    "password",
    "pwd",
    "key",
    "client",
    "credential",
    "credentials",
    "cred",
    "value",
    "cert",
    "certificate",
    "app",
    "spn",
    "sp",
    "kv",
];

/// A registration, as far as entries can be told to be its own.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// GUID, lower case.
    pub(super) client_id: String,
    pub(super) name: Option<String>,
    /// When its credentials end.
    pub(super) ends: Vec<DateTime<Utc>>,
}

/// A line of a vault's list.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Key of the vault.
    pub(super) vault: String,
    pub(super) name: String,
    pub(super) content_type: Option<String>,
    /// Names of its tags.
    pub(super) tags: Vec<String>,
    /// The client id that one of its tags names.
    pub(super) client_id: Option<String>,
    pub(super) expires: Option<DateTime<Utc>>,
    pub(super) enabled: bool,
    /// Whether it belongs to a certificate.
    pub(super) managed: bool,
}

/// What speaks for an entry, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    /// Both end at the same moment, and nothing else does.
    End,
    /// The registration's name holds the entry's.
    PartOfName,
    /// The entry's name holds the registration's.
    Name,
    /// And both end on the same day.
    NameAndEnd,
    /// The client id stands in a tag, the content type or the name.
    ClientId,
}

impl Sign {
    const STRONGEST_FIRST: [Self; 5] = [
        Self::ClientId,
        Self::NameAndEnd,
        Self::Name,
        Self::PartOfName,
        Self::End,
    ];

    /// Why it is likely; `None` where it is certain.
    pub(super) const fn why(self) -> Option<&'static str> {
        match self {
            Self::ClientId => None,
            Self::NameAndEnd => {
                Some("the entry is named for it and expires on the same day as its credential")
            }
            Self::Name => Some("the entry is named for it"),
            Self::PartOfName => Some("the entry's name is part of the registration's"),
            Self::End => Some("no other entry and no other credential end at the same moment"),
        }
    }
}

/// What is known of a registration's entry. Numbers are places in the lists that were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Match {
    One {
        entry: usize,
        sign: Sign,
    },
    /// Some of these, each of which may be that of `clients`, too.
    Unsure {
        entries: Vec<usize>,
        clients: Vec<usize>,
    },
    Nothing,
}

/// What speaks for which pair of client and entry: the strongest sign alone.
type Signs = BTreeMap<(usize, usize), Sign>;

/// The entry of each client, in the clients' order.
pub(super) fn matches(clients: &[Client], entries: &[Entry]) -> Vec<Match> {
    let mut matching = Matching {
        signs: signs(clients, entries),
        found: vec![None; clients.len()],
        taken: BTreeSet::new(),
    };
    for sign in Sign::STRONGEST_FIRST {
        matching.level(sign, entries);
    }
    let nothing = |told: Option<Match>| told.unwrap_or(Match::Nothing);
    matching.found.into_iter().map(nothing).collect()
}

/// What is matched so far, the strongest signs first.
struct Matching {
    signs: Signs,
    found: Vec<Option<Match>>,
    /// Entries that are somebody's, or contested.
    taken: BTreeSet<usize>,
}

impl Matching {
    fn is_open(&self, client: usize) -> bool {
        self.found.get(client).is_some_and(Option::is_none)
    }

    /// Matches what this sign speaks for.
    fn level(&mut self, sign: Sign, entries: &[Entry]) {
        let open: Vec<(usize, usize)> = self
            .signs
            .iter()
            .filter(|((client, entry), held)| {
                **held == sign && self.is_open(*client) && !self.taken.contains(entry)
            })
            .map(|(pair, _)| *pair)
            .collect();
        let open = enabled_first(open, entries);
        // Who else an entry may belong to: a name speaks against a tag, and the end between names.
        let floor = match sign {
            Sign::ClientId => Sign::Name,
            other => other,
        };
        let rivalling: Vec<(usize, usize)> = self
            .signs
            .iter()
            .filter(|((client, _), held)| **held >= floor && self.is_open(*client))
            .map(|(pair, _)| *pair)
            .collect();
        for client in distinct(&open, |_| true, |pair| pair.0) {
            if !self.is_open(client) {
                continue;
            }
            let own = distinct(&open, |pair| pair.0 == client, |pair| pair.1);
            let rivals = distinct(
                &rivalling,
                |pair| own.contains(&pair.1) && pair.0 != client,
                |pair| pair.0,
            );
            match own.as_slice() {
                [entry] if rivals.is_empty() => {
                    let entry = *entry;
                    self.taken.insert(entry);
                    self.set(client, Match::One { entry, sign });
                }
                // The same end says nothing where several have it.
                _ if sign == Sign::End => {}
                _ => self.contested(client, &own, &rivals),
            }
        }
    }

    /// Nobody's for certain: everybody whose it may be is asked about.
    fn contested(&mut self, client: usize, own: &[usize], rivals: &[usize]) {
        let all: BTreeSet<usize> = rivals.iter().copied().chain([client]).collect();
        for one in &all {
            let strong = self.signs.iter().filter(|((client, entry), held)| {
                client == one && **held >= Sign::Name && !self.taken.contains(entry)
            });
            let mut entries: BTreeSet<usize> = strong.map(|((_, entry), _)| *entry).collect();
            if *one == client {
                entries.extend(own);
            }
            let clients = all.iter().copied().filter(|other| other != one).collect();
            let entries = entries.into_iter().collect();
            if self.is_open(*one) {
                self.set(*one, Match::Unsure { entries, clients });
            }
        }
        self.taken.extend(own);
    }

    fn set(&mut self, client: usize, told: Match) {
        if let Some(place) = self.found.get_mut(client) {
            *place = Some(told);
        }
    }
}

/// Sorted, each once.
fn distinct(
    pairs: &[(usize, usize)],
    fits: impl Fn(&(usize, usize)) -> bool,
    part: impl Fn(&(usize, usize)) -> usize,
) -> Vec<usize> {
    let parts: BTreeSet<usize> = pairs.iter().filter(|pair| fits(pair)).map(part).collect();
    parts.into_iter().collect()
}

/// Without disabled entries of clients that have others.
fn enabled_first(pairs: Vec<(usize, usize)>, entries: &[Entry]) -> Vec<(usize, usize)> {
    let enabled = |entry: usize| entries.get(entry).is_some_and(|entry| entry.enabled);
    let served: BTreeSet<usize> = pairs
        .iter()
        .filter(|(_, entry)| enabled(*entry))
        .map(|(client, _)| *client)
        .collect();
    pairs
        .into_iter()
        .filter(|(client, entry)| enabled(*entry) || !served.contains(client))
        .collect()
}

fn signs(clients: &[Client], entries: &[Entry]) -> Signs {
    let mut signs = Signs::new();
    let mut note = |client, entry, sign: Sign| {
        let held = signs.entry((client, entry)).or_insert(sign);
        *held = (*held).max(sign);
    };
    let names: Vec<String> = clients
        .iter()
        .map(|client| plain(client.name.as_deref().unwrap_or_default()))
        .collect();
    for (at, entry) in entries.iter().enumerate() {
        if entry.is_an_id() {
            continue;
        }
        for (place, client) in clients.iter().enumerate() {
            if entry.names_id(&client.client_id) {
                note(place, at, Sign::ClientId);
            }
            if client.ends.iter().any(|end| same_moment(entry, *end)) {
                note(place, at, Sign::End);
            }
        }
        for place in named(&names, entry) {
            let ends = clients.get(place).map_or(&[][..], |client| &client.ends);
            let same_day = ends.iter().any(|end| same_day(entry, *end));
            note(
                place,
                at,
                if same_day {
                    Sign::NameAndEnd
                } else {
                    Sign::Name
                },
            );
        }
        let own = entry.own_words();
        for (place, name) in names.iter().enumerate() {
            if own.chars().count() >= SHORTEST && name.contains(&own) {
                note(place, at, Sign::PartOfName);
            }
        }
    }
    signs
}

/// The clients whose names stand in the entry's: of names within each other the longest alone.
fn named(names: &[String], entry: &Entry) -> Vec<usize> {
    let plain = plain(&entry.name);
    let inside: Vec<(usize, &String)> = names
        .iter()
        .enumerate()
        .filter(|(_, name)| name.chars().count() >= SHORTEST && plain.contains(name.as_str()))
        .collect();
    let longest = |(_, name): &&(usize, &String)| {
        !inside
            .iter()
            .any(|(_, other)| other.len() > name.len() && other.contains(name.as_str()))
    };
    inside
        .iter()
        .filter(longest)
        .map(|(place, _)| *place)
        .collect()
}

/// Without case and separators: `Raia Sync (prod)` is `raiasyncprod`.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn same_moment(entry: &Entry, end: DateTime<Utc>) -> bool {
    entry
        .expires
        .is_some_and(|expires| (expires - end).abs() <= TimeDelta::minutes(1))
}

fn same_day(entry: &Entry, end: DateTime<Utc>) -> bool {
    entry
        .expires
        .is_some_and(|expires| expires.date_naive() == end.date_naive())
}

impl Entry {
    /// Whether it holds a client's or tenant's id and no credential, as its name or content type say.
    pub(super) fn is_an_id(&self) -> bool {
        let is = |text: &str| {
            let text = plain(text);
            ["clientid", "appid", "applicationid", "tenantid", "objectid"]
                .iter()
                .any(|end| text.ends_with(end))
        };
        is(&self.name) || self.content_type.as_deref().is_some_and(is)
    }

    fn names_id(&self, client_id: &str) -> bool {
        let id = plain(client_id);
        let texts = self.content_type.iter().chain(&self.tags);
        self.client_id.as_deref() == Some(client_id)
            || texts
                .chain(std::iter::once(&self.name))
                .any(|text| plain(text).contains(&id))
    }

    /// Its name without the words that many have.
    fn own_words(&self) -> String {
        self.name
            .to_lowercase()
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !COMMON.contains(word))
            .collect()
    }

    /// `vault/name`.
    pub(super) fn place(&self) -> String {
        format!("{}/{}", self.vault, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAIA: &str = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001";
    const OTHER: &str = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60002";

    fn day(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn client(id: &str, name: &str, ends: &[&str]) -> Client {
        Client {
            client_id: id.to_owned(),
            name: Some(name.to_owned()),
            ends: ends.iter().map(|end| day(end)).collect(),
        }
    }

    fn entry(name: &str, expires: Option<&str>) -> Entry {
        Entry {
            vault: "kv".to_owned(),
            name: name.to_owned(),
            content_type: None,
            tags: Vec::new(),
            client_id: None,
            expires: expires.map(day),
            enabled: true,
            managed: false,
        }
    }

    const fn one(entry: usize, sign: Sign) -> Match {
        Match::One { entry, sign }
    }

    #[test]
    fn the_client_id_decides_wherever_it_stands() {
        let clients = [client(RAIA, "Raia Sync", &[])];
        let tagged = Entry {
            client_id: Some(RAIA.to_owned()),
            ..entry("blue", None)
        };
        let typed = Entry {
            content_type: Some(format!("secret of {}", RAIA.to_uppercase())),
            ..entry("blue", None)
        };
        let by_tag_name = Entry {
            tags: vec![RAIA.replace('-', "")],
            ..entry("blue", None)
        };
        let by_name = entry(&format!("x-{RAIA}"), None);
        for certain in [tagged, typed, by_tag_name, by_name] {
            let entries = [entry("raia-sync-secret", None), certain];
            assert_eq!(matches(&clients, &entries), [one(1, Sign::ClientId)]);
        }
    }

    #[test]
    fn the_longest_name_wins_and_case_and_separators_do_not_matter() {
        let clients = [
            client(RAIA, "Raia Sync", &[]),
            client(OTHER, "raia sync (test)", &[]),
        ];
        let entries = [
            entry("RAIA-sync-TEST-secret", None),
            entry("raia-sync-secret", None),
        ];
        assert_eq!(
            matches(&clients, &entries),
            [one(1, Sign::Name), one(0, Sign::Name)]
        );
    }

    #[test]
    fn the_end_tells_which_of_two_entries_is_meant() {
        let clients = [client(RAIA, "raia-sync", &["2027-03-01T10:00:00Z"])];
        let entries = [
            entry("raia-sync-secret-old", Some("2026-12-01T10:00:00Z")),
            entry("raia-sync-secret", Some("2027-03-01T23:00:00Z")),
        ];
        assert_eq!(matches(&clients, &entries), [one(1, Sign::NameAndEnd)]);
        let entries = [entry("raia-sync-a", None), entry("raia-sync-b", None)];
        let unsure = Match::Unsure {
            entries: vec![0, 1],
            clients: Vec::new(),
        };
        assert_eq!(matches(&clients, &entries), [unsure]);
    }

    #[test]
    fn two_registrations_of_one_entry_are_both_asked_about_and_none_is_guessed() {
        let clients = [
            client(RAIA, "gift-cards", &[]),
            client(OTHER, "Gift Cards", &[]),
        ];
        let entries = [entry("gift-cards-secret", None)];
        let unsure = |other| Match::Unsure {
            entries: vec![0],
            clients: vec![other],
        };
        assert_eq!(matches(&clients, &entries), [unsure(1), unsure(0)]);
    }

    #[test]
    fn a_name_speaks_against_a_tag() {
        let clients = [
            client(RAIA, "raia-sync", &[]),
            client(OTHER, "gift-cards", &[]),
        ];
        let tagged = Entry {
            client_id: Some(RAIA.to_owned()),
            ..entry("gift-cards-secret", None)
        };
        let entries = [entry("raia-sync-secret", None), tagged];
        let unsure = |entries: &[usize], other| Match::Unsure {
            entries: entries.to_vec(),
            clients: vec![other],
        };
        assert_eq!(
            matches(&clients, &entries),
            [unsure(&[0, 1], 1), unsure(&[1], 0)]
        );
    }

    #[test]
    fn equal_ends_count_only_where_nothing_else_ends_then() {
        let end = "2027-03-01T10:00:00Z";
        let clients = [
            client(RAIA, "one thing", &[end]),
            client(OTHER, "another", &[]),
        ];
        let entries = [
            entry("blue", Some(end)),
            entry("green", Some("2027-03-01T10:05:00Z")),
        ];
        assert_eq!(
            matches(&clients, &entries),
            [one(0, Sign::End), Match::Nothing]
        );
        let both = [
            client(RAIA, "one thing", &[end]),
            client(OTHER, "another", &[end]),
        ];
        assert_eq!(matches(&both, &entries), [Match::Nothing, Match::Nothing]);
        let entries = [entry("blue", Some(end)), entry("green", Some(end))];
        assert_eq!(matches(&clients[..1], &entries), [Match::Nothing]);
    }

    #[test]
    fn part_of_a_name_is_the_weakest_word_and_a_short_one_is_none() {
        let clients = [client(RAIA, "Contoso Raia Sync Service", &[])];
        assert_eq!(
            matches(&clients, &[entry("raia-sync-client-secret", None)]),
            [one(0, Sign::PartOfName)]
        );
        for short in ["raia-secret", "sync-key", "secret", "client-secret"] {
            assert_eq!(
                matches(&clients, &[entry(short, None)]),
                [Match::Nothing],
                "{short}"
            );
        }
    }

    #[test]
    fn ids_are_no_credentials_and_a_disabled_entry_counts_where_it_is_the_only_one() {
        let clients = [client(RAIA, "raia-sync", &[])];
        let typed = Entry {
            content_type: Some("client id".to_owned()),
            ..entry("raia-sync", None)
        };
        let ids = [
            entry("raia-sync-client-id", None),
            entry("raia-sync-AppId", None),
            typed,
        ];
        assert_eq!(matches(&clients, &ids), [Match::Nothing]);
        let disabled = Entry {
            enabled: false,
            ..entry("raia-sync-old", None)
        };
        let entries = [disabled, entry("raia-sync-secret", None)];
        assert_eq!(matches(&clients, &entries), [one(1, Sign::Name)]);
        assert_eq!(matches(&clients, &entries[..1]), [one(0, Sign::Name)]);
    }
}
