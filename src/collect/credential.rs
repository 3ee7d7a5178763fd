//! A registration's stored credential, of either kind, as it is compared and used. It never leaves memory.

use secrecy::SecretString;

use crate::evidence::CertificateFacts;

/// What Graph's credentials are compared with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stored<'a> {
    /// A client secret, as the integration would send it.
    Secret(&'a SecretString),
    /// The certificate whose private key is stored.
    Certificate(&'a CertificateFacts),
}
