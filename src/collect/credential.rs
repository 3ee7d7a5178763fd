//! A registration's stored credential, of either kind, as it is compared and used. It never leaves memory.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::certificate::StoredCertificate;
use crate::evidence::CertificateFacts;

/// What the vault holds for a registration.
#[derive(Clone, Debug)]
pub(crate) enum StoredCredential {
    /// As stored: white space and a secret's id are sent as they are, since the integration does so.
    Secret(SecretString),
    Certificate(Arc<StoredCertificate>),
}

impl StoredCredential {
    /// Whether both hold one value: one secret, or one private key, whatever certificates vouch for it.
    pub(crate) fn same_value(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Certificate(one), Self::Certificate(other)) => one.same_key(other),
            _ => self.same(other),
        }
    }

    /// Whether both sign in alike.
    pub(crate) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Secret(one), Self::Secret(other)) => {
                one.expose_secret() == other.expose_secret()
            }
            (Self::Certificate(one), Self::Certificate(other)) => one.same(other),
            _ => false,
        }
    }

    /// What Graph's credentials are compared with.
    pub(crate) fn for_graph(&self) -> Stored<'_> {
        match self {
            Self::Secret(value) => Stored::Secret(value),
            Self::Certificate(certificate) => Stored::Certificate(&certificate.facts),
        }
    }
}

/// What Graph's credentials are compared with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stored<'a> {
    /// A client secret, as the integration would send it.
    Secret(&'a SecretString),
    /// The certificate whose private key is stored.
    Certificate(&'a CertificateFacts),
}
