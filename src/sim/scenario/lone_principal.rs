//! What stands in the tenant only as a service principal, and the application that it is read as.

use super::certificate::AppCertificate;
use super::directory::{AppSecret, Application, Audience};
use super::principal::{Permission, Principal, PrincipalType, Saml};

tables! {
    /// Something that stands in the tenant only as a service principal: Microsoft's own, a managed identity,
    /// an application registered elsewhere.
    pub(in crate::sim) struct LonePrincipal {
        pub name: String,
        pub tenant: String,
        pub client_id: String,
        #[serde(rename = "type")]
        pub kind: PrincipalType = default,
        pub owner_tenant: Option<String>,
        pub tags: Option<Vec<String>>,
        pub app_proxy: bool = default,
        pub saml: Option<Saml>,
        pub display_name: Option<String>,
        pub owners: Vec<String> = default,
        pub created_days_ago: i64 = default,
        pub signed_in_days_ago: Option<i64>,
        /// They and the certificates stand on the service principal, for there is no registration.
        pub secrets: Vec<AppSecret> = default,
        pub certificates: Vec<AppCertificate> = default,
        pub graph_permissions: Vec<String> = default,
        pub permissions: Vec<Permission> = default,
    }
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
