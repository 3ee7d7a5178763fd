//! What should exist: the validated estate, resolved and free of secrets.

use crate::model::word::words;
mod credential;
mod delivery;
mod expectations;
mod history;
pub(crate) mod load;
mod production;
mod unstored;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// JSON Schema of the estate file as people write it.
pub(crate) const SCHEMA: &str = include_str!("estate.schema.json");

pub(crate) use credential::{ClientId, CredentialForm, CredentialRef};
#[cfg(test)]
pub(crate) use delivery::Cadence;
pub(crate) use delivery::{
    Mail, MailBy, Routing, SecretRef, Smtp, SmtpAuth, SmtpTls, Webhook, WebhookKind,
};
pub(crate) use expectations::{
    DataverseExpectations, Expectations, FinopsExpectations, Permission, Unnamed,
};

pub(crate) use crate::model::Tier;
pub(crate) use history::History;
pub use production::Production;
pub(crate) use unstored::Unstored;

use crate::model::assessment::EstateFile;
use crate::reference::cloud::Cloud;

/// What stands in an estate where a person has still to decide: `tier = "?"`. No estate with it is read.
pub(crate) const UNDECIDED: &str = "?";

/// A validated estate. Every reference in it points at something that is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Estate {
    pub auditor: Auditor,
    pub tenants: BTreeMap<String, Tenant>,
    pub environments: BTreeMap<String, Environment>,
    pub vaults: BTreeMap<String, Vault>,
    /// Sorted by name; names are unique.
    pub registrations: Vec<Registration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<Mail>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<Routing>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub webhooks: Vec<Webhook>,
    /// The file it was read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<EstateFile>,
    #[serde(default, skip_serializing_if = "History::is_default")]
    pub history: History,
}

/// The identity credaudit itself signs in with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Auditor {
    pub identity: Identity,
    /// A user-assigned managed identity, or a workload identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Of the estate's auditor only.
    #[serde(default)]
    pub scope: Scope,
}

words! {
    /// How far the audit looks.
    #[derive(Default)]
    pub enum Scope {
        /// What is in the estate.
        #[default]
        Estate = "estate",
        /// And whatever else in its tenants has to do with Dynamics.
        Tenant = "tenant",
    }
}

words! {
    /// Where the audit's own token comes from.
    #[derive(Default)]
    #[expect(
        clippy::enum_variant_names,
        reason = "\"managed identity\" and \"workload identity\" are the names of the things"
    )]
    pub enum Identity {
        /// Environment, workload identity, managed identity, Azure CLI: the first that there is.
        #[default]
        Auto = "auto",
        /// `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_CLIENT_SECRET` or `AZURE_CLIENT_CERTIFICATE_PATH`.
        Environment = "environment",
        WorkloadIdentity = "workload-identity",
        ManagedIdentity = "managed-identity",
        AzureCli = "azure-cli",
        AzurePipelines = "azure-pipelines",
    }
}

/// An Entra tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tenant {
    /// GUID, lower case.
    pub id: String,
    pub cloud: Cloud,
    /// Another identity than the estate's, for this tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auditor: Option<Auditor>,
}

/// One Dynamics 365 environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Environment {
    /// Key into `tenants`.
    pub tenant: String,
    pub tier: Tier,
    /// Root host without `.api`: `contoso.crm4.dynamics.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataverse: Option<String>,
    /// Host, lower case: `contoso.operations.dynamics.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finops: Option<String>,
    /// GUID that WhoAmI must answer, lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<String>,
    /// Gets what has no owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Another identity than the tenant's, for this environment's Dataverse (and F&O).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auditor: Option<Auditor>,
}

/// One key vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Vault {
    /// Key into `environments`.
    pub environment: String,
    /// Host, lower case: `kv-contoso.vault.azure.net`.
    pub host: String,
    /// Key into `tenants`: the tenant whose tokens it trusts, where that is not its environment's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
}

/// `vault/name`: a secret (or certificate) of a declared vault.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EntryRef {
    /// Key into `vaults`.
    pub vault: String,
    pub name: String,
}

impl fmt::Display for EntryRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.vault, self.name)
    }
}

words! {
    /// May the audit use the credential?
    #[derive(Default)]
    pub enum Prove {
        #[default]
        Always = "always",
        /// Only where the credential is not the one that the last run proved.
        OnChange = "on-change",
        Never = "never",
    }
}

impl Prove {
    /// What stands in the place of every proof that `never` leaves out.
    pub const NOT_TRIED: &str = "prove = \"never\" in the estate";
}

/// One integration: an app registration used against one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Registration {
    pub name: String,
    /// Key into `environments`.
    pub environment: String,
    pub client_id: ClientId,
    /// The tenant that its app registration belongs to (GUID, lower case), where that is not its
    /// environment's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_tenant: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Where the credential is stored; `None` where the estate says that none is, and `unstored` how it
    /// signs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<CredentialRef>,
    /// Counts only where no credential is stored.
    #[serde(default, skip_serializing_if = "Unstored::is_default")]
    pub unstored: Unstored,
    pub prove: Prove,
    /// Application permissions it should have, sorted, exactly these. `None`: nothing stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Vec<Permission>>,
    /// Who else holds a copy of the credential.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consumers: Vec<Consumer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataverse: Option<DataverseExpectations>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finops: Option<FinopsExpectations>,
}

/// Somebody who holds a copy of a credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Consumer {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

impl Registration {
    /// Every vault entry that it is read from.
    pub fn entries(&self) -> impl Iterator<Item = &EntryRef> {
        let stored = self.credential.iter();
        stored
            .flat_map(CredentialRef::entries)
            .chain(self.client_id.entry())
    }

    /// Where its credential is stored, to be changed by a test.
    #[cfg(test)]
    pub(crate) fn stored_mut(&mut self) -> &mut CredentialRef {
        self.credential.as_mut().expect("a stored credential")
    }
}

impl Estate {
    /// One tenant under its name, and nothing in it: for a look that no file describes.
    pub(crate) fn bare(auditor: Auditor, tenant: (String, Tenant)) -> Self {
        Self {
            auditor,
            tenants: BTreeMap::from([tenant]),
            environments: BTreeMap::new(),
            vaults: BTreeMap::new(),
            registrations: Vec::new(),
            mail: None,
            routing: None,
            webhooks: Vec::new(),
            file: None,
            history: History::default(),
        }
    }

    /// The registration of this name.
    pub fn registration(&self, name: &str) -> Option<&Registration> {
        self.registrations
            .iter()
            .find(|registration| registration.name == name)
    }

    /// Vault entries that the audit reads for itself: the mail password, webhooks' addresses.
    pub fn own_secrets(&self) -> impl Iterator<Item = &EntryRef> {
        let password = self.mail.iter().filter_map(|mail| match &mail.by {
            MailBy::Smtp(Smtp {
                auth: SmtpAuth::Password { password, .. },
                ..
            }) => Some(password),
            _ => None,
        });
        let addresses = self.webhooks.iter().map(|webhook| &webhook.url);
        password.chain(addresses).filter_map(|place| match place {
            SecretRef::Secret(entry) => Some(entry),
            SecretRef::Env(_) => None,
        })
    }

    /// The environment a registration belongs to.
    pub fn environment_of(&self, registration: &Registration) -> Option<&Environment> {
        self.environments.get(&registration.environment)
    }

    /// The other tenant that a registration's application belongs to, with its name, where the estate has it.
    pub fn home_of(&self, registration: &Registration) -> Option<(&str, &Tenant)> {
        let home = registration.home_tenant.as_ref()?;
        let mut tenants = self.tenants.iter();
        let (name, tenant) = tenants.find(|(_, tenant)| tenant.id == *home)?;
        Some((name, tenant))
    }

    /// The tenant whose tokens a vault trusts, with its name.
    pub fn tenant_of_vault(&self, vault: &Vault) -> Option<(&str, &Tenant)> {
        let environment = self.environments.get(&vault.environment);
        let name = vault
            .tenant
            .as_ref()
            .or_else(|| environment.map(|environment| &environment.tenant))?;
        let (name, tenant) = self.tenants.get_key_value(name)?;
        Some((name, tenant))
    }

    /// The tenant an environment belongs to.
    pub fn tenant_of(&self, environment: &Environment) -> Option<&Tenant> {
        self.tenants.get(&environment.tenant)
    }
}
