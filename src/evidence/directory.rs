//! Directory facts: applications and service principals as Graph tells them.

use crate::model::word::words;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Credential, FederatedCredential, LastUse};
use crate::model::{Gap, Listing, Observed};

/// One tenant's directory, as far as it was read as a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DirectoryEvidence {
    /// How many applications were read: all of the tenant's where it was listed, else those asked for.
    pub applications_read: usize,
    /// Why the list of applications stops early.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applications_gap: Option<Gap>,
    /// Lists of the tenant of which the lines are kept elsewhere: its sign-in reports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<ReadList>,
    /// The tenant's rules for credentials of applications.
    pub app_management: Observed<AppManagement>,
    /// Everything that has to do with Dynamics, listed in the estate or not. `None` where the estate's
    /// scope is the estate alone, so that nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inventory: Option<Listing<InventoryEntry>>,
}

/// How far a list was read of which the lines are kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ReadList {
    pub name: String,
    pub read: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
}

/// An app registration (Graph v1.0 `application` resource).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Application {
    pub object_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// `isDisabled` or `disabledByMicrosoftStatus`. Where neither says disabled and `isDisabled` is
    /// not answered, this is known to be false only as far as those two go.
    pub disabled: Observed<bool>,
    /// What Microsoft itself did to it; `None` where that was not read, or by an older run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_microsoft: Option<ByMicrosoft>,
    /// `signInAudience`.
    pub audience: Observed<String>,
    /// `passwordCredentials` and `keyCredentials`, by end, then key id.
    pub credentials: Observed<Vec<Credential>>,
    pub redirects: Observed<Vec<Redirect>>,
    /// Whether the authorisation endpoint hands out tokens directly (`web.implicitGrantSettings`).
    pub implicit_grant: Observed<bool>,
    /// Whether flows without a credential are allowed (`isFallbackPublicClient`).
    pub public_client: Observed<bool>,
    /// `createdDateTime`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<DateTime<Utc>>,
    /// `federatedIdentityCredentials`, sorted.
    pub federated: Listing<FederatedCredential>,
    /// Permissions it asks for (`requiredResourceAccess`), sorted.
    pub required: Observed<Vec<RequiredPermission>>,
}

words! {
    /// What Microsoft did to an application or a service principal (`disabledByMicrosoftStatus`).
    pub enum ByMicrosoft {
        /// Null, or `NotDisabled`.
        NotDisabled = "not-disabled",
        /// `DisabledDueToViolationOfServicesAgreement`: suspected of abuse. Nobody in the tenant can lift it.
        ServicesAgreementViolated = "services-agreement-violated",
        /// Another value that begins with `Disabled`.
        Disabled = "disabled",
    }
}

/// An owner of an application.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Owner {
    /// Object id.
    pub id: String,
    /// `mail`. `None` where Graph gave none: the auditor may not read users (then every field but the id
    /// is null), the owner is not a person, or has no mailbox. Which of these it is, is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
}

/// A redirect URI and the platform it is registered for: `web`, `spa` or `public-client`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Redirect {
    pub platform: String,
    pub uri: String,
}

/// The application's service principal in the tenant (Graph v1.0 `servicePrincipal` resource).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ServicePrincipal {
    pub object_id: String,
    /// `accountEnabled`; not known to be true where `disabledByMicrosoftStatus` has a word that is not known.
    pub enabled: Observed<bool>,
    /// What Microsoft itself did to it here; `None` where that was not read, or by an older run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_microsoft: Option<ByMicrosoft>,
    /// Whose it is and what for.
    pub kind: Observed<PrincipalKind>,
    /// Credentials on the service principal itself, SAML signing certificates among them.
    pub credentials: Observed<Vec<Credential>>,
    /// `None` where it signs nobody in by SAML.
    pub saml: Observed<Option<SamlSigning>>,
    /// Application permissions it was granted (`appRoleAssignments`), sorted.
    pub granted: Listing<GrantedRole>,
    /// Delegated permissions it was granted (`oauth2PermissionGrants`), one a scope, sorted.
    pub delegated: Listing<DelegatedGrant>,
}

words! {
    /// Whose a service principal is and what for.
    pub enum PrincipalKind {
        /// The organisation's own application.
        Own = "own",
        /// An application of another organisation, used here.
        Foreign = "foreign",
        /// Microsoft's own (`appOwnerOrganizationId` is one of Microsoft's tenants): nobody here can rotate
        /// its credentials.
        Microsoft = "microsoft",
        /// Made by Application Proxy, which rotates its credentials itself
        /// (tag `WindowsAzureActiveDirectoryOnPremApp`).
        AppProxy = "app-proxy",
        /// `servicePrincipalType` is `ManagedIdentity`: Azure rotates its credentials.
        ManagedIdentity = "managed-identity",
        /// `servicePrincipalType` is `Legacy`: it has credentials of its own and no app registration.
        Legacy = "legacy",
        /// A type that is not known.
        Other = "other",
    }
}

impl PrincipalKind {
    /// Whether the tenant has no app registration of such a one.
    pub(crate) const fn has_no_application_here(self) -> bool {
        matches!(self, Self::ManagedIdentity | Self::Legacy | Self::Foreign)
    }
}

/// How a service principal signs SAML tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SamlSigning {
    /// `preferredTokenSigningKeyThumbprint`, 40 upper-case hex digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_thumbprint: Option<String>,
    /// `notificationEmailAddresses`: who is notified before it lapses.
    pub notified: Vec<String>,
}

/// An application permission that was granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct GrantedRole {
    /// `resourceDisplayName`: `Microsoft Graph`, `Dynamics ERP`.
    pub resource: String,
    /// Object id of the resource's service principal.
    pub resource_id: String,
    /// `appId` of the resource's service principal (GUID, lower case), where it could be read: a display
    /// name is anybody's to choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_app_id: Option<String>,
    pub role_id: String,
    /// `Connector.FullAccess`; unknown where the resource's `appRoles` could not be read.
    pub role: Observed<String>,
}

/// A permission that a registration asks for (`requiredResourceAccess`). It has it only once consent is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RequiredPermission {
    /// `resourceAppId`: GUID, lower case.
    pub resource_app_id: String,
    /// `Dynamics CRM`; unknown where the resource's service principal could not be read.
    pub resource: Observed<String>,
    pub kind: PermissionKind,
    /// `resourceAccess.id`: GUID, lower case.
    pub id: String,
    /// `user_impersonation`, `Connector.FullAccess`.
    pub name: Observed<String>,
}

words! {
    /// How a permission is used.
    pub enum PermissionKind {
        /// `Role`: by the application itself.
        Application = "application",
        /// `Scope`: on behalf of a signed-in person.
        Delegated = "delegated",
    }
}

/// A delegated permission that was granted (Graph `oAuth2PermissionGrant`).
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DelegatedGrant {
    /// Object id of the resource's service principal.
    pub resource_id: String,
    /// Its name, where it could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// One word of `scope`: `user_impersonation`.
    pub scope: String,
    /// `consentType` is `AllPrincipals`: for everybody, not for one person.
    pub for_everybody: bool,
}

/// The tenant's rules for credentials of applications (Graph `policies/defaultAppManagementPolicy` and
/// `policies/appManagementPolicies`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AppManagement {
    /// The tenant-wide policy.
    pub default: AppPolicy,
    /// Policies for single applications, which beat the default, by name.
    pub custom: Listing<CustomAppPolicy>,
}

/// One policy's rules for applications.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AppPolicy {
    /// `isEnabled`.
    pub enabled: bool,
    /// Rules in force: those whose `state` is not `disabled`.
    pub restrictions: Vec<AppRestriction>,
}

/// A policy for single applications.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CustomAppPolicy {
    pub id: String,
    pub name: String,
    pub policy: AppPolicy,
    /// Object ids of the applications and service principals it is for.
    pub applies_to: Listing<String>,
}

/// One rule of a policy.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AppRestriction {
    /// `restrictionType`: `passwordAddition`, `passwordLifetime`, `asymmetricKeyLifetime`, ...
    pub kind: String,
    /// `maxLifetime` (ISO 8601 duration on the wire), in days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_days: Option<u32>,
    /// `restrictForAppsCreatedAfterDateTime`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_after: Option<DateTime<Utc>>,
}

/// Something in the tenant that has to do with Dynamics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct InventoryEntry {
    /// GUID, lower case.
    pub client_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    pub kind: Observed<PrincipalKind>,
    /// Why it is here, sorted, at least one.
    pub traces: Vec<Trace>,
    /// Credentials of the application and its service principal.
    pub credentials: Observed<Vec<Credential>>,
    /// Graph beta `servicePrincipalSignInActivities`.
    pub last_sign_in: Observed<LastUse>,
}

/// Why an application is in the inventory.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Trace {
    /// It asks for this permission (`requiredResourceAccess`): `Dynamics CRM/user_impersonation`.
    Declares(String),
    /// It was granted this application permission.
    Granted(String),
    /// It is an application user of this environment.
    ApplicationUser(String),
    /// It is an F&O client of this environment.
    FinopsClient(String),
    /// This vault entry (`vault/name`) is named for it.
    VaultEntry(String),
}
