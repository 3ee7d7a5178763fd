//! One run: the client, the auditors, and every service's questions side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::future::join_all;
use secrecy::SecretString;

use super::caller::purpose;
use super::clock;
use super::dataverse::probe::Probes;
use super::http::Wire;
use super::identity::Auditor;
use super::keyvault::{api::VaultReader, content};
use super::options::Options;
use super::registration::{self, Probing, Shared};
use super::services::{
    DirectoryTask, EnvironmentTask, Environments, FinopsTask, TokenDesk, VaultTask, Vaults,
};
use crate::estate::{EntryRef, Environment, Estate, Registration, Vault};
use crate::evidence::{EnvironmentEvidence, ServicesClock, Snapshot, VaultEvidence};
use crate::model::{Gap, GapKind, Listing};

mod auditor_roles;
mod directory;
mod equal_values;
mod examine;
mod inventory;
mod reports;
mod strangers;
mod users;

pub(crate) use examine::Examined;

/// One run.
pub(super) struct Run<'a> {
    shared: Shared<'a>,
    /// By scope: a tenant's name, or `environment/NAME`.
    auditors: BTreeMap<String, Arc<Auditor>>,
    /// The time over which Graph counts report requests.
    report_span: std::time::Duration,
}

/// Every host the run may talk to: the cloud table's, and the estate's where they fit the cloud.
fn hosts(estate: &Estate) -> BTreeSet<String> {
    let mut hosts = BTreeSet::new();
    for tenant in estate.tenants.values() {
        hosts.insert(tenant.cloud.hosts().login.to_owned());
        hosts.insert(tenant.cloud.hosts().graph.to_owned());
    }
    for environment in estate.environments.values() {
        let cloud = estate.tenant_of(environment).map(|tenant| tenant.cloud);
        if let (Some(cloud), Some(host)) = (cloud, &environment.dataverse) {
            hosts.extend(cloud.dataverse_api(host));
        }
        if let (Some(cloud), Some(host)) = (cloud, &environment.finops)
            && cloud.is_finops_host(host)
        {
            hosts.insert(host.clone());
        }
    }
    for vault in estate.vaults.values() {
        let cloud = estate
            .tenant_of_vault(vault)
            .map(|(_, tenant)| tenant.cloud);
        if cloud.is_some_and(|cloud| cloud.is_vault_host(&vault.host)) {
            hosts.insert(vault.host.clone());
        }
    }
    hosts
}

/// Whose request the read of each entry is: the first registration's that names it.
fn purposes(estate: &Estate, vault: &str) -> BTreeMap<String, String> {
    let mut purposes = BTreeMap::new();
    for registration in &estate.registrations {
        let mut claim = |entry: &EntryRef| {
            if entry.vault == vault {
                purposes
                    .entry(entry.name.clone())
                    .or_insert_with(|| purpose(&registration.name));
            }
        };
        registration.entries().for_each(&mut claim);
    }
    purposes
}

impl<'a> Run<'a> {
    /// # Errors
    /// The gap that stands for everything, when no https client can be set up.
    pub(super) fn new(estate: &'a Estate, options: &Options) -> Result<Self, Gap> {
        let wire = Arc::new(Wire::new(options, hosts(estate))?);
        let mut auditors = BTreeMap::new();
        for (name, tenant) in &estate.tenants {
            let entry = tenant.auditor.as_ref().unwrap_or(&estate.auditor);
            let auditor = Auditor::new(&wire, options, tenant, entry);
            auditors.insert(name.clone(), Arc::new(auditor));
        }
        for (name, environment) in &estate.environments {
            if let (Some(entry), Some(tenant)) =
                (&environment.auditor, estate.tenant_of(environment))
            {
                let auditor = Auditor::new(&wire, options, tenant, entry);
                auditors.insert(format!("environment/{name}"), Arc::new(auditor));
            }
        }
        let mut run = Self {
            shared: Shared {
                estate,
                wire,
                vaults: Vaults::default(),
                environments: Environments::default(),
                tokens: TokenDesk::default(),
                previous: options.previous.clone(),
                isolation: options.isolation,
                probing: options.probe_writes.clone().map(|production| Probing {
                    probes: Probes::default(),
                    production,
                }),
            },
            auditors,
            report_span: options.report_span,
        };
        for (name, vault) in &estate.vaults {
            if let Some(task) = run.vault_task(name, vault) {
                run.shared.vaults.0.insert(name, task);
            }
        }
        for (name, environment) in &estate.environments {
            if let Some(task) = run.environment_task(name, environment) {
                run.shared.environments.dataverse.insert(name, task);
            }
            if let Some(task) = run.finops_task(name, environment) {
                run.shared.environments.finops.insert(name, task);
            }
        }
        Ok(run)
    }

    fn vault_task(&self, name: &str, vault: &Vault) -> Option<VaultTask<'a>> {
        let estate = self.shared.estate;
        let (tenant_name, tenant) = estate.tenant_of_vault(vault)?;
        let auditor = self.auditors.get(tenant_name)?;
        let purposes = purposes(estate, name);
        let wire = &self.shared.wire;
        let reader = VaultReader::new(wire, auditor, tenant.cloud, &vault.host, purposes);
        Some(VaultTask::new(reader))
    }

    /// The environment's registrations.
    fn registrations_in(&self, environment: &str) -> impl Iterator<Item = &'a Registration> {
        let all = self.shared.estate.registrations.iter();
        all.filter(move |registration| registration.environment == environment)
    }

    fn environment_task(
        &self,
        name: &'a str,
        environment: &'a Environment,
    ) -> Option<EnvironmentTask<'a>> {
        let tenant = self.shared.estate.tenant_of(environment)?;
        let auditor = self.auditor(name, environment)?;
        let tables = self.registrations_in(name).flat_map(registration::tables);
        let tables: BTreeSet<String> = tables.collect();
        let tables = tables.into_iter().collect();
        EnvironmentTask::new(
            &self.shared.wire,
            auditor,
            tenant.cloud,
            name,
            environment,
            tables,
        )
    }

    fn finops_task(&self, name: &'a str, environment: &'a Environment) -> Option<FinopsTask<'a>> {
        let host = environment.finops.as_deref()?;
        let auditor = self.auditor(name, environment)?;
        let collections = self.registrations_in(name);
        let collections: BTreeSet<&String> =
            collections.flat_map(registration::collections).collect();
        Some(FinopsTask::new(
            &self.shared.wire,
            auditor,
            name,
            host,
            collections.into_iter().cloned().collect(),
        ))
    }

    /// The environment's own auditor, else its tenant's.
    fn auditor(&self, name: &str, environment: &Environment) -> Option<&Arc<Auditor>> {
        self.auditors
            .get(&format!("environment/{name}"))
            .or_else(|| self.auditors.get(&environment.tenant))
    }

    /// Asks everything and writes it down.
    pub(super) async fn fill(&self, snapshot: &mut Snapshot) {
        let directories: BTreeMap<&str, DirectoryTask<'_>> = self
            .shared
            .estate
            .tenants
            .iter()
            .map(|(name, tenant)| (name.as_str(), self.directory(name, tenant)))
            .collect();
        let registrations = join_all(self.shared.estate.registrations.iter().map(|registration| {
            let home = self.shared.estate.home_of(registration);
            let known = registration::Directories {
                own: directories.get(self.tenant_name(registration)),
                home: home.and_then(|(name, _)| directories.get(name)),
            };
            registration::collect(&self.shared, known, registration, || self.now())
        }));
        let vaults = join_all(self.shared.vaults.0.iter().map(|(name, vault)| async move {
            let secrets = vault.list().await;
            ((*name).to_owned(), VaultEvidence { secrets })
        }));
        let environments = self.shared.environments.dataverse.iter();
        let environments = join_all(environments.map(|(name, task)| async move {
            ((*name).to_owned(), self.environment(name, task).await)
        }));
        let tenants = || self.shared.estate.tenants.iter();
        let reports = join_all(tenants().map(|(name, tenant)| self.reports(name, tenant)));
        let resources = join_all(tenants().map(|(name, tenant)| self.resources(name, tenant)));
        let (registrations, vaults, environments, read, reports, resources) = futures::join!(
            registrations,
            vaults,
            environments,
            join_all(directories.iter().map(|(name, task)| async move {
                ((*name).to_owned(), task.clone().await.evidence.clone())
            })),
            reports,
            resources
        );
        snapshot.vaults = vaults.into_iter().collect();
        snapshot.environments = environments.into_iter().collect();
        snapshot.directories = read.into_iter().collect();
        snapshot.registrations = equal_values::numbered(self.shared.estate, registrations);
        self.auditors_evidence(&directories, snapshot).await;
        self.strangers(snapshot).await;
        let reports = reports.into_iter().collect();
        self.join_reports(&reports, snapshot);
        self.inventories(&directories, &reports, &resources, snapshot)
            .await;
        snapshot.clock = self.services_clock(snapshot.started);
        snapshot.requests = self.shared.wire.requests();
    }

    async fn environment(&self, name: &str, task: &EnvironmentTask<'a>) -> EnvironmentEvidence {
        let (organization, application_users, tables, finops_clients) = futures::join!(
            task.organization(),
            self.application_users(name, task),
            task.tables(),
            self.finops_clients(name)
        );
        EnvironmentEvidence {
            organization: organization.into(),
            application_users,
            tables: tables.into(),
            finops_clients,
        }
    }

    /// Writes what is known of each auditor itself.
    async fn auditors_evidence(
        &self,
        directories: &BTreeMap<&str, DirectoryTask<'_>>,
        snapshot: &mut Snapshot,
    ) {
        for (scope, auditor) in &self.auditors {
            let directory = match directories.get(self.tenant_of_scope(scope)) {
                Some(task) => Some(task.clone().await),
                None => None,
            };
            let tenant = self.shared.estate.tenants.get(scope);
            let graph = tenant.map(|tenant| tenant.cloud.hosts().graph);
            let mut evidence = auditor.evidence(directory.as_deref(), graph).await;
            evidence.dataverse_roles = self.own_roles(scope).await;
            snapshot.auditors.insert(scope.clone(), evidence);
        }
    }

    /// This moment by the services' clock, as far as their answers told it.
    pub(super) fn now(&self) -> DateTime<Utc> {
        let now = clock::now();
        let ahead = self.shared.wire.ahead().unwrap_or_default();
        now.checked_add_signed(ahead).unwrap_or(now)
    }

    fn services_clock(&self, started: DateTime<Utc>) -> Option<ServicesClock> {
        let ahead = self.shared.wire.ahead()?;
        Some(ServicesClock {
            at_start: started.checked_add_signed(ahead)?,
            ahead_seconds: ahead.num_seconds(),
        })
    }

    /// The list is asked for once; where no registration of the tenant and no inventory needs it, nobody asks.
    async fn finops_clients(&self, name: &str) -> Option<Listing<String>> {
        let task = self.shared.environments.finops(name)?;
        let tenant = &self.shared.estate.environments.get(name)?.tenant;
        // Of a registration at home elsewhere, the list says whether it is a client here, too.
        let needed = self.shared.estate.registrations.iter().any(|registration| {
            if registration.environment == name {
                registration.finops.is_some()
            } else {
                self.tenant_name(registration) == tenant
            }
        });
        if !needed && !self.is_whole() {
            return None;
        }
        let listed = task.clients().await;
        let ids = listed.items.into_iter().map(|client| client.client_id);
        Some(Listing {
            items: ids.collect(),
            gap: listed.gap,
        })
    }

    fn tenant_name(&self, registration: &Registration) -> &str {
        self.shared
            .estate
            .environment_of(registration)
            .map_or("", |environment| environment.tenant.as_str())
    }

    /// A token of the tenant's auditor.
    pub(super) async fn token(&self, tenant: &str, scope: &str) -> Result<SecretString, Gap> {
        match self.auditors.get(tenant) {
            Some(auditor) => auditor.token(scope).await,
            None => Err(Gap::new(
                GapKind::NotReached,
                format!("the estate has no tenant {tenant}"),
            )),
        }
    }

    /// Reads one secret whole, for the mail server.
    pub(super) async fn read_secret(&self, entry: &EntryRef) -> Result<SecretString, Gap> {
        let vault = self.shared.vaults.holding(entry)?;
        let read = vault.get(&entry.name).await;
        match &*read {
            Ok(secret) => content::text(&secret.value).map_err(|_| {
                Gap::new(
                    GapKind::Malformed,
                    format!("the vault entry {entry} is empty"),
                )
                .with_remedy(format!("store the password in {entry}"))
            }),
            Err(error) => Err(vault.reader.refused(&entry.name, error).await),
        }
    }
}
