//! Credentials as Graph tells them: secrets and certificates, on the application or its service principal,
//! federated ones, and when each was last used.

use crate::model::word::words;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::Observed;

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
    /// The year 2299 or later means that it never expires.
    pub end: Observed<DateTime<Utc>>,
    /// Whether it can be the stored one. A secret: whether the stored value begins with its `hint` (its
    /// first three characters), which is not kept; older ones have none. A certificate: whether its
    /// thumbprint is the stored certificate's. False across kinds. Unknown where either side is.
    pub matches_stored: Observed<bool>,
    /// Of a certificate only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<KeyCredential>,
    /// Graph beta `appCredentialSignInActivities`.
    pub last_use: Observed<LastUse>,
}

words! {
    /// What a credential is.
    pub enum CredentialKind {
        Secret = "secret",
        Certificate = "certificate",
    }
}

/// What is particular to a `keyCredential`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KeyCredential {
    /// `customKeyIdentifier` as 40 upper-case hex digits, where it is a SHA-1 thumbprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbprint: Option<String>,
    /// `usage`: `Verify` (signs in), `Sign` (SAML signing).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// Read from `key`, the public certificate; unknown where Graph does not hand it out (lists).
    pub facts: Observed<CertificateFacts>,
}

/// What an X.509 certificate says of itself. All of it is public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CertificateFacts {
    /// SHA-1 of the DER form, 40 upper-case hex digits: what Entra and Key Vault show as thumbprint.
    pub thumbprint: String,
    /// SHA-256 of the DER form, 64 upper-case hex digits.
    pub thumbprint_sha256: String,
    pub subject: String,
    pub not_before: DateTime<Utc>,
    pub not_after: DateTime<Utc>,
    /// `RSA`, `EC`, else the algorithm's object identifier.
    pub key_type: String,
    /// Of RSA the modulus, of EC the curve; `None` where it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_bits: Option<u32>,
    /// The hash of its signature: `SHA-256`, `SHA-1`, `MD5`, else the algorithm's object identifier.
    pub signature_hash: String,
}

/// When a credential was last used to sign in, as the report shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LastUse {
    At(DateTime<Utc>),
    /// The report was read to its end and has no line of it.
    NotReported,
}

/// A federated credential (Graph `federatedIdentityCredential`): another issuer's token signs in.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FederatedCredential {
    pub id: String,
    pub name: String,
    pub issuer: String,
    /// Empty where the credential has a matching expression instead.
    pub subject: String,
    pub audiences: Vec<String>,
    /// `claimsMatchingExpression.value`, language version 1, of a flexible one (Graph beta). `None` where it
    /// has a subject, or nobody could read the expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
}
