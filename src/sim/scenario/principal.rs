//! What a scenario says about service principals, the permissions they hold and their federated credentials.

use crate::model::word::labels;
use serde::Deserialize;

use super::yes;
use crate::sim::catalogue::{PermissionType, Resource, ResourceName};

tables! {
    /// Trust in another issuer's tokens.
    pub(in crate::sim) struct Federated {
        pub name: String,
        pub issuer: String,
        /// Absent where there is an expression.
        pub subject: Option<String>,
        /// `claimsMatchingExpression`: a flexible one, which beta shows and v1.0 breaks at.
        pub expression: Option<String>,
        #[serde(default = "token_exchange")]
        pub audiences: Vec<String>,
        pub description: Option<String>,
    }

    /// A permission on one of Microsoft's own services.
    pub(in crate::sim) struct Permission {
        pub resource: ResourceName,
        /// `user_impersonation`, `Connector.FullAccess`
        pub name: String,
        /// For a name that means both: an application permission or a delegated one.
        #[serde(rename = "type")]
        pub kind: Option<PermissionType>,
        /// Named in the registration's `requiredResourceAccess`.
        #[serde(default = "yes")]
        pub declared: bool,
        /// An administrator agreed to it.
        #[serde(default = "yes")]
        pub granted: bool,
        /// Only this person agreed to it, for itself: key of the scenario's people.
        pub person: Option<String>,
    }
}

/// What the service principal of an application shows out of the ordinary.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::sim) struct Principal {
    #[serde(rename = "type")]
    pub kind: PrincipalType,
    /// The tenant the application is registered in, where it is another one.
    pub owner_tenant: Option<String>,
    /// Absent: what the portal gives an application made there.
    pub tags: Option<Vec<String>>,
    /// Published through the application proxy.
    pub app_proxy: bool,
    pub saml: Option<Saml>,
    /// Where it is called otherwise than its application.
    pub display_name: Option<String>,
}

labels! {
    /// `servicePrincipalType`, in the words of the wire.
    #[derive(Default, Deserialize)]
    pub(in crate::sim) enum PrincipalType {
        #[default]
        Application = "Application",
        ManagedIdentity = "ManagedIdentity",
        Legacy = "Legacy",
    }
}

/// Single sign-on by SAML.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::sim) struct Saml {
    /// Who is told before the signing certificate ends.
    pub notified: Vec<String>,
    /// Label of the certificate that signs.
    pub thumbprint_of: Option<String>,
}

impl Permission {
    /// The type a scenario says, or the one of what the service offers.
    pub(crate) fn permission_type(&self) -> PermissionType {
        self.kind.unwrap_or_else(|| {
            if self.offered_as(PermissionType::Scope) && !self.offered_as(PermissionType::Role) {
                PermissionType::Scope
            } else {
                PermissionType::Role
            }
        })
    }

    /// Whether the service offers it. Of Graph's hundreds any name will do.
    pub(crate) fn is_offered(&self) -> bool {
        self.resource == ResourceName::Graph || self.offered_as(self.permission_type())
    }

    fn offered_as(&self, kind: PermissionType) -> bool {
        Resource::of(self.resource)
            .offers(kind)
            .contains_key(&self.name)
    }
}

fn token_exchange() -> Vec<String> {
    vec!["api://AzureADTokenExchange".to_owned()]
}
