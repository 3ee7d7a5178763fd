//! What a scenario says about a key vault.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::vault_certificate::{OlderVersion, VaultCertificate, held};
use super::yes;

tables! {
    /// A key vault. Its name is its key in the scenario.
    pub(in crate::sim) struct Vault {
        pub tenant: String,
        /// What each application or person may do, by its name or key. Absent: nothing.
        pub access: BTreeMap<String, Vec<VaultRole>> = default,
        /// Everybody is refused, and how.
        pub refuse: Option<Refusal> = default,
        /// So many requests with a good token are refused with 401 AKV10046 before the vault knows the key that
        /// signs tokens. `refuse = "AKV10046"` lasts.
        pub akv10046_times: u32 = default,
        /// Rights are access policies instead of roles: a refusal says AccessDenied.
        pub access_policies: bool = default,
        /// Largest page of a list; 25 when absent.
        pub page: Option<usize> = default,
        /// What its subscription is called; the key of the tenant when absent.
        pub subscription: Option<String>,
        /// `false`: Azure Resource Graph does not list it.
        #[serde(default = "yes")]
        pub seen_by_resource_graph: bool,
        /// Without purge protection.
        pub purgeable: bool = default,
        pub secrets: Vec<VaultSecret> = default,
        pub certificates: Vec<VaultCertificate> = default,
        pub deleted: Vec<DeletedSecret> = default,
    }

    /// A secret that was deleted and can still be recovered.
    pub(in crate::sim) struct DeletedSecret {
        pub name: String,
        pub deleted_days_ago: i64,
        /// Ninety days after the deletion when absent.
        pub purge_in_days: Option<i64>,
        pub expires_in_days: Option<i64>,
        pub content_type: Option<String>,
        pub tags: BTreeMap<String, String> = default,
    }

    /// A secret with its current version and, optionally, older ones.
    pub(in crate::sim) struct VaultSecret {
        pub name: String,
        /// The label of the client secret stored here.
        pub holds: Option<String>,
        /// Or the label of a certificate, with its key, in one of the shapes of a file.
        pub holds_certificate: Option<String>,
        /// Or this text: a client id, say. Never a secret.
        pub text: Option<String>,
        /// What became of the value on its way into the vault.
        pub shape: Shape = default,
        pub expires_in_days: Option<i64>,
        pub not_before_in_days: Option<i64>,
        #[serde(default = "yes")]
        pub enabled: bool,
        pub created_days_ago: i64 = default,
        /// Instead of days, for one stored just now.
        pub created_minutes_ago: Option<i64>,
        pub content_type: Option<String>,
        pub tags: BTreeMap<String, String> = default,
        /// Newest first.
        pub older: Vec<OlderVersion> = default,
    }
}

impl Vault {
    /// Every name in use among secrets, and where two would stand in each other's way.
    pub(crate) fn secret_names(&self) -> impl Iterator<Item = &str> {
        let secrets = self.secrets.iter().map(|secret| &secret.name);
        let certificates = self.certificates.iter().map(|known| &known.name);
        let deleted = self.deleted.iter().map(|secret| &secret.name);
        secrets
            .chain(certificates)
            .chain(deleted)
            .map(String::as_str)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum VaultRole {
    /// Lists and metadata of everything, no values.
    Reader,
    /// Values and metadata of secrets.
    SecretsUser,
    /// Values of secrets, and no list: what an access policy with "get" alone gives.
    SecretsGet,
    /// Certificates, and the values and metadata of secrets.
    CertificateUser,
}

/// A refusal that has nothing to do with the caller's roles. The names are those of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(in crate::sim) enum Refusal {
    ForbiddenByFirewall,
    ForbiddenByConnection,
    AccessDenied,
    /// 401: the vault cannot find the key that signed the token.
    #[serde(rename = "AKV10046")]
    UnknownKey,
}

/// What a stored value looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum Shape {
    #[default]
    Plain,
    TrailingNewline,
    LeadingSpace,
    Empty,
    /// The secret's id, which the portal shows beside its value.
    CredentialId,
    /// `{"clientId": .., "clientSecret": ..}`
    Json,
    /// A JSON object without `clientSecret`.
    JsonWithoutField,
    /// 25 kB: the most a secret can hold.
    Huge,
    /// PKCS#12 without a password, in base64.
    PfxBase64,
    /// Private key and certificate as text.
    Pem,
    /// PKCS#12 under a password that stands nowhere.
    PfxPassword,
    /// PKCS#12 with the certificate's issuer and that one's issuer.
    PfxChain,
    /// PKCS#12 with a key on an elliptic curve, whatever kind the label says.
    Ec,
}

impl Shape {
    /// Whether this is the shape of a certificate with its key.
    pub(crate) const fn is_of_certificate(self) -> bool {
        matches!(
            self,
            Self::PfxBase64 | Self::Pem | Self::PfxPassword | Self::PfxChain | Self::Ec
        )
    }
}

impl VaultSecret {
    /// Labels of the secrets whose values stand here, current version first.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &String> {
        held(&self.holds, &self.older)
    }
}
