//! Who is told of what concerns a registration.

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

/// Where an address stands, the nearest place first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RouteBy {
    /// `owner` of the registration in the estate.
    Estate,
    /// The application's owners in Entra.
    Entra,
    /// The tag `owner` of the vault entry.
    VaultTag,
    /// `contact` of the environment.
    Contact,
    /// `fallback` of `[routing]`.
    Fallback,
}

impl RouteBy {
    /// The place in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Estate => "owner in the estate",
            Self::Entra => "owner in Entra",
            Self::VaultTag => "owner tag in the vault",
            Self::Contact => "contact of the environment",
            Self::Fallback => "fallback of the estate",
        }
    }
}
