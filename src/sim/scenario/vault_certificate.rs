//! What a scenario says about a certificate in a key vault, and about the secret that comes with it.

use crate::model::word::labels;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::yes;

tables! {
    /// A certificate with its current version and, optionally, older ones. When it holds an application's
    /// certificate, a secret of the same name stands beside it.
    pub(in crate::sim) struct VaultCertificate {
        pub name: String,
        /// The subject asked for in the policy; the name when absent.
        pub subject: Option<String>,
        /// The label of an application's certificate.
        pub holds: Option<String>,
        pub content_type: ContentType = default,
        /// `false`: the secret gives the certificate without its key.
        #[serde(default = "yes")]
        pub exportable: bool,
        #[serde(default = "yes")]
        pub auto_renew: bool,
        /// Mail to the vault's contacts before the end.
        pub email_contacts: bool = default,
        /// `Self`, `Unknown`, or the name of an issuer set up in the vault.
        #[serde(default = "self_signed")]
        pub issuer: String,
        /// Bits of the key asked for in the policy, when other than those of the certificate held.
        pub key_size: Option<u32>,
        pub created_days_ago: i64 = default,
        /// The end of the certificate held, or a year from now, when absent.
        pub expires_in_days: Option<i64>,
        #[serde(default = "yes")]
        pub enabled: bool,
        pub tags: BTreeMap<String, String> = default,
        pub older: Vec<OlderVersion> = default,
    }

    /// An earlier version of a secret or of a certificate.
    pub(in crate::sim) struct OlderVersion {
        pub holds: Option<String>,
        pub expires_in_days: Option<i64>,
        #[serde(default = "yes")]
        pub enabled: bool,
        pub created_days_ago: i64,
    }
}

labels! {
    /// The form of the secret that belongs to a certificate.
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub(in crate::sim) enum ContentType {
        #[default]
        Pkcs12 = "application/x-pkcs12",
        Pem = "application/x-pem-file",
    }
}

impl VaultCertificate {
    /// Labels of the certificates that stand here, current version first.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &String> {
        held(&self.holds, &self.older)
    }

    /// `CN=..`
    pub(crate) fn subject(&self) -> String {
        self.subject
            .clone()
            .unwrap_or_else(|| format!("CN={}", self.name))
    }
}

/// The labels of what an entry's versions hold, current version first.
pub(super) fn held<'a>(
    current: &'a Option<String>,
    older: &'a [OlderVersion],
) -> impl Iterator<Item = &'a String> {
    let older = older.iter().filter_map(|older| older.holds.as_ref());
    current.iter().chain(older)
}

fn self_signed() -> String {
    "Self".to_owned()
}
