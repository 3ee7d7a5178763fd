//! Who is told of what concerns a registration.

use crate::model::word::labels;
use serde::{Deserialize, Serialize};

/// Whom a registration's findings and reminders go to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Route {
    /// Mail addresses, sorted. Empty: an orphan, for whom nobody answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// Where they stand. `None` for an orphan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<RouteBy>,
    /// Who is told where nothing changes: the environment's contact, else the fallback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<String>,
    /// Places nearer to the registration that could not be read: somebody may stand there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
}

labels! {
    /// Where an address stands, the nearest place first.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum RouteBy {
        /// `owner` of the registration in the estate.
        Estate = "owner in the estate",
        /// The application's owners in Entra.
        Entra = "owner in Entra",
        /// The tag `owner` of the vault entry.
        VaultTag = "owner tag in the vault",
        /// `contact` of the environment.
        Contact = "contact of the environment",
        /// `fallback` of `[routing]`.
        Fallback = "fallback of the estate",
    }
}
