//! Which client ids each tenant's directory is asked for: the registrations', and the audit's own.

use std::collections::BTreeSet;

use futures::future::join_all;

use super::Run;
use crate::collect::registration;
use crate::collect::services::{self, DirectoryTask, Wanted};
use crate::estate::{Scope, Tenant};
use crate::model::Observed;

impl Run<'_> {
    pub(super) fn directory<'r>(&'r self, name: &'r str, tenant: &'r Tenant) -> DirectoryTask<'r> {
        let wanted = async move {
            let (client_ids, auditors) =
                futures::join!(self.client_ids(name), self.auditors_in(name));
            Wanted {
                client_ids,
                auditors,
                whole: self.is_whole(),
            }
        };
        services::directory(
            &self.shared.wire,
            self.auditors.get(name).cloned(),
            tenant,
            wanted,
        )
    }

    /// Whether everything of the tenants is asked for, not only what stands in the estate.
    pub(super) fn is_whole(&self) -> bool {
        self.shared.estate.auditor.scope == Scope::Tenant
    }

    /// The client ids of the tenant's registrations, as far as they are known.
    pub(super) async fn client_ids(&self, tenant: &str) -> BTreeSet<String> {
        let ids = self
            .shared
            .estate
            .registrations
            .iter()
            .filter(|registration| {
                let home = self
                    .shared
                    .estate
                    .home_of(registration)
                    .map(|(name, _)| name);
                self.tenant_name(registration) == tenant || home == Some(tenant)
            })
            .map(|registration| registration::client_id(&self.shared.vaults, registration));
        let known = join_all(ids).await.into_iter().filter_map(|id| match id {
            Observed::Known(id) => Some(id),
            Observed::Unknown(_) => None,
        });
        known.collect()
    }

    /// Client ids of the auditors that environments of this tenant have for themselves, once they signed in.
    async fn auditors_in(&self, tenant: &str) -> BTreeSet<String> {
        let mut ids = BTreeSet::new();
        for (name, environment) in &self.shared.estate.environments {
            let scope = format!("environment/{name}");
            let Some(auditor) = self.auditors.get(&scope) else {
                continue;
            };
            if environment.tenant != tenant {
                continue;
            }
            // A refused sign-in is said where the environment is asked.
            if let Some(task) = self.shared.environments.dataverse(name) {
                let _ = task.caller().await;
            } else if let Some(task) = self.shared.environments.finops(name) {
                let _ = task.caller().await;
            }
            ids.extend(auditor.application_id().await);
        }
        ids
    }

    /// The tenant of an auditor by its scope: a tenant's name, or `environment/NAME`.
    pub(super) fn tenant_of_scope<'s>(&'s self, scope: &'s str) -> &'s str {
        scope
            .strip_prefix("environment/")
            .and_then(|name| self.shared.estate.environments.get(name))
            .map_or(scope, |environment| environment.tenant.as_str())
    }
}
