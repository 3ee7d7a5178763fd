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
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {} to {}", self.role, self.scope, self.identity)
    }
}
