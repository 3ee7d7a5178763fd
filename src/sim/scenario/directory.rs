//! What a scenario says about Entra and Graph: applications, their secrets and how they misbehave.

use crate::model::word::labels;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::certificate::AppCertificate;
use super::principal::{Federated, Permission, Principal};
use super::yes;
use crate::sim::catalogue::{PermissionType, ResourceName};
use crate::sim::names;

/// Permissions of an application by service.
type ByResource<'a> = BTreeMap<ResourceName, BTreeSet<(PermissionType, &'a str)>>;

tables! {
    /// An app registration and its service principal.
    #[derive(Default)]
    pub(in crate::sim) struct Application {
        pub name: String,
        pub tenant: String,
        /// Other tenants that have a service principal for it, by their keys. Its credentials stay at home.
        pub guest_in: Vec<String> = default,
        pub client_id: String,
        pub owners: Vec<String> = default,
        pub audience: Audience = default,
        pub redirect_uris: RedirectUris = default,
        pub implicit_grant: ImplicitGrant = default,
        /// `isFallbackPublicClient`: null on the wire until it is set.
        pub public_client: bool = default,
        pub disabled: Option<Disabled> = default,
        /// `false`: the registration was deleted, or never made.
        #[serde(default = "yes")]
        pub registered: bool,
        /// `false`: the tenant has no service principal for it.
        #[serde(default = "yes")]
        pub service_principal: bool,
        #[serde(default = "half_a_year")]
        pub created_days_ago: i64,
        pub secrets: Vec<AppSecret> = default,
        pub certificates: Vec<AppCertificate> = default,
        /// Granted application permissions on Microsoft Graph.
        pub graph_permissions: Vec<String> = default,
        /// Permissions declared, granted, or both.
        pub permissions: Vec<Permission> = default,
        pub federated: Vec<Federated> = default,
        pub principal: Principal = default,
        /// Absent: when the most lately used credential was used.
        pub signed_in_days_ago: Option<i64>,
        pub token: TokenSwitches = default,
        /// From `[[principals]]`: there is no registration in this tenant.
        #[serde(skip)]
        pub only_principal: bool,
    }

    /// A client secret. Its value is derived from the label.
    pub(in crate::sim) struct AppSecret {
        pub label: String,
        /// The label stands on another application too, on purpose: both have the same value.
        pub shared: bool = default,
        pub name: Option<String>,
        pub started_days_ago: i64 = default,
        /// Instead of days, for one made just now.
        pub started_minutes_ago: Option<i64>,
        /// Refused with 7000215 until so many seconds after its start, which is that of the simulator where no
        /// minutes are given.
        pub works_after_seconds: Option<i64>,
        /// The sign-ins with it that are refused with 7000215 all the same, counted from 1: a fresh secret can be
        /// refused after it was accepted.
        pub refused_sign_ins: Vec<u32> = default,
        /// Absent: the year 2299, as Entra writes "never".
        pub ends_in_days: Option<i64>,
        /// Deleted from Entra: neither shown nor accepted any more.
        pub removed: bool = default,
        /// On the service principal instead of the registration.
        pub on_service_principal: bool = default,
        /// Absent: the sign-in report has no line for it.
        pub used_days_ago: Option<i64>,
        /// Graph shows no hint, as for secrets made long ago.
        pub hint_missing: bool = default,
        pub value_style: ValueStyle = default,
    }
}

impl Application {
    /// Whether the tenant with this key has a service principal for it, or its registration.
    pub(crate) fn is_in(&self, tenant: &str) -> bool {
        self.tenant == tenant || self.guest_in.iter().any(|guest| guest == tenant)
    }

    /// What its service principal is called, which need not be what it is called itself.
    pub(crate) fn principal_name(&self) -> &str {
        let other = self.principal.display_name.as_ref();
        other.unwrap_or(&self.name)
    }

    /// Such permissions by service, each once. What stands in `graph-permissions` is declared and granted,
    /// both.
    pub(crate) fn permissions_where(&self, wanted: impl Fn(&Permission) -> bool) -> ByResource<'_> {
        let mut found = ByResource::new();
        for name in &self.graph_permissions {
            let of_graph = found.entry(ResourceName::Graph).or_default();
            of_graph.insert((PermissionType::Role, name));
        }
        for permission in self.permissions.iter().filter(|one| wanted(one)) {
            let of_resource = found.entry(permission.resource).or_default();
            of_resource.insert((permission.permission_type(), &permission.name));
        }
        found
    }

    /// Application permissions on a service that were agreed to, sorted: the `roles` of a token for it.
    pub(crate) fn roles_on(&self, resource: ResourceName) -> Vec<&str> {
        self.permissions_where(|permission| permission.granted)
            .remove(&resource)
            .into_iter()
            .flatten()
            .filter(|(kind, _)| *kind == PermissionType::Role)
            .map(|(_, name)| name)
            .collect()
    }
}

labels! {
    /// `signInAudience`, in the words of the wire.
    #[derive(Default, Deserialize)]
    pub(in crate::sim) enum Audience {
        #[default]
        AzureADMyOrg = "AzureADMyOrg",
        AzureADMultipleOrgs = "AzureADMultipleOrgs",
        AzureADandPersonalMicrosoftAccount = "AzureADandPersonalMicrosoftAccount",
        PersonalMicrosoftAccount = "PersonalMicrosoftAccount",
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::sim) struct RedirectUris {
    pub web: Vec<String>,
    pub spa: Vec<String>,
    pub public_client: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::sim) struct ImplicitGrant {
    pub access_tokens: bool,
    pub id_tokens: bool,
}

/// Where an application was switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum Disabled {
    /// The newer `isDisabled` of the registration.
    Application,
    /// `accountEnabled` of the service principal.
    ServicePrincipal,
    /// `disabledByMicrosoftStatus`.
    ByMicrosoft,
}

impl AppSecret {
    /// The secret itself.
    pub(crate) fn value(&self) -> String {
        match self.value_style {
            ValueStyle::Usual => names::secret(&self.label),
            ValueStyle::Tricky => names::tricky_secret(&self.label),
        }
    }
}

/// What a client secret is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum ValueStyle {
    /// Characters that stand for themselves in a form.
    #[default]
    Usual,
    /// Percent, plus, ampersand, equals, a space and letters beyond ASCII: right only when form-encoded.
    Tricky,
}

/// How the token endpoint treats an application out of the ordinary.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::sim) struct TokenSwitches {
    /// Refuse with this AADSTS code, once the secret has been accepted.
    pub refuse: Option<u32>,
    /// HTTP status and `error` word to refuse with, where another than the usual one is wanted.
    pub refuse_status: Option<u16>,
    pub refuse_error: Option<String>,
    /// Issue the token with another `appid`, `tid` or `aud` than asked for.
    pub appid: Option<String>,
    pub tid: Option<String>,
    pub aud: Option<String>,
    /// Leave the service principal's object id (`oid`) out.
    pub without_oid: bool,
    /// Issue a token that is no JWT.
    pub opaque: bool,
    /// Refuse assertions signed with PS256, so that a client has to fall back to RS256.
    pub only_rs256: bool,
    /// Lifetime; that of the token endpoint when absent. Negative: issued expired.
    pub lifetime_seconds: Option<i64>,
    /// `expires_in` says this instead of the lifetime.
    pub announced_seconds: Option<i64>,
}

/// Switches of the token endpoint as a whole.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::sim) struct EntraSwitches {
    /// Error texts in the older form, their parts on lines of their own (CR LF), and refused assertions
    /// under the older pair of codes.
    pub crlf: bool,
    /// Lifetime of every token that has none of its own; an hour when absent.
    pub token_seconds: Option<i64>,
}

/// Switches of Graph as a whole.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::sim) struct GraphSwitches {
    /// Whether applications show the newer `isDisabled`.
    pub is_disabled: bool,
    /// Page size when none is asked for, and the most that is given.
    pub page: usize,
    pub largest_page: usize,
    /// `false`: the tenants have no Entra ID P1 or P2, and no sign-in reports.
    pub licensed: bool,
    /// How the sign-in report of credentials writes its fields.
    pub report_spelling: Spelling,
    /// Whether more than five report requests in ten seconds are refused.
    pub report_limit: bool,
    /// The tenant's list of delegated grants shows only half of them to a request without
    /// `ConsistencyLevel: eventual` and `$count=true`.
    pub grants_incomplete: bool,
    /// A filter that looks into collections finds its first row and no more (msgraph-sdk-powershell#1646).
    pub lambda_first_row_only: bool,
    /// What v1.0 does with a list that has a flexible federated credential in it.
    pub flexible: Flexible,
    /// Dates with fractions of a second and an offset, as other serialisers write them.
    pub odd_dates: bool,
}

/// How v1.0 fails at a flexible federated credential.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum Flexible {
    /// 200, and amid the JSON another document with an error. In a `$batch`, a part with 500.
    #[default]
    BreaksOff,
    /// 500.
    InternalError,
}

/// The documents write some fields of the report in two ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum Spelling {
    /// As in the table of properties.
    #[default]
    Documented,
    /// As in the example answers.
    Example,
}

impl Default for GraphSwitches {
    fn default() -> Self {
        Self {
            is_disabled: true,
            page: 100,
            largest_page: 999,
            licensed: true,
            report_spelling: Spelling::Documented,
            report_limit: true,
            grants_incomplete: false,
            lambda_first_row_only: false,
            flexible: Flexible::BreaksOff,
            odd_dates: false,
        }
    }
}

fn half_a_year() -> i64 {
    183
}
