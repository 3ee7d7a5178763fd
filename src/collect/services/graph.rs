//! The auditor's sign-in to one tenant's Graph.

use std::sync::Arc;

use secrecy::SecretString;

use crate::collect::graph::{Grants, Service};
use crate::collect::http::Wire;
use crate::collect::identity::Auditor;
use crate::estate::Tenant;
use crate::model::Gap;

/// What a [`Service`] borrows: the auditor's token for one tenant's Graph, and what its refusals may lack.
pub(crate) struct GraphSession {
    token: SecretString,
    grants: Grants,
}

impl GraphSession {
    /// Signs the auditor in to the tenant's Graph.
    ///
    /// # Errors
    /// The gap, where it gets no token.
    pub(crate) async fn open(auditor: &Arc<Auditor>, tenant: &Tenant) -> Result<Self, Gap> {
        let scope = format!("https://{}/.default", tenant.cloud.hosts().graph);
        Ok(Self {
            token: auditor.token(&scope).await?,
            grants: Grants::new(&tenant.id, &auditor.name().await),
        })
    }

    pub(crate) const fn token(&self) -> &SecretString {
        &self.token
    }

    pub(crate) fn service<'a>(&'a self, wire: &'a Wire, tenant: &'a Tenant) -> Service<'a> {
        Service {
            wire,
            host: tenant.cloud.hosts().graph,
            token: &self.token,
            grants: &self.grants,
            tenant: &tenant.id,
        }
    }
}
