//! Reads an estate file: every problem in it at once, or an estate in which every reference holds.

mod declared;
mod entry;
mod expectations;
mod history;
mod host;
mod mail;
mod registration;
mod routing;
mod secret_ref;
mod smtp;
mod text;
mod unnamed;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::assessment::EstateFile;
use crate::source::{Problem, Sheet, SourceFile, Table, Value};

use super::{Auditor, Estate, History, Identity, Registration};
use declared::Declared;

/// Reads an estate.
///
/// # Errors
/// Every problem of the file, in its order; never an empty list.
pub fn parse(file: &Arc<SourceFile>) -> Result<Estate, Vec<Problem>> {
    let sheet = Sheet::open(file);
    let estate = read(sheet.root());
    match (estate, sheet.is_clean()) {
        (Some(estate), true) => Ok(estate),
        (None, true) => Err(vec![Problem {
            message: "the estate could not be read, and credaudit cannot say why".to_owned(),
            label: String::new(),
            help: Some("this is a defect of credaudit: please report it".to_owned()),
            place: Some(sheet.place(0..0)),
            undecided: false,
        }]),
        (_, false) => Err(sheet.into_problems()),
    }
}

fn read(root: Table<'_>) -> Option<Estate> {
    let name = root.sheet().name().to_owned();
    root.version_1();
    let auditor = match root.get("auditor") {
        Some(value) => auditor(&value, true),
        None => Some(Auditor::default()),
    };
    let declared = Declared::read(&root);
    let mut lines = BTreeMap::new();
    let registrations = registrations(&root, &declared, &mut lines);
    let mail = match root.get("mail") {
        Some(value) => mail::read(&value, &declared).map(Some),
        None => Some(None),
    };
    let routing = root.maybe("routing", routing::read);
    let webhooks = root.maybe("webhooks", |value| routing::webhooks(value, &declared));
    let history = match root.get("history") {
        Some(value) => history::read(&value),
        None => Some(History::default()),
    };
    misplaced(&root);
    root.close_except(|key| SERVICES.contains(&key));
    let (tenants, environments, vaults) = declared.whole()?;
    Some(Estate {
        auditor: auditor?,
        tenants,
        environments,
        vaults,
        registrations: registrations?,
        mail: mail?,
        routing: routing?,
        webhooks: webhooks?.unwrap_or_default(),
        file: Some(EstateFile { name, lines }),
        history: history?,
    })
}

/// Tables of a registration, which people write at the top level.
const SERVICES: [&str; 2] = ["dataverse", "finops"];

/// `[dataverse]` at the top level.
fn misplaced(root: &Table<'_>) {
    for value in root.entries() {
        let key = value.key();
        if SERVICES.contains(&key) {
            value.refuse_key(
                format!("`[{key}]` is at the top level, and belongs to a registration"),
                "belongs to a registration",
                &format!("write `[registrations.{key}]`, beneath the `[[registrations]]` that it is about"),
            );
        }
    }
}

/// Reads an identity; `scope` belongs to the estate's own auditor alone.
fn auditor(value: &Value<'_>, is_estates: bool) -> Option<Auditor> {
    let table = value.table("the auditor")?;
    let identity = table.or("identity", Identity::Auto, Value::word);
    let client_id = match table.get("client-id") {
        Some(value) => {
            if matches!(identity, Some(Identity::AzureCli | Identity::Environment)) {
                value.refuse_key(
                    "`client-id` has no effect on this identity",
                    "does nothing here",
                    "take it out: the Azure CLI signs in as whoever is logged in, and `environment` \
                     reads AZURE_CLIENT_ID",
                );
            }
            text::guid(&value, text::IdOf::Client).map(Some)
        }
        None => Some(None),
    };
    let scope = if is_estates {
        table.maybe("scope", Value::word)
    } else {
        Some(None)
    };
    table.close();
    Some(Auditor {
        identity: identity?,
        client_id: client_id?,
        scope: scope?.unwrap_or_default(),
    })
}

fn registrations(
    root: &Table<'_>,
    declared: &Declared<'_>,
    lines: &mut BTreeMap<String, usize>,
) -> Option<Vec<Registration>> {
    let found = root.get("registrations");
    // The slip in the list's name is reported, and `[registrations.dataverse]` beneath it is right.
    if root.misspelt_list("registrations") {
        return None;
    }
    let Some(value) = found else {
        return Some(Vec::new());
    };
    let mut read = Vec::new();
    let mut seen: Vec<(&str, usize)> = Vec::new();
    let mut complete = true;
    for member in value.list()? {
        let Some(table) = member.table("this registration") else {
            complete = false;
            continue;
        };
        let begins = table.sheet().line(table.span().start);
        let name = table.need("name", "every report names a registration by it");
        if let Some(name) = name
            && let Some(text) = text::name(&name)
        {
            let line = table.sheet().line(name.span().start);
            match seen.iter().find(|(other, _)| *other == text) {
                Some((_, first)) => name.refuse(
                    format!(
                        "two registrations are called `{text}`: on line {first} and on line {line}"
                    ),
                    &format!("first used on line {first}"),
                    "give each a name of its own across all tenants and environments: add the environment's or \
                     the tenant's name to it",
                ),
                None => seen.push((text, line)),
            }
        }
        match registration::read(table, declared) {
            Some(registration) => {
                lines.insert(registration.name.clone(), begins);
                read.push(registration);
            }
            None => complete = false,
        }
    }
    unnamed::deny(&mut read);
    read.sort_by(|left: &Registration, right| left.name.cmp(&right.name));
    complete.then_some(read)
}
