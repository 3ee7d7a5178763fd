//! What Graph said of one client id, until it becomes evidence.

use serde_json::Value;

use super::{map, principal};
use crate::collect::credential::Stored;
use crate::evidence::{
    Application, DelegatedGrant, FederatedCredential, GrantedRole, Owner, RequiredPermission,
    ServicePrincipal,
};
use crate::model::{Gap, Listing, Observed, Presence};

/// The objects as they came, and what hangs on them.
#[derive(Clone, Debug)]
pub(crate) struct RawEntry {
    pub(crate) application: Observed<Presence<Value>>,
    pub(crate) principal: Observed<Presence<Value>>,
    pub(crate) owners: Listing<Owner>,
    pub(crate) federated: Listing<FederatedCredential>,
    pub(crate) granted: Listing<GrantedRole>,
    pub(crate) delegated: Listing<DelegatedGrant>,
    pub(crate) required: Observed<Vec<RequiredPermission>>,
}

impl RawEntry {
    pub(crate) fn unknown(gap: &Gap) -> Self {
        Self {
            application: Observed::Unknown(gap.clone()),
            principal: Observed::Unknown(gap.clone()),
            owners: Listing::cut_short(Vec::new(), gap.clone()),
            federated: Listing::cut_short(Vec::new(), gap.clone()),
            granted: Listing::cut_short(Vec::new(), gap.clone()),
            delegated: Listing::cut_short(Vec::new(), gap.clone()),
            required: Observed::Unknown(gap.clone()),
        }
    }

    /// The application, its credentials compared with the stored one.
    pub(crate) fn application(
        &self,
        id: &str,
        stored: Result<Stored<'_>, &Gap>,
    ) -> Observed<Presence<Application>> {
        let what = format!("the application {id}");
        map::application(&self.application, &what, stored).map(|presence| match presence {
            Presence::Present(application) => Presence::Present(Application {
                federated: self.federated.clone(),
                required: self.required.clone(),
                ..application
            }),
            Presence::Absent => Presence::Absent,
        })
    }

    /// The service principal. `tenant` is the id of the tenant that was asked.
    pub(crate) fn service_principal(
        &self,
        id: &str,
        tenant: &str,
        stored: Result<Stored<'_>, &Gap>,
    ) -> Observed<Presence<ServicePrincipal>> {
        let what = format!("the service principal of {id}");
        let read = principal::service_principal(&self.principal, &what, tenant, stored);
        read.map(|presence| match presence {
            Presence::Present(principal) => Presence::Present(ServicePrincipal {
                granted: self.granted.clone(),
                delegated: self.delegated.clone(),
                ..principal
            }),
            Presence::Absent => Presence::Absent,
        })
    }
}
