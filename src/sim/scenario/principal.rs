//! What a scenario says about service principals, the permissions they hold and their federated credentials.

use serde::Deserialize;

use super::certificate::AppCertificate;
use super::directory::{AppSecret, Application, Audience};
use super::yes;

/// Trust in another issuer's tokens.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
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

/// `servicePrincipalType`, in the words of the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(in crate::sim) enum PrincipalType {
    #[default]
    Application,
    ManagedIdentity,
    Legacy,
}

impl PrincipalType {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Application => "Application",
            Self::ManagedIdentity => "ManagedIdentity",
            Self::Legacy => "Legacy",
        }
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

/// Something that stands in the tenant only as a service principal: Microsoft's own, a managed identity,
/// an application registered elsewhere.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::sim) struct LonePrincipal {
    pub name: String,
    pub tenant: String,
    pub client_id: String,
    #[serde(default, rename = "type")]
    pub kind: PrincipalType,
    pub owner_tenant: Option<String>,
    pub tags: Option<Vec<String>>,
    #[serde(default)]
    pub app_proxy: bool,
    pub saml: Option<Saml>,
    pub display_name: Option<String>,
    #[serde(default)]
    pub owners: Vec<String>,
    #[serde(default)]
    pub created_days_ago: i64,
    pub signed_in_days_ago: Option<i64>,
    /// They and the certificates stand on the service principal, for there is no registration.
    #[serde(default)]
    pub secrets: Vec<AppSecret>,
    #[serde(default)]
    pub certificates: Vec<AppCertificate>,
    #[serde(default)]
    pub graph_permissions: Vec<String>,
    #[serde(default)]
    pub permissions: Vec<Permission>,
}

impl From<LonePrincipal> for Application {
    fn from(lone: LonePrincipal) -> Self {
        let on_principal = |secret| AppSecret {
            on_service_principal: true,
            ..secret
        };
        let held_there = |certificate| AppCertificate {
            on_service_principal: true,
            ..certificate
        };
        Self {
            name: lone.name,
            tenant: lone.tenant,
            client_id: lone.client_id,
            audience: match lone.owner_tenant {
                Some(_) => Audience::AzureADMultipleOrgs,
                None => Audience::AzureADMyOrg,
            },
            principal: Principal {
                kind: lone.kind,
                owner_tenant: lone.owner_tenant,
                tags: lone.tags,
                app_proxy: lone.app_proxy,
                saml: lone.saml,
                display_name: lone.display_name,
            },
            owners: lone.owners,
            created_days_ago: lone.created_days_ago,
            signed_in_days_ago: lone.signed_in_days_ago,
            secrets: lone.secrets.into_iter().map(on_principal).collect(),
            certificates: lone.certificates.into_iter().map(held_there).collect(),
            graph_permissions: lone.graph_permissions,
            permissions: lone.permissions,
            registered: true,
            service_principal: true,
            only_principal: true,
            ..Self::default()
        }
    }
}

/// A permission on one of Microsoft's own services.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
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

/// A service of Microsoft's that every tenant has a service principal for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(in crate::sim) enum ResourceName {
    #[serde(rename = "Dynamics CRM")]
    DynamicsCrm,
    #[serde(rename = "Dynamics ERP")]
    DynamicsErp,
    #[serde(rename = "Microsoft Graph")]
    Graph,
}

/// In the words of `requiredResourceAccess`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(in crate::sim) enum PermissionType {
    /// An application permission.
    Role,
    /// A delegated permission.
    Scope,
}

impl PermissionType {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Role => "Role",
            Self::Scope => "Scope",
        }
    }
}

fn token_exchange() -> Vec<String> {
    vec!["api://AzureADTokenExchange".to_owned()]
}
