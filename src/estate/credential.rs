//! Where a client id and a credential are stored, and in which form.

use crate::model::word::words;
use serde::{Deserialize, Serialize};

use super::EntryRef;

/// Where a client id is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClientId {
    /// GUID, lower case.
    Literal(String),
    /// In the vault.
    Secret(EntryRef),
    /// In the vault, in a field of what the entry holds.
    Field { entry: EntryRef, field: String },
}

impl ClientId {
    /// The vault entry that it stands in.
    pub const fn entry(&self) -> Option<&EntryRef> {
        match self {
            Self::Literal(_) => None,
            Self::Secret(entry) | Self::Field { entry, .. } => Some(entry),
        }
    }
}

/// The stored credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CredentialRef {
    pub kind: CredentialForm,
    pub entry: EntryRef,
    /// The field to take where the secret holds JSON (dotted where it lies deeper), a connection string or
    /// lines of variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The version that the integration is pinned to (32 hex digits, lower case); the current one without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Where the password of the certificate is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<EntryRef>,
}

impl CredentialRef {
    /// The entries that signing in with it needs.
    pub fn entries(&self) -> impl Iterator<Item = &EntryRef> {
        std::iter::once(&self.entry).chain(&self.password)
    }
}

words! {
    /// What the estate says the stored credential is.
    pub enum CredentialForm {
        /// `{ secret = "vault/name" }`
        Secret = "secret",
        /// `{ certificate = "vault/name" }`: a Key Vault certificate, or a secret that holds PKCS#12 or PEM.
        Certificate = "certificate",
    }
}
