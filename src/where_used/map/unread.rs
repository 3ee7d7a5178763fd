//! The lists that could not be read to their end, or that nobody asked for.

use std::collections::BTreeSet;

use super::{Map, Subject, Unread};
use crate::evidence::{RegistrationEvidence, Snapshot};
use crate::model::{Gap, GapKind, Observed};

/// Everything that could hold a place and was not read.
pub(crate) fn unread(map: &Map<'_>, subject: &Subject<'_>) -> Vec<Unread> {
    let mut found = Vec::new();
    let tenants = tenants(map, subject);
    let estate = &map.snapshot.estate;
    let is_here = |tenant: &str| tenants.as_ref().is_none_or(|here| here.contains(tenant));
    let is_here_by = |environment: &str| {
        let environment = estate.environments.get(environment);
        environment.is_none_or(|environment| is_here(&environment.tenant))
    };
    of_the_registration(map, subject, &mut found);
    of_environments(map, &is_here, &mut found);
    for (name, vault) in &map.snapshot.vaults {
        let declared = estate.vaults.get(name);
        if declared.is_none_or(|vault| is_here_by(&vault.environment)) {
            let what = format!("secrets of vault {name}");
            note(&mut found, what, vault.secrets.gap.as_ref());
        }
    }
    let directories = map.snapshot.directories.iter();
    for (name, directory) in directories.filter(|(name, _)| is_here(name)) {
        let what = format!("applications of tenant {name}");
        match &directory.inventory {
            Some(inventory) => note(&mut found, what, inventory.gap.as_ref()),
            None if subject.registrations.is_empty() => {
                let gap = not_asked("only those of the estate were asked for")
                    .with_remedy("set `scope = \"tenant\"` in the estate's [auditor] table");
                note(&mut found, what, Some(&gap));
            }
            None => {}
        }
    }
    found
}

/// The tenants that can know of it, where all its registrations take accounts of their own tenant alone.
fn tenants<'a>(map: &Map<'a>, subject: &Subject<'a>) -> Option<BTreeSet<&'a str>> {
    let estate = &map.snapshot.estate;
    let tenants = subject.registrations.iter().map(|registration| {
        let application = map.evidence(registration)?.application.known()?.present()?;
        let is_single = application.audience.known()? == "AzureADMyOrg";
        let environment = estate.environment_of(registration)?;
        is_single.then_some(environment.tenant.as_str())
    });
    let tenants: Option<BTreeSet<&str>> = tenants.collect();
    tenants.filter(|tenants| !tenants.is_empty())
}

fn not_asked(why: &str) -> Gap {
    Gap::new(GapKind::NotReached, why)
}

fn note(found: &mut Vec<Unread>, what: String, gap: Option<&Gap>) {
    found.extend(gap.cloned().map(|gap| Unread { what, gap }));
}

/// What only the registration's own evidence tells: client id, permissions, sign-ins, values.
fn of_the_registration(map: &Map<'_>, subject: &Subject<'_>, found: &mut Vec<Unread>) {
    let read: Vec<&RegistrationEvidence> = subject
        .registrations
        .iter()
        .filter_map(|registration| map.evidence(registration))
        .collect();
    if subject.client_id.is_none() {
        let gap = read.iter().find_map(|one| one.client_id.gap());
        note(found, "its client id".to_owned(), gap);
    }
    let granted = |one: &&RegistrationEvidence| {
        let principal = match one.service_principal.get() {
            Ok(principal) => principal.present()?,
            Err(gap) => return Some(gap.clone()),
        };
        principal.granted.gap.clone()
    };
    let gap = read.iter().find_map(granted);
    note(found, "its permissions".to_owned(), gap.as_ref());
    let federated = |one: &&RegistrationEvidence| {
        let application = one.application.known()?.present()?;
        application.federated.gap.clone()
    };
    let is_unlisted = subject.registrations.is_empty();
    let unlisted =
        is_unlisted.then(|| not_asked("they are read of the estate's registrations only"));
    let gap = read.iter().find_map(federated).or(unlisted);
    note(found, "its federated credentials".to_owned(), gap.as_ref());
    let of_inventory = subject.inventory.and_then(|entry| entry.last_sign_in.gap());
    let told = read.iter().any(|one| one.last_sign_in.known().is_some());
    let gap = read.iter().find_map(|one| one.last_sign_in.gap());
    let gap = gap.or(of_inventory);
    // Another tenant's report may have told one: this one's is what is still open.
    let elsewhere = subject.inventory.map(|entry| &entry.last_sign_in);
    let what = match elsewhere.and_then(Observed::known) {
        Some(_) => "its sign-ins in its own environment's tenant",
        None => "its last sign-in",
    };
    note(found, what.to_owned(), gap.filter(|_| !told));
    if !read.is_empty() {
        let what = "whether other entries hold the same value".to_owned();
        note(found, what, map.uncompared.as_ref());
    }
}

/// Why not every stored value could be compared.
pub(crate) fn values(snapshot: &Snapshot) -> Option<Gap> {
    snapshot.registrations.values().find_map(|evidence| {
        let entry = match evidence.entry.get() {
            Err(gap) => return Some(gap.clone()),
            Ok(entry) => entry.present()?,
        };
        // A disabled value is nobody's to read, and opens nothing.
        let gap = entry.content.gap();
        gap.filter(|gap| gap.kind != GapKind::NotReached).cloned()
    })
}

fn of_environments(map: &Map<'_>, is_here: &dyn Fn(&str) -> bool, found: &mut Vec<Unread>) {
    for (name, declared) in &map.snapshot.estate.environments {
        if !is_here(&declared.tenant) {
            continue;
        }
        let evidence = map.snapshot.environments.get(name);
        let nobody = not_asked("not read, because no registration of this run is used there");
        if declared.dataverse.is_some() {
            let gap = match evidence {
                Some(evidence) => evidence.application_users.gap.as_ref(),
                None => Some(&nobody),
            };
            note(found, format!("application users of {name}"), gap);
        }
        if declared.finops.is_some() {
            let gap = match evidence.and_then(|evidence| evidence.finops_clients.as_ref()) {
                Some(clients) => clients.gap.as_ref(),
                None => Some(&nobody),
            };
            note(found, format!("F&O clients of {name}"), gap);
        }
    }
}
