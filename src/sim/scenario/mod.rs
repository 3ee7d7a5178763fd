//! A scenario: one readable TOML file that says what the pretend tenant holds. Times count from the
//! start of the simulator; ids that nobody outside needs to know are derived from names.

/// Tables of a scenario file: their keys are the fields in kebab-case, and no others. `= default`: may be left
/// out.
macro_rules! tables {
    ($(
        $(#[$table:meta])*
        $vis:vis struct $name:ident {
            $( $(#[$field:meta])* $field_vis:vis $key:ident: $type:ty $(= $default:ident)?, )*
        }
    )*) => { $(
        $(#[$table])*
        #[derive(Clone, Debug, serde::Deserialize)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        $vis struct $name {
            $( $(#[$field])* $(#[serde($default)])? $field_vis $key: $type, )*
        }
    )* };
}

mod app_management;
mod built_in;
mod certificate;
mod directory;
mod discovery;
mod environment;
mod faults;
mod finops;
mod lone_principal;
mod microsoft;
mod overlay;
mod principal;
mod references;
mod vault;
mod vault_certificate;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::sim::clouds::{Cloud, Platform};

pub(super) use app_management::{AppManagement, CustomPolicy, Restrictions};
pub(super) use certificate::{AppCertificate, DigestKind, KeyKind, KeyUsage};
pub(super) use directory::{
    AppSecret, Application, Disabled, EntraSwitches, Flexible, GraphSwitches, Spelling,
};
pub(super) use discovery::{Discovery, ToApplications};
pub(super) use environment::{
    Depth, DisabledAnswer, Environment, OddRead, Role, Team, Template, User,
};
pub(super) use faults::{AnswerShape, ClockSkew, Fault, Service};
pub(super) use finops::{DisabledFinopsUser, Finops, FinopsRole, FinopsUser, RefusalBody};
pub(super) use lone_principal::LonePrincipal;
pub(super) use microsoft::OWN as MICROSOFTS_OWN;
pub use overlay::overlay;
pub(super) use principal::{Federated, Principal, PrincipalType};
pub(super) use vault::{DeletedSecret, Refusal, Shape, Vault, VaultRole, VaultSecret};
pub(super) use vault_certificate::{ContentType, VaultCertificate};

tables! {
    /// What the pretend tenant holds and how it behaves.
    pub struct Scenario {
        pub(super) version: u32,
        pub(super) auditor: Auditor,
        pub(super) entra: EntraSwitches = default,
        pub(super) graph: GraphSwitches = default,
        pub(super) tenants: BTreeMap<String, Tenant>,
        pub(super) people: BTreeMap<String, Person> = default,
        /// Mailboxes that applications send from.
        pub(super) mailboxes: Vec<Mailbox> = default,
        pub(super) applications: Vec<Application> = default,
        /// What stands only as a service principal. Joins the applications once it is read.
        pub(super) principals: Vec<LonePrincipal> = default,
        /// Who may list what an estate is found by, and what the lists leave out.
        pub(super) discovery: Discovery = default,
        /// By the vault's name, which is the first label of its host.
        pub(super) vaults: BTreeMap<String, Vault> = default,
        pub(super) environments: BTreeMap<String, Environment> = default,
        pub(super) faults: Vec<Fault> = default,
        /// The services' clocks, as their `Date` headers show them.
        pub(super) clock_skew: ClockSkew = default,
        /// Hosts that nobody gets a connection to.
        pub(super) dead_hosts: Vec<String> = default,
    }

    /// The application an audit signs in with, and the label of the secret it is given.
    pub(super) struct Auditor {
        pub application: String,
        pub secret: String,
        /// The person who looks for an estate at a desk, signed in to the Azure CLI: key of the people.
        pub person: Option<String>,
    }

    /// An Entra tenant.
    pub(super) struct Tenant {
        pub id: String,
        pub cloud: Cloud = default,
        /// `contoso.onmicrosoft.com`: the token endpoint answers to it as well.
        pub domain: Option<String>,
        pub app_management: AppManagement = default,
    }

    /// Somebody who owns applications or uses Dynamics, and can sign in.
    pub(super) struct Person {
        pub name: String,
        /// Their name at the sign-in, too.
        pub mail: String,
        /// The audit's application's tenant when absent.
        pub tenant: Option<String>,
        pub directory_roles: Vec<DirectoryRole> = default,
        /// Every sign-in is refused with this AADSTS code, once the password has been accepted.
        pub refuse: Option<u32>,
        /// Or only those for these resources: `"https://api.powerplatform.com" = 65002`.
        pub refuse_for: BTreeMap<String, u32> = default,
    }

    /// A mailbox of Exchange Online.
    pub(super) struct Mailbox {
        pub address: String,
        /// Names of applications that hold the role Application Mail.Send for this mailbox (RBAC for applications,
        /// in Exchange Online): their tokens do not show it.
        pub senders: Vec<String> = default,
    }
}

/// A role in the directory that a person holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum DirectoryRole {
    GlobalReader,
    ReportsReader,
    PowerPlatformAdministrator,
}

/// What is wrong with a scenario, and on which line.
#[derive(Debug, thiserror::Error)]
#[error("{}{message}", Line(*.line))]
pub struct ScenarioError {
    /// Counted from 1.
    pub line: Option<usize>,
    pub message: String,
}

struct Line(Option<usize>);

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(line) => write!(f, "line {line} of the scenario: "),
            None => f.write_str("the scenario: "),
        }
    }
}

impl Scenario {
    /// Reads a scenario. An error names its line.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let mut scenario: Self = toml::from_str(text).map_err(|error| ScenarioError {
            line: error.span().map(|span| line_at(text, span.start)),
            message: error.message().to_owned(),
        })?;
        let lone = std::mem::take(&mut scenario.principals);
        scenario
            .applications
            .extend(lone.into_iter().map(Application::from));
        references::check(&scenario, text)?;
        for environment in scenario.environments.values_mut() {
            microsoft::add_users(environment);
        }
        Ok(scenario)
    }

    /// Every secret value planted, for tests that look for leaks. Sorted, each once.
    pub fn secrets(&self) -> Vec<String> {
        let of_applications = self
            .applications
            .iter()
            .flat_map(|application| &application.secrets)
            .map(|secret| &secret.label);
        let in_vaults = self
            .vaults
            .values()
            .flat_map(|vault| &vault.secrets)
            .flat_map(VaultSecret::labels);
        let labels: BTreeSet<&String> = of_applications.chain(in_vaults).collect();
        let values: BTreeSet<String> = labels.into_iter().map(|label| self.secret(label)).collect();
        values.into_iter().collect()
    }

    /// The value of the secret with this label.
    pub(super) fn secret(&self, label: &str) -> String {
        let known = self
            .applications
            .iter()
            .flat_map(|application| &application.secrets)
            .find(|secret| secret.label == label);
        known.map_or_else(|| super::names::secret(label), AppSecret::value)
    }

    /// The certificate with this label.
    pub(super) fn certificate(&self, label: &str) -> Option<&AppCertificate> {
        self.applications
            .iter()
            .flat_map(|application| &application.certificates)
            .find(|certificate| certificate.label == label)
    }

    pub(super) fn application(&self, name: &str) -> Option<&Application> {
        self.applications.iter().find(|known| known.name == name)
    }

    /// The key of the tenant that somebody belongs to.
    pub(super) fn tenant_of_person<'a>(&'a self, person: &'a Person) -> Option<&'a str> {
        let auditors = self.application(&self.auditor.application);
        let own = person.tenant.as_deref();
        own.or_else(|| auditors.map(|known| known.tenant.as_str()))
    }

    /// The clouds of Dynamics that the tenants and their environments are in, each once.
    pub(super) fn platforms(&self) -> BTreeSet<Platform> {
        let of_environments = self.environments.values().filter_map(|environment| {
            let tenant = self.tenants.get(&environment.tenant)?;
            Some(tenant.cloud.platform_of(&environment.host))
        });
        let of_tenants = self.tenants.values().map(|tenant| tenant.cloud.platform());
        of_environments.chain(of_tenants).collect()
    }

    /// The clouds the tenants live in, each once.
    pub(super) fn clouds(&self) -> BTreeSet<Cloud> {
        self.tenants.values().map(|tenant| tenant.cloud).collect()
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    before.matches('\n').count() + 1
}

/// `true`, for serde defaults.
fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests;
