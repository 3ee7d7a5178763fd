//! What is asked of Graph by path. Only ids that were recognised as GUIDs stand in them.

use super::batch::Get;

/// Properties of an application that every Graph knows.
const APPLICATION: &str = "id,appId,displayName,createdDateTime,signInAudience,disabledByMicrosoftStatus,passwordCredentials,keyCredentials,web,spa,publicClient,isFallbackPublicClient,requiredResourceAccess";
/// A property that came later.
const APPLICATION_NEWER: &str = "isDisabled";

const PRINCIPAL: &str = "id,appId,accountEnabled,disabledByMicrosoftStatus,servicePrincipalType,appOwnerOrganizationId,tags,passwordCredentials,keyCredentials,preferredSingleSignOnMode,notificationEmailAddresses";
/// Answered by v1.0, and missing from its older documentation.
const PRINCIPAL_NEWER: &str = "preferredTokenSigningKeyThumbprint";
/// What the inventory needs besides, of lists.
const PRINCIPAL_LISTED: &str = "displayName";

/// How contexts call the lists and objects of Graph: by their set, by the way there, or by the type of
/// their rows (as captured of v1.0 and beta; Graph's reference writes one form or another).
pub(super) const APPLICATIONS: [&str; 2] = ["applications", "application"];
pub(super) const PRINCIPALS: [&str; 2] = ["servicePrincipals", "servicePrincipal"];
pub(super) const ASSIGNMENTS: [&str; 3] = [
    "appRoleAssignedTo",
    "appRoleAssignments",
    "appRoleAssignment",
];
pub(super) const POLICY: [&str; 2] = ["defaultAppManagementPolicy", "tenantAppManagementPolicy"];
pub(super) const POLICIES: [&str; 2] = ["appManagementPolicies", "appManagementPolicy"];
/// Whom a policy is for.
pub(super) const TARGETS: [&str; 7] = [
    "appliesTo",
    "directoryObjects",
    "directoryObject",
    "applications",
    "application",
    "servicePrincipals",
    "servicePrincipal",
];

/// One thing that is asked of one client id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Application,
    Principal,
    Owners,
    Federated,
    Granted,
    Delegated,
}

impl Part {
    pub(super) const ALL: [Self; 6] = [
        Self::Application,
        Self::Principal,
        Self::Owners,
        Self::Federated,
        Self::Granted,
        Self::Delegated,
    ];

    /// How a context may call it.
    pub(super) const fn set(self) -> &'static [&'static str] {
        match self {
            Self::Application => &APPLICATIONS,
            Self::Principal => &PRINCIPALS,
            Self::Owners => &["owners", "directoryObjects", "directoryObject"],
            Self::Federated => &[
                "federatedIdentityCredentials",
                "federatedIdentityCredential",
            ],
            Self::Granted => &["appRoleAssignments", "appRoleAssignment"],
            Self::Delegated => &["oauth2PermissionGrants", "oAuth2PermissionGrant"],
        }
    }

    /// How it is asked for. The tenant's list of delegated grants is seen to leave rows out of what is no
    /// advanced query (msgraph-sdk-powershell#2469); whether one principal's does nobody reports, so that its
    /// rows are counted.
    pub(super) fn get(self, id: &str) -> Get {
        match self {
            Self::Delegated => Get::eventual(self.path(id)),
            _ => self.path(id).into(),
        }
    }

    /// The path within v1.0, for one client id.
    fn path(self, id: &str) -> String {
        match self {
            Self::Application => {
                format!("/applications(appId='{id}')?$select={APPLICATION},{APPLICATION_NEWER}")
            }
            Self::Principal => {
                format!("/servicePrincipals(appId='{id}')?$select={PRINCIPAL},{PRINCIPAL_NEWER}")
            }
            Self::Owners => format!("/applications(appId='{id}')/owners?$select=id,mail"),
            Self::Federated => {
                format!("/applications(appId='{id}')/federatedIdentityCredentials")
            }
            Self::Granted => format!("/servicePrincipals(appId='{id}')/appRoleAssignments"),
            Self::Delegated => {
                format!("/servicePrincipals(appId='{id}')/oauth2PermissionGrants?$count=true")
            }
        }
    }

    /// The same without properties that came later, or without the count: where one is not known, the whole
    /// read is answered 400.
    pub(super) fn older_path(self, id: &str) -> Option<String> {
        match self {
            Self::Application => Some(format!("/applications(appId='{id}')?$select={APPLICATION}")),
            Self::Principal => Some(format!(
                "/servicePrincipals(appId='{id}')?$select={PRINCIPAL}"
            )),
            Self::Owners => Some(format!("/applications(appId='{id}')/owners?$select=id")),
            Self::Delegated => Some(format!(
                "/servicePrincipals(appId='{id}')/oauth2PermissionGrants"
            )),
            Self::Federated | Self::Granted => None,
        }
    }
}

/// The federated credentials within beta, by the application's object id.
pub(super) fn federated_of(object_id: &str) -> String {
    format!("/applications/{object_id}/federatedIdentityCredentials")
}

/// What tells whose an application is, and no more.
pub(super) fn owner_of(id: &str) -> String {
    format!(
        "/servicePrincipals(appId='{id}')?$select=id,appId,servicePrincipalType,appOwnerOrganizationId,tags"
    )
}

/// A list of all, and the same without properties that came later.
pub(super) fn all_applications() -> [String; 2] {
    both("/applications", APPLICATION, APPLICATION_NEWER)
}

pub(super) fn all_principals() -> [String; 2] {
    let select = format!("{PRINCIPAL},{PRINCIPAL_LISTED}");
    both("/servicePrincipals", &select, PRINCIPAL_NEWER)
}

fn both(set: &str, select: &str, newer: &str) -> [String; 2] {
    [
        format!("{set}?$select={select},{newer}&$top=999"),
        format!("{set}?$select={select}&$top=999"),
    ]
}

/// A resource's roles and delegated permissions, by its client id.
pub(super) fn permissions_of(client_id: &str) -> String {
    format!(
        "/servicePrincipals(appId='{client_id}')?$select=id,appId,appRoles,oauth2PermissionScopes"
    )
}

/// The same with its name, for permissions of any resource.
pub(super) fn resource(client_id: &str) -> String {
    format!(
        "/servicePrincipals(appId='{client_id}')?$select=id,appId,displayName,appRoles,oauth2PermissionScopes"
    )
}

/// Who was given a role of a resource. `id` is its service principal's.
pub(super) fn assigned_to(id: &str) -> [String; 2] {
    let path = format!("/servicePrincipals/{id}/appRoleAssignedTo");
    [format!("{path}?$top=999"), path]
}

/// The names of a resource's roles. `id` is its service principal's.
pub(super) fn roles_of(id: &str) -> String {
    format!("/servicePrincipals/{id}?$select=id,appId,displayName,appRoles")
}

pub(super) const DEFAULT_POLICY: &str = "/policies/defaultAppManagementPolicy";
pub(super) const CUSTOM_POLICIES: &str = "/policies/appManagementPolicies";

pub(super) fn applies_to(policy: &str) -> String {
    format!("{CUSTOM_POLICIES}/{policy}/appliesTo?$select=id")
}
