//! What a scenario says about a certificate that an application signs in with.

use crate::model::word::labels;
use serde::Deserialize;

tables! {
    /// A certificate on a registration. Its key pair and its certificate are made when somebody asks for them.
    pub(in crate::sim) struct AppCertificate {
        pub label: String,
        /// The label stands on another application too, on purpose: both have the same certificate.
        pub shared: bool = default,
        /// Its display name; the certificate's subject when absent.
        pub name: Option<String>,
        pub started_days_ago: i64 = default,
        pub ends_in_days: i64,
        /// Deleted from Entra: neither shown nor accepted any more.
        pub removed: bool = default,
        /// On the service principal instead of the registration.
        pub on_service_principal: bool = default,
        /// Absent: the sign-in report has no line for it.
        pub used_days_ago: Option<i64>,
        /// Refused when an application signs in with it, whatever its dates say.
        pub refused: Option<CertificateRefusal>,
        pub usage: KeyUsage = default,
        pub key: KeyKind = default,
        pub digest: DigestKind = default,
    }
}

/// Why Entra does not take a certificate that stands on the registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum CertificateRefusal {
    /// AADSTS1000502: not within its validity.
    OutsideValidity,
    /// AADSTS7000214: revoked.
    Revoked,
}

impl CertificateRefusal {
    pub(crate) const fn code(self) -> u32 {
        match self {
            Self::OutsideValidity => 1_000_502,
            Self::Revoked => 7_000_214,
        }
    }
}

labels! {
    /// `usage` of a key credential, in the words of the wire.
    #[derive(Default, Deserialize)]
    pub(in crate::sim) enum KeyUsage {
        /// It verifies what the application signs: sign-ins.
        #[default]
        Verify = "Verify",
        /// Entra signs with it: SAML tokens.
        Sign = "Sign",
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum KeyKind {
    #[default]
    #[serde(rename = "rsa-2048")]
    Rsa2048,
    /// Too short for today. One embedded pair stands for all of them.
    #[serde(rename = "rsa-1024")]
    Rsa1024,
    /// On the curve P-256. Entra takes no assertion signed with it.
    Ec,
}

/// What the certificate itself is signed with. One embedded pair stands for all that say SHA-1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum DigestKind {
    #[default]
    Sha256,
    Sha1,
}
