//! A right that somebody would have to be given before something can be read.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The right, the place and the identity: enough to make it without asking back.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Grant {
    /// `Key Vault Secrets User`.
    pub role: String,
    /// `key vault kv-contoso`.
    pub scope: String,
    /// `the auditor (client id …)`.
    pub identity: String,
    /// The same for a command; none where no command gives it, and in older snapshots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<Right>,
    /// Who would be given it, where the auditor's token says who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Grantee>,
}

/// What can be given by a command or on a page.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Right {
    /// An Azure role on a key vault, by its name; the vault by its host.
    VaultRole { role: String, host: String },
    /// A permission of a vault's access policy: `secret` or `certificate`, then `get` or `list`.
    VaultPolicy {
        kind: String,
        permission: String,
        host: String,
    },
    /// An application permission of Microsoft Graph, by its name; the tenant by its id.
    GraphPermission { name: String, tenant: String },
    /// An application user of an environment's Dataverse, with a role that reads users, roles and metadata.
    ApplicationUser { environment: String },
    /// A row among the clients of an environment's Finance & Operations.
    FinopsClient { environment: String },
}

/// Whom a right is given to.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Grantee {
    /// An application or a managed identity, by its client id.
    Application(String),
    /// A person, by the object id.
    Person(String),
}

/// The identity that lacks a right, as remedies name it.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub name: String,
    pub to: Option<Grantee>,
}

impl Identity {
    /// What it lacks.
    pub(crate) fn lacks(
        &self,
        role: impl Into<String>,
        scope: impl Into<String>,
        right: Option<Right>,
    ) -> Grant {
        Grant {
            role: role.into(),
            scope: scope.into(),
            identity: self.name.clone(),
            right,
            to: self.to.clone(),
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {} to {}", self.role, self.scope, self.identity)
    }
}
