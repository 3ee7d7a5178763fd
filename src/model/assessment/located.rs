//! The answer to "who is this, and where is it used?": one client id.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::Prose;

use super::{CredentialEnd, Whereabouts};

/// The version word of the JSON form.
pub(crate) const LOCATED_FORMAT: &str = "credaudit.where/1";

/// One client id: who it is, where it is used, when its credentials end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Located {
    /// Always [`LOCATED_FORMAT`].
    pub format: String,
    /// When the services were read.
    pub collected: DateTime<Utc>,
    /// GUID, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// What Entra and Dataverse call it, sorted, each once.
    pub display_names: Vec<String>,
    /// What it is, where it is not simply the organisation's own application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The estate's entries for it, by name; none where the estate does not list it.
    pub registrations: Vec<LocatedRegistration>,
    /// By end, then key id.
    pub credentials: Vec<LocatedCredential>,
    pub whereabouts: Whereabouts,
    /// What would have to be granted or asked for certainty, sorted, each once.
    pub missing: Vec<Prose>,
}

/// An estate entry of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct LocatedRegistration {
    pub name: String,
    pub environment: String,
    /// `production`, `test` or `development`.
    pub tier: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The environment's, who gets what has no owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// One of its credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct LocatedCredential {
    pub key_id: String,
    /// `secret` or `certificate`.
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub ends: CredentialEnd,
    /// Whether it can be the stored one: it begins alike, or has the same thumbprint. `None`: not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<bool>,
    /// When it was last used, where the report tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_use: Option<DateTime<Utc>>,
}
