//! A run's look at application users that nothing explains: whose their applications are, asked of Graph once
//! a tenant.

use std::collections::{BTreeMap, BTreeSet};

use super::Run;
use crate::collect::graph::ownership;
use crate::collect::services::GraphSession;
use crate::estate::Tenant;
use crate::evidence::{ApplicationUser, PrincipalKind, Snapshot};
use crate::model::{Observed, Presence};
use crate::reference::microsoft;

type Kinds = BTreeMap<String, Observed<Presence<PrincipalKind>>>;

impl Run<'_> {
    /// Writes to each such user what its service principal is. `snapshot` has everything else by now.
    pub(super) async fn strangers(&self, snapshot: &mut Snapshot) {
        let known = explained(snapshot);
        for (name, tenant) in &self.shared.estate.tenants {
            let asked = |user: &ApplicationUser| {
                user.disabled != Observed::Known(true)
                    && microsoft::application(&user.client_id).is_none()
                    && !known.contains(&user.client_id)
            };
            let here = |environment: &str| {
                let environment = self.shared.estate.environments.get(environment);
                environment.is_some_and(|environment| environment.tenant == *name)
            };
            let wanted: BTreeSet<String> = snapshot
                .environments
                .iter()
                .filter(|(environment, _)| here(environment))
                .flat_map(|(_, evidence)| &evidence.application_users.items)
                .filter(|user| asked(user))
                .map(|user| user.client_id.clone())
                .collect();
            if wanted.is_empty() {
                continue;
            }
            let kinds = self.kinds(name, tenant, wanted.into_iter().collect()).await;
            for (environment, evidence) in &mut snapshot.environments {
                if !here(environment) {
                    continue;
                }
                for user in &mut evidence.application_users.items {
                    user.principal = kinds.get(&user.client_id).cloned();
                }
            }
        }
    }

    async fn kinds(&self, name: &str, tenant: &Tenant, client_ids: Vec<String>) -> Kinds {
        let Some(auditor) = self.auditors.get(name) else {
            return Kinds::new();
        };
        let kinds = match GraphSession::open(auditor, tenant).await {
            Ok(session) => {
                let service = session.service(&self.shared.wire, tenant);
                ownership::kinds(service, &client_ids).await
            }
            Err(gap) => vec![Observed::Unknown(gap); client_ids.len()],
        };
        client_ids.into_iter().zip(kinds).collect()
    }
}

/// Client ids, lower case, of the registrations and the auditors.
fn explained(snapshot: &Snapshot) -> BTreeSet<String> {
    let registrations = snapshot.registrations.values();
    let registrations = registrations.filter_map(|one| one.client_id.known());
    let auditors = snapshot.auditors.values();
    let auditors = auditors.filter_map(|one| one.signed_in.known()?.client_id.as_ref());
    registrations
        .chain(auditors)
        .map(|id| id.to_ascii_lowercase())
        .collect()
}
