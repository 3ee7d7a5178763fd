//! What `credaudit doctor` sees: who the audit signs in as, what it can read, and what the machine and the network
//! do to it.

use serde::Serialize;

use super::assessment::Step;
use super::word::words;
use super::{Gap, GapKind, Grant, Service};

/// The version word of its JSON form.
pub(crate) const FORMAT: &str = "credaudit.doctor/1";

words! {
    /// A kind of read that the audit does as itself.
    pub(crate) enum Read {
        /// Graph: applications, service principals, federated credentials and granted permissions.
        Applications = "applications",
        /// Graph: who owns an application.
        Owners = "owners",
        /// Graph: the mail address of an owner.
        OwnerMail = "owner-mail",
        /// Graph: delegated permissions.
        DelegatedGrants = "delegated-grants",
        /// Graph: the tenant's rules for credentials.
        CredentialRules = "credential-rules",
        /// Graph beta: when credentials and clients signed in.
        SignInReports = "sign-in-reports",
        /// Key Vault: names and dates.
        SecretList = "secret-list",
        /// Key Vault: a value.
        SecretValue = "secret-value",
        /// Key Vault: a certificate's public part and policy.
        Certificate = "certificate",
        /// Dataverse: WhoAmI.
        Organization = "organization",
        /// Dataverse: the list of application users.
        ApplicationUsers = "application-users",
        /// Dataverse: security roles of a user.
        Roles = "roles",
        /// Dataverse: names and privileges of tables.
        Tables = "tables",
        /// F&O: the list of clients.
        FinopsClients = "finops-clients",
    }
}

impl Read {
    /// What is read, as people name it.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Applications => "applications",
            Self::Owners => "owners",
            Self::OwnerMail => "owners' addresses",
            Self::DelegatedGrants => "delegated permissions",
            Self::CredentialRules => "rules for credentials",
            Self::SignInReports => "sign-in reports",
            Self::SecretList => "list of entries",
            Self::SecretValue => "values",
            Self::Certificate => "certificates",
            Self::Organization => "WhoAmI",
            Self::ApplicationUsers => "application users",
            Self::Roles => "security roles",
            Self::Tables => "metadata",
            Self::FinopsClients => "clients",
        }
    }
}

/// Everything that was looked at.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Diagnosis {
    /// Always [`FORMAT`].
    pub format: &'static str,
    pub tool: &'static str,
    /// The estate file; none where there is none.
    pub estate: Option<String>,
    pub exit_code: u8,
    /// How many checks there are.
    pub all_checks: usize,
    pub identities: Vec<SignIn>,
    pub services: Vec<Target>,
    /// Checks that cannot run, for any of the reasons.
    pub checks_lost: Vec<&'static str>,
    pub missing: Vec<MissingRight>,
    pub machine: Machine,
    pub hosts: Vec<HostLook>,
}

/// One identity of the audit in one tenant.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SignIn {
    /// A tenant's name in the estate, or `environment/NAME`.
    pub scope: String,
    /// GUID.
    pub tenant: String,
    /// The choice in the estate: `auto`.
    pub identity: &'static str,
    /// What each identity that was tried answered, in order.
    pub tried: Vec<String>,
    pub signed_in: Option<Who>,
    /// Why nobody is signed in.
    pub gap: Option<Gap>,
    /// Nothing on this machine names an identity.
    pub no_identity: bool,
}

/// Who is signed in, as the token says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Who {
    /// `azure-cli`, `environment`: the link that answered.
    pub by: String,
    pub client_id: Option<String>,
    pub object_id: Option<String>,
    /// Of a person: `ann@contoso.com`.
    pub user_name: Option<String>,
}

/// One service at one address.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Target {
    pub service: Service,
    /// As the estate calls the tenant, vault or environment.
    pub name: String,
    pub host: String,
    /// Whose reads they are: the scope of an identity.
    pub identity: String,
    pub reads: Vec<ReadLook>,
}

/// One kind of read, tried.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ReadLook {
    pub read: Read,
    /// What came of it: `12` rows, the entry `erp-bridge-secret` whose value was read and dropped.
    pub result: Option<String>,
    /// Why it could not be read.
    pub gap: Option<Gap>,
    /// Checks that cannot run without it.
    pub checks: Vec<&'static str>,
}

impl ReadLook {
    pub(crate) fn new(read: Read, result: Option<String>, gap: Option<Gap>) -> Self {
        Self {
            read,
            result: result.filter(|_| gap.is_none()),
            gap,
            checks: Vec::new(),
        }
    }

    /// Whether something is to be done about it: a licence that the tenant does not hold is no fault of the setup.
    pub(crate) fn is_refused(&self) -> bool {
        let kind = self.gap.as_ref().map(|gap| gap.kind);
        kind.is_some_and(|kind| kind != GapKind::NotLicensed)
    }
}

/// A right that the audit lacks.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MissingRight {
    pub grant: Grant,
    /// Checks that wait for it.
    pub checks: Vec<&'static str>,
    /// How it is given, in order.
    pub steps: Vec<Step>,
}

/// The machine that the audit runs on.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Machine {
    /// The demo tenant was looked at: no name was resolved, and no proxy used.
    pub pretend: bool,
    pub proxy: Option<Proxy>,
    /// How far the services' clock is ahead of this machine's; 0 within half a minute. None where nothing answered.
    pub ahead_seconds: Option<i64>,
    /// Files that others than their owner can read, or that cannot be found.
    pub files: Vec<String>,
}

/// The proxy that requests go through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Proxy {
    /// The environment variable that names it: `HTTPS_PROXY`.
    pub variable: &'static str,
    /// Without user and password.
    pub address: String,
    /// `NO_PROXY`, where it is set.
    pub except: Option<String>,
}

/// One host of the estate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct HostLook {
    pub host: String,
    pub name: NameLook,
    pub certificate: Option<Certificate>,
    /// Why there is no connection, where there is none.
    pub fault: Option<String>,
}

words! {
    /// What became of a host's name.
    pub(crate) enum NameLook {
        Resolved = "resolved",
        NotFound = "not-found",
        /// The name server did not answer in time.
        Silent = "silent",
        /// The proxy resolves it.
        ByProxy = "by-proxy",
        /// Nobody needs to.
        NotAsked = "not-asked",
    }
}

/// The certificate that a host showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Certificate {
    /// `CN=Microsoft Azure RSA TLS Issuing CA 03, O=Microsoft Corporation, C=US`.
    pub issuer: String,
    pub trust: Trust,
}

words! {
    /// How far a certificate is trusted.
    pub(crate) enum Trust {
        /// It leads to a public authority.
        Public = "public",
        /// This machine trusts it, and the public authorities do not know it.
        Private = "private",
        /// This machine does not trust it.
        Untrusted = "untrusted",
    }
}
