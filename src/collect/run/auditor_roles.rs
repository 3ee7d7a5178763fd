//! What the auditors may do themselves, in each environment that they look at.

use std::collections::BTreeMap;

use futures::future::join_all;

use super::Run;
use crate::evidence::RoleGrant;
use crate::model::Listing;

impl Run<'_> {
    /// The roles of one auditor in every environment that it looks at.
    pub(crate) async fn own_roles(&self, scope: &str) -> BTreeMap<String, Listing<RoleGrant>> {
        let environments = self
            .shared
            .environments
            .dataverse
            .iter()
            .filter(|(name, _)| {
                let own = format!("environment/{name}");
                let environment = self.shared.estate.environments.get(**name);
                let tenant = environment.map(|environment| environment.tenant.as_str());
                own == scope || (!self.auditors.contains_key(&own) && tenant == Some(scope))
            });
        let asked = environments
            .map(|(name, task)| async move { ((*name).to_owned(), task.own_roles().await) });
        join_all(asked).await.into_iter().collect()
    }
}
