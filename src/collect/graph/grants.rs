//! The permissions that Graph asks of the auditor, in words and as rights.

use crate::collect::remedy::Remedy;
use crate::model::grant::{Identity, Right};

/// What would help where Graph refuses, by what was asked.
#[derive(Debug)]
pub(crate) struct Grants {
    /// Applications, service principals, owners, federated credentials and granted permissions.
    pub(crate) applications: Remedy,
    /// Delegated permissions that were granted ("List oauth2PermissionGrants").
    pub(crate) delegated: Remedy,
    /// The tenant's rules for credentials of applications.
    pub(crate) policies: Remedy,
    /// Which applications a rule is for ("List appliesTo" asks for this one, besides Application.Read.All).
    pub(crate) applies_to: Remedy,
}

impl Grants {
    /// `who` is the auditor as a remedy names it.
    pub(crate) fn new(tenant: &str, who: &Identity) -> Self {
        let permission = |name: &str| permission(name, tenant, who);
        Self {
            applications: permission("Application.Read.All"),
            delegated: permission("Directory.Read.All"),
            policies: permission("Policy.Read.ApplicationConfiguration"),
            applies_to: permission("Policy.Read.All"),
        }
    }
}

/// One of Graph's application permissions.
pub(crate) fn permission(name: &str, tenant: &str, who: &Identity) -> Remedy {
    Remedy::new(
        format!(
            "grant {name} (application permission) with admin consent in tenant {tenant} to {who}"
        ),
        who.lacks(
            format!("Microsoft Graph application permission {name} with admin consent"),
            format!("tenant {tenant}"),
            Some(Right::GraphPermission {
                name: name.to_owned(),
                tenant: tenant.to_owned(),
            }),
        ),
    )
}
