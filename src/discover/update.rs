//! What is new beside an estate that is there: added to it, with everything that stands there left as it is.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, TableLike};

use super::draft::{Draft, DraftCredential, DraftEnvironment, DraftRegistration, DraftVault, Told};
use super::names::free;
use super::write;
use crate::estate::UNDECIDED;

/// An estate with what is new in it.
#[derive(Debug)]
pub(crate) struct Updated {
    pub(crate) text: String,
    /// What of the estate was not found, where everything was listed; a sentence each.
    pub(crate) gone: Vec<String>,
}

/// Why an estate cannot be added to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UpdateError {
    #[error("it is not TOML, line {line}: run `credaudit check-config`")]
    NotToml { line: usize },
    #[error(
        "its {0} are not written as tables with headers, so that nothing can be added without changing what is there"
    )]
    NoHeaders(&'static str),
    #[error("it has no tenant {0}: this estate is about another one")]
    OtherTenant(String),
}

/// Adds what the draft has and the estate does not.
///
/// # Errors
/// Where the estate is not TOML, is written in a form that cannot be added to, or is about another tenant.
pub(crate) fn update(text: &str, draft: &Draft) -> Result<Updated, UpdateError> {
    let mut document = readable(text)?;
    let mut names = Names::of(&document, draft)?;
    let gone = match draft.unlisted.is_empty() {
        true => names.gone(&document, draft),
        false => Vec::new(),
    };
    for environment in &draft.environments {
        if names.known_environment(environment).is_none() {
            let new = DraftEnvironment {
                key: names.environment(&environment.key),
                ..environment.clone()
            };
            let block = write::environment(&new, &names.tenant);
            add_table(&mut document, ("environments", &new.key), &block)?;
        }
    }
    for vault in &draft.vaults {
        let new = names.vault(vault);
        if names.known_vaults.contains_key(&vault.host) {
            let all = document.get_mut("vaults").and_then(Item::as_table_like_mut);
            let own = all.and_then(|all| all.get_mut(&new.key)?.as_table_like_mut());
            if let (Some(table), false) = (own, matches!(new.environment, Told::Open(_))) {
                decide(table, "environment", &write::vault_environment(&new));
            }
        } else {
            add_table(&mut document, ("vaults", &new.key), &write::vault(&new))?;
        }
    }
    for registration in &draft.registrations {
        let new = names.registration(registration);
        match place_of(&document, &new) {
            Some(place) => {
                let all = document.get_mut("registrations");
                let all = all.and_then(Item::as_array_of_tables_mut);
                let own = all.and_then(|all| all.get_mut(place));
                if let (Some(table), false) = (own, matches!(new.credential, Told::Open(_))) {
                    decide(table, "credential", &write::credential(&new.credential));
                }
            }
            None => add_registration(&mut document, &mut names.registrations, new)?,
        }
    }
    let mut text_now = document.to_string();
    if text.contains("\r\n") {
        text_now = text_now.replace('\n', "\r\n");
    }
    Ok(Updated {
        text: text_now,
        gone,
    })
}

/// The estate as it is added to.
///
/// # Errors
/// Where it is not TOML.
pub(crate) fn readable(text: &str) -> Result<DocumentMut, UpdateError> {
    let lines = text.replace("\r\n", "\n");
    lines.parse().map_err(|error: toml_edit::TomlError| {
        let at = error.span().map_or(0, |span| span.start);
        UpdateError::NotToml {
            line: lines.get(..at).unwrap_or_default().matches('\n').count() + 1,
        }
    })
}

/// Names of the estate for what the draft calls otherwise.
struct Names {
    tenant: String,
    /// By host, of each service.
    known_environments: BTreeMap<String, String>,
    known_vaults: BTreeMap<String, String>,
    /// Names of the estate by the draft's.
    environments: BTreeMap<String, String>,
    vaults: BTreeMap<String, String>,
    /// Names of registrations, as they are compared.
    registrations: BTreeSet<String>,
}

/// A table by its key.
type Member<'d> = (&'d str, &'d dyn TableLike);

/// The members of a table of tables, by key.
fn members<'d>(document: &'d DocumentMut, key: &str) -> Vec<Member<'d>> {
    let table = document.get(key).and_then(Item::as_table_like);
    table.map_or_else(Vec::new, |table| {
        table
            .iter()
            .filter_map(|(name, item)| Some((name, item.as_table_like()?)))
            .collect()
    })
}

fn text_of<'d>(table: &'d dyn TableLike, key: &str) -> Option<&'d str> {
    table.get(key).and_then(Item::as_str)
}

/// The host of an address, without `.api`, in lower case: both of Dataverse's names are one place.
fn host(url: &str, draft: &Draft) -> String {
    let url = url.trim().to_ascii_lowercase();
    let host = url.strip_prefix("https://").unwrap_or(&url);
    let host = host.trim_end_matches('/');
    let root = draft.cloud.dataverse_root(host);
    root.unwrap_or_else(|| host.to_owned())
}

impl Names {
    fn of(document: &DocumentMut, draft: &Draft) -> Result<Self, UpdateError> {
        let tenants = members(document, "tenants");
        let own = tenants.iter().find(|(_, tenant)| {
            text_of(*tenant, "id").is_some_and(|id| id.eq_ignore_ascii_case(&draft.tenant))
        });
        let (tenant, _) = own.ok_or_else(|| UpdateError::OtherTenant(draft.tenant.clone()))?;
        let mut names = Self {
            tenant: (*tenant).to_owned(),
            known_environments: BTreeMap::new(),
            known_vaults: BTreeMap::new(),
            environments: BTreeMap::new(),
            vaults: BTreeMap::new(),
            registrations: BTreeSet::new(),
        };
        for (key, table) in members(document, "environments") {
            for service in ["dataverse", "finops"] {
                if let Some(url) = text_of(table, service) {
                    names
                        .known_environments
                        .insert(host(url, draft), key.to_owned());
                }
            }
        }
        for (key, table) in members(document, "vaults") {
            if let Some(url) = text_of(table, "url") {
                names.known_vaults.insert(host(url, draft), key.to_owned());
            }
        }
        names.registrations = registrations(document)
            .filter_map(|table| text_of(table, "name").map(str::to_lowercase))
            .collect();
        let mut keys = taken(&members(document, "environments"));
        for environment in &draft.environments {
            let known = names.known_environment(environment);
            let key = known.unwrap_or_else(|| free(&environment.key, "environment", &mut keys));
            names.environments.insert(environment.key.clone(), key);
        }
        let mut keys = taken(&members(document, "vaults"));
        for vault in &draft.vaults {
            let known = names.known_vaults.get(&vault.host).cloned();
            let key = known.unwrap_or_else(|| free(&vault.key, "vault", &mut keys));
            names.vaults.insert(vault.key.clone(), key);
        }
        Ok(names)
    }

    fn known_environment(&self, environment: &DraftEnvironment) -> Option<String> {
        let hosts = environment.dataverse.iter().chain(&environment.finops);
        hosts
            .filter_map(|host| self.known_environments.get(host))
            .next()
            .cloned()
    }

    fn environment(&self, key: &str) -> String {
        self.environments
            .get(key)
            .cloned()
            .unwrap_or_else(|| key.to_owned())
    }

    /// The vault under the estate's names.
    fn vault(&self, draft: &DraftVault) -> DraftVault {
        DraftVault {
            key: self.vault_key(&draft.key),
            host: draft.host.clone(),
            environment: match &draft.environment {
                Told::Certain(key) => Told::Certain(self.environment(key)),
                Told::Guessed(key, why) => Told::Guessed(self.environment(key), why.clone()),
                Told::Open(seen) => Told::Open(seen.clone()),
            },
        }
    }

    fn vault_key(&self, key: &str) -> String {
        self.vaults
            .get(key)
            .cloned()
            .unwrap_or_else(|| key.to_owned())
    }

    /// The registration under the estate's names.
    fn registration(&self, draft: &DraftRegistration) -> DraftRegistration {
        let mut new = draft.clone();
        new.environment = self.environment(&draft.environment);
        if let Told::Certain(DraftCredential::Stored { vault, .. })
        | Told::Guessed(DraftCredential::Stored { vault, .. }, _) = &mut new.credential
        {
            *vault = self.vault_key(vault);
        }
        new
    }

    /// What stands in the estate and was not found, a sentence each.
    fn gone(&self, document: &DocumentMut, draft: &Draft) -> Vec<String> {
        let mut gone = Vec::new();
        let hosts: BTreeSet<&String> = draft
            .environments
            .iter()
            .flat_map(|one| one.dataverse.iter().chain(&one.finops))
            .collect();
        for (host, key) in &self.known_environments {
            if !hosts.contains(host) {
                gone.push(format!("environment {key}: {host} was not listed"));
            }
        }
        for (host, key) in &self.known_vaults {
            if !draft.vaults.iter().any(|vault| vault.host == *host) {
                gone.push(format!("vault {key}: {host} was not listed"));
            }
        }
        for table in registrations(document) {
            let name = text_of(table, "name").unwrap_or_default();
            let Some(id) = text_of(table, "client-id") else {
                continue;
            };
            let known = |one: &DraftRegistration| one.client_id.eq_ignore_ascii_case(id);
            if !draft.registrations.iter().any(known) {
                gone.push(format!(
                    "registration {name}: no environment knows client id {id}"
                ));
            }
        }
        gone
    }
}

/// Keys as they are compared.
fn taken(members: &[Member<'_>]) -> BTreeSet<String> {
    members.iter().map(|(key, _)| key.to_lowercase()).collect()
}

/// Every `[[registrations]]`.
fn registrations(document: &DocumentMut) -> impl Iterator<Item = &Table> {
    let all = document
        .get("registrations")
        .and_then(Item::as_array_of_tables);
    all.into_iter().flat_map(ArrayOfTables::iter)
}

/// Where the estate has this registration: in the same environment by its client id, and where that stands in a
/// vault, by the entry of its credential or its name.
fn place_of(document: &DocumentMut, new: &DraftRegistration) -> Option<usize> {
    let entry = match &new.credential {
        Told::Certain(DraftCredential::Stored { vault, entry, .. })
        | Told::Guessed(DraftCredential::Stored { vault, entry, .. }, _) => {
            Some(format!("{vault}/{entry}"))
        }
        _ => None,
    };
    let is = |table: &Table| {
        let environment = text_of(table, "environment");
        if environment != Some(&new.environment) && environment != Some(UNDECIDED) {
            return false;
        }
        match text_of(table, "client-id") {
            Some(id) => id.eq_ignore_ascii_case(&new.client_id),
            None => {
                let stored = table.get("credential").and_then(Item::as_table_like);
                let place = stored.and_then(|stored| {
                    text_of(stored, "secret").or_else(|| text_of(stored, "certificate"))
                });
                let name = text_of(table, "name");
                (place.is_some() && place == entry.as_deref())
                    || name.is_some_and(|name| name.eq_ignore_ascii_case(&new.name))
            }
        }
    };
    registrations(document).position(is)
}

/// A table of the block under `section`, behind those that are there.
fn add_table(
    document: &mut DocumentMut,
    (section, key): (&'static str, &str),
    block: &str,
) -> Result<(), UpdateError> {
    let own: DocumentMut = block.parse().map_err(|_| UpdateError::NoHeaders(section))?;
    let mut new = own
        .get(section)
        .and_then(|tables| tables.get(key))
        .and_then(Item::as_table)
        .cloned()
        .ok_or(UpdateError::NoHeaders(section))?;
    detach(&mut new);
    let tables = document
        .as_table_mut()
        .entry(section)
        .or_insert_with(|| implicit().into());
    let tables = tables.as_table_mut().filter(|tables| !tables.is_dotted());
    let tables = tables.ok_or(UpdateError::NoHeaders(section))?;
    tables.insert(key, Item::Table(new));
    Ok(())
}

fn implicit() -> Table {
    let mut table = Table::new();
    table.set_implicit(true);
    table
}

/// Behind everything that is there, under a name that is free.
fn add_registration(
    document: &mut DocumentMut,
    names: &mut BTreeSet<String>,
    mut new: DraftRegistration,
) -> Result<(), UpdateError> {
    const SECTION: &str = "registrations";
    new.name = free(&new.name, "registration", names);
    let own: DocumentMut = write::registration(&new)
        .parse()
        .map_err(|_| UpdateError::NoHeaders(SECTION))?;
    let table = own.get(SECTION).and_then(Item::as_array_of_tables);
    let mut table = table
        .and_then(|all| all.get(0))
        .cloned()
        .ok_or(UpdateError::NoHeaders(SECTION))?;
    detach(&mut table);
    let all = document
        .as_table_mut()
        .entry(SECTION)
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let all = all
        .as_array_of_tables_mut()
        .ok_or(UpdateError::NoHeaders(SECTION))?;
    all.push(table);
    Ok(())
}

/// Takes the places of another document away, so that it stands behind its neighbours, and sets it off from them.
fn detach(table: &mut Table) {
    fn placeless(table: &mut Table) {
        table.set_position(None);
        for (_, item) in table.iter_mut() {
            if let Some(inner) = item.as_table_mut() {
                placeless(inner);
            }
        }
    }
    placeless(table);
    let before = table.decor().prefix().and_then(|prefix| prefix.as_str());
    let before = format!("\n{}", before.unwrap_or_default().trim_start_matches('\n'));
    table.decor_mut().set_prefix(before);
}

/// Puts what is known now in the place of a "?", with its comment. What a person wrote stays.
fn decide(table: &mut dyn TableLike, key: &str, line: &str) {
    if table.get(key).and_then(Item::as_str) != Some(UNDECIDED) {
        return;
    }
    let Ok(own) = line.parse::<DocumentMut>() else {
        return;
    };
    let Some(new) = own.get(key).and_then(Item::as_value).cloned() else {
        return;
    };
    let above = own
        .as_table()
        .key(key)
        .and_then(|key| key.leaf_decor().prefix()?.as_str());
    if let Some(mut named) = table.key_mut(key) {
        let kept = named
            .leaf_decor()
            .prefix()
            .and_then(|prefix| prefix.as_str());
        let kept = without_questions(kept.unwrap_or_default());
        let prefix = format!("{kept}{}", above.unwrap_or_default());
        named.leaf_decor_mut().set_prefix(prefix);
    }
    if let Some(old) = table.get_mut(key).and_then(Item::as_value_mut) {
        *old = new;
    }
}

/// The comments above a key without the questions that init itself wrote there.
fn without_questions(above: &str) -> String {
    let mut kept = String::new();
    let mut is_question = false;
    for line in above.split_inclusive('\n') {
        let words = line.trim_start();
        is_question =
            words.starts_with("# unclear: ") || (is_question && words.starts_with(write::FURTHER));
        if !is_question {
            kept.push_str(line);
        }
    }
    kept
}

#[cfg(test)]
mod tests;
