//! Which entry a registration's credential is stored in: from the matching, and from what the values' own
//! comparison says where that was asked for.

use std::collections::BTreeMap;

use super::clients::Client;
use super::draft::{DraftCredential, Told};
use super::looks;
use super::matching::{Entry, Match, Sign};
use crate::estate::Unstored;
use crate::evidence::{
    CredentialKind, EntryProblem, PrincipalKind, RegistrationEvidence, Snapshot, WrapperForm,
};
use crate::model::{Observed, Presence};

/// No more pairs than this are compared: beyond it, whoever asks has to name vaults.
pub(super) const MOST_PAIRS: usize = 5_000;

/// Everything that the entries are told from.
pub(super) struct Stored<'a> {
    pub(super) clients: &'a [Client],
    pub(super) entries: &'a [Entry],
    pub(super) matches: &'a [Match],
    /// The look at values, where one was asked for.
    pub(super) values: Option<&'a Snapshot>,
}

/// The pairs whose values are worth comparing: the entries that are likely, and where none is, all that are no
/// other's.
pub(super) fn pairs(
    clients: &[Client],
    entries: &[Entry],
    matches: &[Match],
) -> Vec<(usize, usize)> {
    let taken: Vec<usize> = matches
        .iter()
        .filter_map(|told| match told {
            Match::One { entry, .. } => Some(*entry),
            _ => None,
        })
        .collect();
    let mut pairs = Vec::new();
    for (number, (client, told)) in clients.iter().zip(matches).enumerate() {
        if client.places.is_empty() {
            continue;
        }
        match told {
            Match::One { entry, .. } => pairs.push((number, *entry)),
            Match::Unsure { entries, .. } => {
                pairs.extend(entries.iter().map(|entry| (number, *entry)));
            }
            Match::Nothing => {
                let free = entries.iter().enumerate().filter(|(at, entry)| {
                    entry.enabled && !entry.is_an_id() && !taken.contains(at)
                });
                pairs.extend(free.map(|(at, _)| (number, at)));
            }
        }
    }
    pairs
}

impl Stored<'_> {
    /// How a client signs in. `evidence` is what Graph says of it.
    pub(super) fn credential(
        &self,
        number: usize,
        evidence: Option<&RegistrationEvidence>,
    ) -> Told<DraftCredential> {
        let Some(client) = self.clients.get(number) else {
            return Told::Open(Vec::new());
        };
        if client.kind == Some(PrincipalKind::ManagedIdentity) {
            return Told::Certain(DraftCredential::Unstored(Unstored::None));
        }
        let by_value = self.by_value(number);
        if let [entry] = by_value.as_slice() {
            let why =
                "its value begins as the registration's secret does, or holds its certificate";
            return self.guessed(client, *entry, Some(why));
        }
        match self.matches.get(number) {
            Some(Match::One { entry, sign }) => {
                if self.is_compared() && !self.is_wrapped(number, *entry) {
                    return Told::Open(vec![format!(
                        "{}, and its value is none of the registration's credentials: {}",
                        sign.why().unwrap_or("the entry names its client id"),
                        self.place(*entry)
                    )]);
                }
                self.guessed(client, *entry, sign.why())
            }
            Some(Match::Unsure { entries, clients }) => Told::Open(self.unsure(entries, clients)),
            Some(Match::Nothing) | None => federated(client, evidence)
                .unwrap_or_else(|| Told::Open(vec![self.nothing(client, &by_value)])),
        }
    }

    /// The place of the entry that a client is matched with, for what hangs on it.
    pub(super) fn entry_of(&self, credential: &Told<DraftCredential>) -> Option<&Entry> {
        let (Told::Certain(told) | Told::Guessed(told, _)) = credential else {
            return None;
        };
        let DraftCredential::Stored { vault, entry, .. } = told else {
            return None;
        };
        let mut all = self.entries.iter();
        all.find(|one| one.vault == *vault && one.name == *entry)
    }

    const fn is_compared(&self) -> bool {
        self.values.is_some()
    }

    fn guessed(&self, client: &Client, at: usize, why: Option<&str>) -> Told<DraftCredential> {
        let Some(entry) = self.entries.get(at) else {
            return Told::Open(Vec::new());
        };
        let credential = DraftCredential::Stored {
            form: looks::form(client, entry),
            vault: entry.vault.clone(),
            entry: entry.name.clone(),
            field: self.field(at, entry),
        };
        match why {
            Some(why) => Told::Guessed(credential, why.to_owned()),
            None => Told::Certain(credential),
        }
    }

    fn place(&self, at: usize) -> String {
        self.entries.get(at).map_or_else(String::new, Entry::place)
    }

    fn unsure(&self, entries: &[usize], clients: &[usize]) -> Vec<String> {
        let places: Vec<String> = entries.iter().map(|at| self.place(*at)).collect();
        let mut seen = match places.as_slice() {
            [one] => vec![format!("{one} may hold its credential")],
            several => vec![format!(
                "each of these may hold its credential: {}",
                several.join(", ")
            )],
        };
        let others: Vec<&str> = clients
            .iter()
            .filter_map(|number| self.clients.get(*number))
            .map(|client| client.title.as_deref().unwrap_or(&client.client_id))
            .collect();
        if !others.is_empty() {
            seen.push(format!("and as well that of {}", others.join(", ")));
        }
        seen
    }

    fn nothing(&self, client: &Client, by_value: &[usize]) -> String {
        if !by_value.is_empty() {
            let places: Vec<String> = by_value.iter().map(|at| self.place(*at)).collect();
            return format!("each of these holds its credential: {}", places.join(", "));
        }
        if client.ends.as_ref().is_some_and(Vec::is_empty) {
            return "Entra shows no secret and no certificate of it".to_owned();
        }
        let how = match self.is_compared() {
            true => "neither name, tag, end nor value of an entry says so",
            false => {
                "neither name, tag nor end of an entry says so; --match-values compares the values, too"
            }
        };
        format!("no entry of the vaults that were listed could be matched to its credential: {how}")
    }

    /// The evidence of one pair whose value was read.
    fn pair(&self, number: usize, at: usize) -> Option<&RegistrationEvidence> {
        let name = looks::called(number, &at.to_string());
        self.values?.registrations.get(&name)
    }

    /// The entries whose values are, as far as Graph tells it, credentials of this client.
    fn by_value(&self, number: usize) -> Vec<usize> {
        let is = |at: &usize| {
            let evidence = self.pair(number, *at);
            let application = evidence.and_then(|one| one.application.known()?.present());
            let credentials = application.and_then(|one| one.credentials.known());
            credentials.into_iter().flatten().any(|credential| {
                credential.matches_stored == Observed::Known(true)
                    && matches!(
                        credential.kind,
                        CredentialKind::Secret | CredentialKind::Certificate
                    )
            })
        };
        (0..self.entries.len()).filter(is).collect()
    }

    /// Whether the value could not be compared as it stands, or was not read at all.
    fn is_wrapped(&self, number: usize, at: usize) -> bool {
        let entry = self.pair(number, at).map(|evidence| &evidence.entry);
        let content = match entry {
            Some(Observed::Known(Presence::Present(entry))) => entry.content.known(),
            _ => None,
        };
        content.is_none_or(|content| content.problems.contains(&EntryProblem::Wrapped))
    }

    /// Which field holds the credential, where the entry holds more.
    fn field(&self, at: usize, entry: &Entry) -> Option<Told<String>> {
        if let Some(fields) = self.fields(at) {
            let secret: Vec<&String> = fields.iter().filter(|name| is_secret(name)).collect();
            return Some(match secret.as_slice() {
                [only] => Told::Guessed(
                    (*only).clone(),
                    format!(
                        "of the fields {}, this one is called a secret",
                        fields.join(", ")
                    ),
                ),
                _ => Told::Open(vec![format!(
                    "its value has the fields {}",
                    fields.join(", ")
                )]),
            });
        }
        let is_json = entry.content_type.as_deref().is_some_and(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("application/json")
        });
        (is_json && !self.is_compared()).then(|| {
            Told::Open(vec![
                "its content type is JSON, and only the value shows which field is meant; --match-values reads it"
                    .to_owned(),
            ])
        })
    }

    /// Names of the fields that an entry's value has, where it has any.
    fn fields(&self, at: usize) -> Option<&Vec<String>> {
        let mut all = (0..self.clients.len()).filter_map(|number| self.pair(number, at));
        all.find_map(|evidence| {
            let entry = evidence.entry.known()?.present()?;
            let wrapper = entry.content.known()?.wrapper.as_ref()?;
            let has = wrapper.forms.iter().copied().any(WrapperForm::has_fields);
            (has && !wrapper.fields.is_empty()).then_some(&wrapper.fields)
        })
    }
}

fn is_secret(field: &str) -> bool {
    let name = field.to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    (last.contains("secret") || last.contains("password")) && !last.ends_with("id")
}

/// Where Entra shows nothing but trust in another issuer.
fn federated(
    client: &Client,
    evidence: Option<&RegistrationEvidence>,
) -> Option<Told<DraftCredential>> {
    let application = evidence?.application.known()?.present()?;
    let only = client.ends.as_ref().is_some_and(Vec::is_empty)
        && application.federated.gap.is_none()
        && !application.federated.items.is_empty();
    only.then_some(Told::Certain(DraftCredential::Unstored(
        Unstored::Federated,
    )))
}

/// The lines of every vault's list, vault by vault.
pub(super) fn all(look: &Snapshot) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (vault, evidence) in &look.vaults {
        entries.extend(evidence.secrets.items.iter().map(|secret| Entry {
            vault: vault.clone(),
            name: secret.name.clone(),
            content_type: secret.attributes.content_type.clone(),
            tags: secret.attributes.tags.clone(),
            client_id: secret.attributes.client_id.clone(),
            expires: secret.attributes.expires,
            enabled: secret.attributes.enabled,
            managed: secret.attributes.managed,
        }));
    }
    entries
}

/// Owners as the entries' own tags name them, by place.
pub(super) fn owners(look: &Snapshot) -> BTreeMap<String, String> {
    let mut owners = BTreeMap::new();
    for (vault, evidence) in &look.vaults {
        for secret in &evidence.secrets.items {
            if let Some(owner) = &secret.attributes.owner {
                owners.insert(format!("{vault}/{}", secret.name), owner.clone());
            }
        }
    }
    owners
}

/// Whether a match is certain enough to say which environment a vault serves.
pub(super) const fn tells(told: &Match) -> Option<usize> {
    match told {
        Match::One {
            entry,
            sign: Sign::ClientId | Sign::NameAndEnd | Sign::Name | Sign::PartOfName,
        } => Some(*entry),
        _ => None,
    }
}
