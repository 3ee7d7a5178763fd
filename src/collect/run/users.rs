//! A run's look at application users: the roles of those that nobody explains.

use futures::future::join_all;

use super::Run;
use crate::collect::registration;
use crate::collect::services::EnvironmentTask;
use crate::evidence::ApplicationUser;
use crate::model::{Listing, Observed, guid};
use crate::reference::microsoft;

impl Run<'_> {
    /// The environment's application users. Of those that are neither one of its registrations, nor the
    /// auditor, nor Microsoft's, and not known to be disabled, the roles are read, too.
    pub(super) async fn application_users(
        &self,
        name: &str,
        task: &EnvironmentTask<'_>,
    ) -> Listing<ApplicationUser> {
        let mut users = task.users().await;
        let open = |user: &ApplicationUser| {
            user.disabled != Observed::Known(true)
                && microsoft::application(&user.client_id).is_none()
        };
        if !users.items.iter().any(open) {
            return users;
        }
        let explained = self.explained(name).await;
        let roles = users.items.iter().map(|user| {
            let known = explained.iter().any(|id| guid::same(id, &user.client_id));
            async move {
                if known || !open(user) {
                    return None;
                }
                Some(task.roles_of(&user.user_id).await)
            }
        });
        let roles = join_all(roles).await;
        for (user, roles) in users.items.iter_mut().zip(roles) {
            user.roles = roles;
        }
        users
    }

    /// Client ids of the environment's registrations, as far as they are known, and of its auditor.
    async fn explained(&self, name: &str) -> Vec<String> {
        let ids = self
            .shared
            .estate
            .registrations
            .iter()
            .filter(|registration| registration.environment == name)
            .map(|registration| registration::client_id(&self.shared.vaults, registration));
        let mut explained: Vec<String> = join_all(ids)
            .await
            .into_iter()
            .filter_map(|id| id.known().cloned())
            .collect();
        let auditor = self
            .shared
            .estate
            .environments
            .get(name)
            .and_then(|environment| self.auditor(name, environment));
        if let Some(auditor) = auditor {
            explained.extend(auditor.application_id().await);
        }
        explained
    }
}
