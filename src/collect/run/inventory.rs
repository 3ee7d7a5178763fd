//! A run's inventories: what has to do with Dynamics in each tenant, where the estate's scope is tenants.

use std::collections::BTreeMap;

use futures::future::join_all;

use super::Run;
use crate::collect::graph::inventory::{self, Lists, Resource, Sources};
use crate::collect::graph::reports::Reports;
use crate::collect::services::{DirectoryTask, GraphSession};
use crate::estate::Tenant;
use crate::evidence::{ApplicationUser, ListedSecret, Snapshot};
use crate::model::Listing;

impl<'a> Run<'a> {
    /// Dynamics' own service principals in the tenant. Empty where no inventory is wanted.
    pub(super) async fn resources(&self, name: &str, tenant: &Tenant) -> Vec<Resource> {
        if !self.is_whole() {
            return Vec::new();
        }
        let Some(auditor) = self.auditors.get(name) else {
            return Vec::new();
        };
        match GraphSession::open(auditor, tenant).await {
            Ok(session) => inventory::ask(session.service(&self.shared.wire, tenant)).await,
            Err(gap) => Resource::unknown(&gap),
        }
    }

    /// Writes the inventory of every tenant; `resources` stand in the tenants' order.
    pub(super) async fn inventories(
        &self,
        directories: &BTreeMap<&str, DirectoryTask<'_>>,
        reports: &BTreeMap<&str, Reports>,
        resources: &[Vec<Resource>],
        snapshot: &mut Snapshot,
    ) {
        if !self.is_whole() {
            return;
        }
        for ((name, tenant), resources) in self.shared.estate.tenants.iter().zip(resources) {
            let (Some(directory), Some(reports)) =
                (directories.get(name.as_str()), reports.get(name.as_str()))
            else {
                continue;
            };
            let directory = directory.clone().await;
            let unread = directory.lists.as_ref().err().map(Lists::unknown);
            let Some(lists) = directory.lists.as_ref().ok().or(unread.as_ref()) else {
                continue;
            };
            let sources = Sources {
                tenant: &tenant.id,
                lists,
                resources,
                users: self.users_in(name, snapshot),
                finops_clients: self.finops_clients_in(name).await,
                entries: self.entries_in(name, snapshot),
            };
            let inventory = inventory::inventory(&sources, reports);
            if let Some(evidence) = snapshot.directories.get_mut(name) {
                evidence.inventory = Some(inventory);
            }
        }
    }

    fn users_in<'s>(
        &'s self,
        tenant: &str,
        snapshot: &'s Snapshot,
    ) -> Vec<(&'s str, &'s Listing<ApplicationUser>)> {
        self.shared
            .estate
            .environments
            .iter()
            .filter(|(_, environment)| environment.tenant == tenant)
            .filter_map(|(name, _)| Some((name, snapshot.environments.get(name)?)))
            .map(|(name, seen)| (name.as_str(), &seen.application_users))
            .collect()
    }

    /// Asked from the run and not from the snapshot, which knows no environment without Dataverse.
    async fn finops_clients_in<'s>(&'s self, tenant: &str) -> Vec<(&'s str, Listing<String>)> {
        let here = self.shared.estate.environments.iter();
        let asked = here
            .filter(|(_, environment)| environment.tenant == tenant)
            .map(
                |(name, _)| async move { Some((name.as_str(), self.finops_clients(name).await?)) },
            );
        join_all(asked).await.into_iter().flatten().collect()
    }

    fn entries_in<'s>(
        &'s self,
        tenant: &str,
        snapshot: &'s Snapshot,
    ) -> Vec<(&'s str, &'s Listing<ListedSecret>)> {
        let of_tenant = |environment: &str| {
            let environment = self.shared.estate.environments.get(environment);
            environment.is_some_and(|environment| environment.tenant == tenant)
        };
        self.shared
            .estate
            .vaults
            .iter()
            .filter(|(_, vault)| of_tenant(&vault.environment))
            .filter_map(|(name, _)| Some((name.as_str(), &snapshot.vaults.get(name)?.secrets)))
            .collect()
    }
}
