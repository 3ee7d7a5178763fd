//! Key Vault facts: what a vault lists, and what the referenced entry holds in words, never its value.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{Listing, Observed};

/// One vault, as far as the auditor may list it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VaultEvidence {
    /// Current versions of all secrets: names and attributes.
    pub secrets: Listing<ListedSecret>,
}

/// One line of the vault's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ListedSecret {
    pub name: String,
    pub attributes: EntryAttributes,
}

/// A referenced entry that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VaultEntry {
    /// Whether the current version is enabled: a refused read says so itself (SecretDisabled).
    pub enabled: Observed<bool>,
    /// From the read itself, or from the list where the read was refused.
    pub attributes: Observed<EntryAttributes>,
    /// What the value looks like. Unknown where only metadata may be read; NotReached where the
    /// current version is disabled.
    pub content: Observed<EntryContent>,
}

/// A secret's attributes (Key Vault REST, `attributes`, Unix seconds on the wire).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EntryAttributes {
    /// 32 hex digits; the list does not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    pub enabled: bool,
    /// `nbf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<DateTime<Utc>>,
    /// `exp`: informational, Key Vault still answers reads after it. `None`: the entry has no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Set where the secret belongs to a certificate.
    pub managed: bool,
}

/// What the value looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EntryContent {
    /// What is wrong with its form, all of it.
    pub problems: Vec<EntryProblem>,
    /// Entries with the same number hold the same value; `None` where there is nothing to compare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_group: Option<u32>,
}

/// What can be wrong with a stored value's form.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum EntryProblem {
    /// The value is empty or only white space: unusable.
    Empty,
    /// White space, often a newline, before or after the value.
    SurroundingWhitespace,
    /// The value is a GUID: an Entra secret never is one, a secret's id always is.
    SecretIdInsteadOfValue,
    /// Over 256 characters: Entra secrets have at most 64.
    TooLong,
    /// A field was declared, and the value is no JSON object: unusable.
    NoJson,
    /// A field was declared, and the JSON object has no such text field: unusable.
    FieldMissing,
}

impl EntryProblem {
    /// Whether no value is left that could be used as a credential.
    #[must_use]
    pub const fn is_unusable(self) -> bool {
        matches!(self, Self::Empty | Self::NoJson | Self::FieldMissing)
    }
}
