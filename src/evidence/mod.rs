//! The snapshot: what was seen of the estate, with no field that could hold a secret.
//!
//! Its JSON form is versioned (`credaudit.snapshot/4`) and stands alone: the resolved estate is inside,
//! so that yesterday's snapshot can be judged under today's policy with the network unplugged.

use crate::model::word::words;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::estate::Estate;
use crate::model::{
    ClientRefusal, Gap, GapTable, IsolationProbe, Listing, Observed, Presence, Seen, Service,
    Signer,
};

mod credential;
mod dataverse;
mod directory;
mod finops;
mod isolation;
mod privileges;
mod stored;
mod vault;
mod whole;
mod wrapper;
mod young;

pub(crate) use credential::*;
pub(crate) use dataverse::*;
pub(crate) use directory::*;
pub use finops::*;
pub use isolation::*;
pub use privileges::*;
pub(crate) use stored::read_snapshot;
#[cfg(test)]
pub(crate) use stored::unshared;
pub(crate) use vault::*;
pub(crate) use wrapper::*;

/// The version word of a stored snapshot.
pub(crate) const FORMAT: &str = "credaudit.snapshot/4";
/// The one before, in which each gap was written whole wherever it was: it is read as well.
pub(crate) const OLDER_FORMAT: &str = "credaudit.snapshot/3";

/// Everything one run saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, remote = "Self")]
pub struct Snapshot {
    /// Always `FORMAT`.
    pub format: String,
    /// `credaudit 0.1.0`, the tool that collected.
    pub tool: String,
    /// The run's id: a GUID, also sent in the User-Agent.
    pub run: String,
    pub started: DateTime<Utc>,
    pub finished: DateTime<Utc>,
    /// What time the services said it was. None where no answer said it, and in older snapshots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<ServicesClock>,
    /// How the run's sign-ins look in the tenant's logs.
    pub trace: OwnTrace,
    /// Earlier runs that are known of, newest first: their sign-ins are the audit's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_runs: Vec<OwnRun>,
    /// What was asked for, already narrowed by `--env` and `--registration`.
    pub estate: Estate,
    /// The words of `--env`/`--registration`, where the run looked at a part only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrowed: Option<String>,
    /// Which credentials were tried on other environments.
    pub isolation: IsolationProbe,
    /// Whether probes of writing were asked for (`--probe-writes`).
    pub probe_writes: bool,
    /// By scope: a tenant's name, or `environment/NAME` where that has its own.
    pub auditors: BTreeMap<String, AuditorEvidence>,
    /// By vault name.
    pub vaults: BTreeMap<String, VaultEvidence>,
    /// By tenant name.
    pub directories: BTreeMap<String, DirectoryEvidence>,
    /// By environment name.
    pub environments: BTreeMap<String, EnvironmentEvidence>,
    /// By registration name: one for every registration of the estate.
    pub registrations: BTreeMap<String, RegistrationEvidence>,
    /// Requests sent, by purpose; retries counted.
    pub requests: Vec<RequestCount>,
    /// Each distinct gap once. Where a fact could not be read, the number of its gap in this list is in its place.
    #[serde(default)]
    pub gaps: GapTable,
}

/// The services' clock: the median of the `Date` headers of their answers, over hosts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ServicesClock {
    /// The moment of `started` by it: what a snapshot is judged as of.
    pub at_start: DateTime<Utc>,
    /// How far it is ahead of the collecting machine's; 0 within what can be measured.
    pub ahead_seconds: i64,
}

/// How the run's sign-ins look in the tenant's logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OwnTrace {
    /// The machine's own address on the way to Entra. Behind a gateway the logs show the gateway's.
    pub address: Observed<String>,
    /// The User-Agent that was sent, with the run's id in it.
    pub user_agent: String,
}

/// When an earlier run signed in, by the services' clock where that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OwnRun {
    pub run: String,
    pub started: DateTime<Utc>,
    pub finished: DateTime<Utc>,
}

/// Who the audit signed in as in one tenant or environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AuditorEvidence {
    /// `azure-cli`, `managed-identity`: the link that answered; its client id and object id where a
    /// token showed them.
    pub signed_in: Observed<AuditorIdentity>,
    /// Nothing on the machine names an identity: none was promised, and no link of the chain is there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_identity: bool,
    /// What each link of the chain answered, in order: `workload identity: AZURE_CLIENT_ID is not set`.
    pub links: Vec<String>,
    /// The links that were refused, in order: whose sign-in it was, and the code. Those that are not there
    /// on this machine are not among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<SignInRefusal>,
    /// The auditor's own registration, as it sees it in Graph. `None` where it is not an application (a user,
    /// signed in with the Azure CLI) or its client id is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<AuditorRegistration>,
    /// The `roles` claim of its own Graph token, sorted: application permissions it holds there.
    pub graph_roles: Observed<Vec<String>>,
    /// Its security roles in each environment's Dataverse, by environment name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dataverse_roles: BTreeMap<String, Listing<RoleGrant>>,
}

/// A sign-in of the auditor that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SignInRefusal {
    pub signer: Signer,
    /// The service's own code, where it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// The auditor's own registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AuditorRegistration {
    /// `matches_stored` of its credentials says which one the audit signed in with.
    pub application: Observed<Presence<Application>>,
    pub service_principal: Observed<Presence<ServicePrincipal>>,
}

/// The auditor as its token shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AuditorIdentity {
    pub link: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_id: Option<String>,
    /// Whether it is a person: an `azure-cli` sign-in of a user.
    pub user: Observed<bool>,
}

/// What is known of one registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RegistrationEvidence {
    /// GUID, lower case: from the estate, or read from the vault.
    pub client_id: Observed<String>,
    /// The vault entry that holds the credential.
    pub entry: Observed<Presence<VaultEntry>>,
    /// Asked only where the vault has no such entry: whether it was deleted and can be recovered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_entry: Option<Observed<Presence<DeletedEntry>>>,
    /// Where the credential was not used in this run because nothing had changed (`prove = "on-change"`):
    /// the run whose answers `tokens`, `dataverse` and `finops` repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Carried>,
    /// One per resource that the registration needs a token for.
    pub tokens: Vec<TokenProof>,
    /// From Graph, asked by the auditor.
    pub application: Observed<Presence<Application>>,
    pub service_principal: Observed<Presence<ServicePrincipal>>,
    /// The application's owners.
    pub owners: Listing<Owner>,
    /// Graph beta `servicePrincipalSignInActivities`, as a client of any resource.
    pub last_sign_in: Observed<LastUse>,
    /// `None` where the registration has no business in Dataverse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataverse: Option<DataverseProof>,
    /// `None` where the registration has no business in Finance & Operations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finops: Option<FinopsProof>,
    /// Its credential in the tenant's other environments, by environment, then service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign: Vec<ForeignProof>,
}

impl RegistrationEvidence {
    /// Nothing known, for one and the same reason: what a registration is before it is collected.
    pub fn unknown(gap: &Gap) -> Self {
        Self {
            client_id: Observed::Unknown(gap.clone()),
            entry: Observed::Unknown(gap.clone()),
            deleted_entry: None,
            carried: None,
            tokens: Vec::new(),
            application: Observed::Unknown(gap.clone()),
            service_principal: Observed::Unknown(gap.clone()),
            owners: Listing::cut_short(Vec::new(), gap.clone()),
            last_sign_in: Observed::Unknown(gap.clone()),
            dataverse: None,
            finops: None,
            foreign: Vec::new(),
        }
    }

    /// The token proof for one service.
    pub fn token_for(&self, service: Service) -> Option<&TokenProof> {
        self.tokens.iter().find(|proof| proof.service == service)
    }
}

/// A proof of an earlier run that still counts: the vault entry's version, the credential's key id and
/// its end were the same then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Carried {
    pub run: String,
    /// When that run began.
    pub at: DateTime<Utc>,
}

/// One attempt to get a token with the stored credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TokenProof {
    /// The service it is for: Dataverse or F&O.
    pub service: Service,
    /// The resource asked for, without trailing slash: `https://contoso.crm4.dynamics.com`.
    pub resource: String,
    /// Refusals for a cause that says nothing of the credential (Conditional Access, throttling, a code
    /// that nobody knows without a word of OAuth that refuses the client) are gaps, not refusals.
    pub answer: Observed<TokenAnswer>,
}

/// What the token endpoint said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(
    clippy::large_enum_variant,
    reason = "one per registration: not worth a box"
)]
pub enum TokenAnswer {
    Issued {
        seen: Seen,
        /// Unknown when the token is opaque.
        claims: Observed<TokenClaims>,
        /// How the client assertion was signed; `None` where a secret was sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assertion: Option<AssertionForm>,
    },
    /// Refused by OAuth's word, or for a cause whose number is in the table of codes.
    Refused {
        /// `seen.code` is the number as `AADSTS…`, known or not; without one it is OAuth's word.
        seen: Seen,
        /// OAuth's word, where it refuses the client; `None` where the number alone decided, or an older
        /// run did not keep it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<ClientRefusal>,
    },
}

words! {
    /// How a client assertion is signed and names its certificate (Entra "certificate credentials").
    pub enum AssertionForm {
        /// PS256 and `x5t#S256`, as documented.
        Ps256 = "ps256",
        /// RS256 and `x5t`, the older form: tried only where the documented one is refused.
        Rs256 = "rs256",
    }
}

/// The claims of an access token (diagnostic: tokens are opaque to clients by contract).
/// Source: Entra "access token claims reference".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TokenClaims {
    /// `aud`.
    pub audience: Observed<String>,
    /// `tid`.
    pub tenant: Observed<String>,
    /// `appid` (v1) or `azp` (v2).
    pub client_id: Observed<String>,
    /// `oid`: the service principal's object id.
    pub object_id: Observed<String>,
    /// `exp`.
    pub expires: Observed<DateTime<Utc>>,
    /// `idtyp` is `app`; unknown when the claim is absent, as it is optional.
    pub app_only: Observed<bool>,
}

/// Requests sent for one purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RequestCount {
    pub service: Service,
    /// `registration/NAME` for its own path; `shared` for lists, metadata and the auditor's tokens.
    pub purpose: String,
    pub requests: u32,
}

impl Snapshot {
    /// When it was collected, by the services' clock where that is known.
    pub fn as_of(&self) -> DateTime<Utc> {
        self.clock
            .as_ref()
            .map_or(self.started, |clock| clock.at_start)
    }

    /// A moment of the collecting machine's clock by the services'.
    pub fn by_services_clock(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        at.checked_add_signed(self.as_of() - self.started)
            .unwrap_or(at)
    }

    /// The evidence of one registration.
    pub fn registration(&self, name: &str) -> Option<&RegistrationEvidence> {
        self.registrations.get(name)
    }
}
