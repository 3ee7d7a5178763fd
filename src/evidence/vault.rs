//! Key Vault facts: what a vault lists, and what the referenced entry holds in words, never its value.

use crate::model::word::words;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{CertificateFacts, Wrapper};
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

/// A referenced entry that exists: a secret, or a certificate with its secret.
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
    /// Every version of the secret, newest first (`/secrets/NAME/versions`); values are never read.
    pub versions: Listing<EntryVersion>,
    /// The certificate's own facts; `None` where the estate names a plain secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Observed<VaultCertificate>>,
}

/// A secret's attributes (Key Vault REST, `attributes`, Unix seconds on the wire).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EntryAttributes {
    /// 32 hex digits; the list does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    pub enabled: bool,
    /// `nbf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<DateTime<Utc>>,
    /// `exp`: informational, Key Vault still answers reads after it. `None`: the entry does not expire.
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
    /// `recoveryLevel`, as on the wire: `Recoverable+Purgeable`, `Recoverable`, ...; `None` where the
    /// vault does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_level: Option<String>,
    /// Names of the tags, sorted. Values stay in the vault, for people store all sorts of things there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The tag `owner`, where it reads like a mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The tag that names a client id (`client-id`, `app-id`, ...), where its value is a GUID, lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
}

/// One version of a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EntryVersion {
    /// 32 hex digits.
    pub version: String,
    pub enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<DateTime<Utc>>,
}

/// A referenced entry that was deleted and can still be recovered (`/deletedsecrets/NAME`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DeletedEntry {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<DateTime<Utc>>,
    /// When it is gone for good; `None` where the vault does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_purge: Option<DateTime<Utc>>,
}

/// A Key Vault certificate: the bundle of its current version (`/certificates/NAME`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VaultCertificate {
    /// 32 hex digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    pub enabled: Observed<bool>,
    /// Read from `cer`, the public part.
    pub facts: Observed<CertificateFacts>,
    pub policy: Observed<CertificatePolicy>,
}

/// How Key Vault makes and renews a certificate (`policy` of the bundle).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CertificatePolicy {
    /// `key_props.exportable`: whether the private key can leave the vault with the secret.
    pub exportable: Observed<bool>,
    /// `issuer.name`: `Self`, `Unknown` (made elsewhere), or a configured issuer.
    pub issuer: Observed<String>,
    /// By `lifetime_actions[].action.action_type`: `AutoRenew`, `EmailContacts`, with their triggers
    /// in words (`80 % of its life`, `30 days before it expires`).
    pub lifetime_actions: Observed<BTreeMap<String, String>>,
}

/// What the value looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EntryContent {
    /// What is wrong with its form, all of it.
    pub problems: Vec<EntryProblem>,
    /// What is around the credential, or in its place; `None` where the value is bare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrapper: Option<Wrapper>,
    /// Entries with the same number hold the same value; `None` where there is nothing to compare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_group: Option<u32>,
    /// The certificate whose private key is in the value; `None` where the estate names a plain
    /// secret, or no usable certificate is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<CertificateFacts>,
}

words! {
    /// What can be wrong with a stored value's form.
    pub enum EntryProblem {
        /// The value is empty or only white space: unusable.
        Empty = "empty",
        /// White space, often a newline, before or after the value.
        SurroundingWhitespace = "surrounding-whitespace",
        /// The value is a GUID: an Entra secret never is one, a secret's id always is.
        SecretIdInsteadOfValue = "secret-id-instead-of-value",
        /// Over 256 characters, where Entra secrets have at most 64: unusable, and never sent.
        TooLong = "too-long",
        /// A field was declared, and the value is not a JSON object: unusable.
        NoJson = "no-json",
        /// A field was declared, and the JSON object has no such text field: unusable.
        FieldMissing = "field-missing",
        /// The estate names a plain secret, and the entry holds a certificate (PKCS#12 or PEM).
        CertificateInsteadOfSecret = "certificate-instead-of-secret",
        /// A certificate was declared, and the value is neither PKCS#12 nor PEM: unusable.
        NoCertificate = "no-certificate",
        /// The PKCS#12 file or the PEM key asks for a password that nobody has: unusable.
        PasswordProtected = "password-protected",
        /// A certificate without its private key: unusable.
        PrivateKeyMissing = "private-key-missing",
        /// The private key is not an RSA key, and Entra takes RSA only: unusable.
        KeyNotRsa = "key-not-rsa",
        /// Several private keys, and nothing says which one is meant: unusable.
        SeveralKeys = "several-keys",
        /// The credential is inside something, or something else is in its place (`wrapper`): it
        /// cannot sign in as it is stored, and was never sent: unusable.
        Wrapped = "wrapped",
        /// The client id next to the credential is not the registration's: whoever reads both signs in as
        /// another application. Never sent: unusable.
        OtherClientId = "other-client-id",
        /// The address next to the credential is that of another environment.
        OtherEnvironment = "other-environment",
        /// The tenant next to the credential is another one.
        OtherTenant = "other-tenant",
        /// PEM whose line breaks are written out as `\\n`: some programs read it, others do not.
        EscapedLineBreaks = "escaped-line-breaks",
        /// A certificate or key in a form that this tool cannot read. That says nothing about the value.
        FormNotRead = "form-not-read",
    }
}

impl EntryProblem {
    /// Whether what is stored is not the credential that the estate names: unless a token shows otherwise,
    /// nobody signs in with it.
    pub const fn is_no_credential(self) -> bool {
        !matches!(
            self,
            Self::SurroundingWhitespace
                | Self::OtherEnvironment
                | Self::OtherTenant
                | Self::EscapedLineBreaks
                | Self::FormNotRead
        )
    }

    /// Whether no value is left that could be used as a credential.
    pub const fn is_unusable(self) -> bool {
        !matches!(
            self,
            Self::SurroundingWhitespace
                | Self::SecretIdInsteadOfValue
                | Self::CertificateInsteadOfSecret
                | Self::OtherEnvironment
                | Self::OtherTenant
                | Self::EscapedLineBreaks
                | Self::FormNotRead
        )
    }
}
