//! Directory facts: applications and service principals as Graph tells them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{Gap, Observed};

/// One tenant's directory, as far as it was read as a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DirectoryEvidence {
    /// How many applications were read: all of the tenant's where it was listed, else those asked for.
    pub applications_read: usize,
    /// Why the list of applications stops early.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applications_gap: Option<Gap>,
}

/// An app registration (Graph v1.0 `application` resource).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Application {
    pub object_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// `isDisabled` or `disabledByMicrosoftStatus`. Where neither says disabled and `isDisabled` is
    /// not answered, this is known to be false only as far as those two go.
    pub disabled: Observed<bool>,
    /// `signInAudience`.
    pub audience: Observed<String>,
    /// `passwordCredentials` and `keyCredentials`, by end, then key id.
    pub credentials: Observed<Vec<Credential>>,
    pub redirects: Observed<Vec<Redirect>>,
    /// Whether the authorisation endpoint hands out tokens directly (`web.implicitGrantSettings`).
    pub implicit_grant: Observed<bool>,
    /// Whether flows without a credential are allowed (`isFallbackPublicClient`).
    pub public_client: Observed<bool>,
}

/// One credential of a registration (Graph `passwordCredential` / `keyCredential`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Credential {
    pub key_id: String,
    pub kind: CredentialKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<DateTime<Utc>>,
    /// Year 2299 is "no end".
    pub end: Observed<DateTime<Utc>>,
    /// Whether the stored value begins with this credential's `hint` (its first three characters).
    /// Unknown where either side is. The hint itself is not kept.
    pub matches_stored: Observed<bool>,
}

/// What a registration's credential is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum CredentialKind {
    Secret,
    Certificate,
}

impl CredentialKind {
    /// The word used in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Certificate => "certificate",
        }
    }
}

/// A redirect URI and the platform it is registered for: `web`, `spa` or `public-client`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Redirect {
    pub platform: String,
    pub uri: String,
}

/// The application's service principal in the tenant (Graph v1.0 `servicePrincipal` resource).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ServicePrincipal {
    pub object_id: String,
    /// `accountEnabled`.
    pub enabled: Observed<bool>,
}
