//! What each sort of place says of one client id.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Entries, ListedName, Map, Subject, fold, value_group};
use crate::estate::{EntryRef, Prove, Registration};
use crate::evidence::{ApplicationUser, LastUse, Trace};
use crate::model::assessment::Line;
use crate::model::time::day;
use crate::model::{Observed, Resource};

impl Map<'_> {
    pub(crate) fn named_in_estate(
        &self,
        subject: &Subject<'_>,
        about: &mut Entries,
    ) -> Vec<String> {
        let mut entries: BTreeMap<&EntryRef, (&str, BTreeSet<&str>)> = BTreeMap::new();
        for registration in &subject.registrations {
            let stored = registration.credential.as_ref();
            let named = [
                stored.map(|stored| (&stored.entry, stored.kind.as_str(), "its credential")),
                stored
                    .and_then(|stored| stored.password.as_ref())
                    .map(|entry| (entry, "secret", "the password of its certificate")),
                (registration.client_id.entry()).map(|entry| (entry, "secret", "its client id")),
            ];
            for (entry, form, holds) in named.into_iter().flatten() {
                let entry = entries.entry(entry);
                entry.or_insert((form, BTreeSet::new())).1.insert(holds);
            }
        }
        entries
            .into_iter()
            .map(|(entry, (form, holds))| {
                let holds: Vec<&str> = holds.into_iter().collect();
                about.insert(Resource::vault_entry(&entry.vault, &entry.name));
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
    pub(crate) fn same_value(&self, subject: &Subject<'_>, about: &mut Entries) -> Vec<Line> {
        let group = |registration: &Registration| value_group(self.evidence(registration)?);
        let own: BTreeSet<u32> = subject
            .registrations
            .iter()
            .filter_map(|one| group(one))
            .collect();
        let entries: BTreeSet<&EntryRef> = subject
            .registrations
            .iter()
            .filter_map(|registration| Some(&registration.credential.as_ref()?.entry))
            .collect();
        let mut others: Vec<(usize, &Registration)> = own
            .iter()
            .filter_map(|number| self.by_value.get(number))
            .flatten()
            .copied()
            .collect();
        others.sort_by_key(|(place, _)| *place);
        others
            .into_iter()
            .filter_map(|(_, other)| Some((other, other.credential.as_ref()?)))
            .filter(|(_, stored)| !entries.contains(&stored.entry))
            .map(|(other, stored)| {
                let entry = &stored.entry;
                about.insert(Resource::vault_entry(&entry.vault, &entry.name));
                let said = format_args!(
                    "vault {}, {} {}: the same value (the credential of {} in {})",
                    entry.vault,
                    stored.kind.as_str(),
                    entry.name,
                    other.name,
                    other.environment
                );
                let is_its_own = subject
                    .registrations
                    .iter()
                    .any(|one| one.name == other.name);
                let others = (!is_its_own).then(|| other.name.clone());
                Line {
                    said: said.into(),
                    others: others.into_iter().collect(),
                }
            })
            .collect()
    }

    pub(crate) fn application_users(&self, subject: &Subject<'_>) -> Vec<String> {
        let mut users: BTreeMap<&str, &ApplicationUser> = BTreeMap::new();
        for registration in &subject.registrations {
            // Where the list could not be read, the credential may have seen its own user.
            let proof = self
                .evidence(registration)
                .and_then(|one| one.dataverse.as_ref());
            let user = proof.and_then(|proof| proof.user.known()?.present());
            users.extend(user.map(|user| (registration.environment.as_str(), user)));
        }
        let listed = subject.client_id.and_then(|id| self.users.get(id));
        users.extend(listed.into_iter().flatten());
        users
            .into_iter()
            .map(|(environment, user)| {
                let state = match user.disabled.known() {
                    Some(true) => "disabled",
                    Some(false) => "enabled",
                    None => "unknown whether enabled",
                };
                // Dataverse puts a `#` before the name of an application.
                let name = user.name.as_deref().unwrap_or("without a name");
                let name = name.trim_start_matches(['#', ' ']);
                format!("Dataverse {environment}: application user {name} ({state})")
            })
            .collect()
    }

    pub(crate) fn finops_clients(&self, subject: &Subject<'_>) -> Vec<String> {
        let mut clients: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        let listed = subject.client_id.and_then(|id| self.finops.get(id));
        clients.extend(listed.into_iter().flatten().map(|name| (*name, None)));
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

    pub(crate) fn permissions(&self, subject: &Subject<'_>) -> Vec<String> {
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

    /// Whoever holds a token of that issuer for that subject signs in without any vault.
    pub(crate) fn federated(&self, subject: &Subject<'_>) -> Vec<String> {
        let mut trusted: BTreeSet<String> = BTreeSet::new();
        for registration in &subject.registrations {
            let application = self
                .evidence(registration)
                .and_then(|one| one.application.known()?.present());
            for one in application.iter().flat_map(|one| &one.federated.items) {
                trusted.insert(format!(
                    "federated credential {}: {} of {}",
                    one.name, one.subject, one.issuer
                ));
            }
        }
        trusted.into_iter().collect()
    }

    pub(crate) fn by_name(&self, subject: &Subject<'_>, about: &mut Entries) -> Vec<String> {
        let named = |listed: &&ListedName<'_>| {
            let own = |name: &str| subject.registrations.iter().any(|one| one.name == name);
            let by_id = subject.client_id.is_some_and(|id| {
                let id = fold(id);
                !id.is_empty() && listed.folded.len() >= id.len() && listed.folded.contains(&id)
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
                && !self.is_named(vault, name)
            {
                entries.insert((vault, name));
            }
        }
        entries
            .into_iter()
            .map(|(vault, name)| {
                about.insert(Resource::vault_entry(vault, name));
                format!("vault {vault}, secret {name}: by its name only")
            })
            .collect()
    }

    pub(crate) fn last_sign_in(&self, subject: &Subject<'_>) -> Vec<String> {
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
            Some(LastUse::At(at)) => {
                let doubt = if self.may_be_the_audits(subject, *at) {
                    " (possibly by this audit)"
                } else {
                    ""
                };
                vec![format!("last sign-in {}{doubt}", day(*at))]
            }
            Some(LastUse::NotReported) => vec!["no sign-in is in the report".to_owned()],
            None => Vec::new(),
        }
    }

    /// Whether the audit signs in as it and nothing tells its sign-ins apart: one lies within a run, or
    /// no earlier run is known.
    fn may_be_the_audits(&self, subject: &Subject<'_>, at: DateTime<Utc>) -> bool {
        let proves = |one: &&Registration| one.prove != Prove::Never && one.credential.is_some();
        if !subject.registrations.iter().any(proves) {
            return false;
        }
        let runs = &self.snapshot.earlier_runs;
        let slack = TimeDelta::minutes(5);
        // Sign-ins are dated by the services' clock.
        let by_services = |at| self.snapshot.by_services_clock(at);
        let within = |started: DateTime<Utc>, finished: DateTime<Utc>| {
            started - slack <= at && at <= finished + slack
        };
        runs.is_empty()
            || within(
                by_services(self.snapshot.started),
                by_services(self.snapshot.finished),
            )
            || runs.iter().any(|run| within(run.started, run.finished))
    }
}
