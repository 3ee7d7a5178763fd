//! How long credentials may last, by kind.

use super::keys::params;

params! {
    /// Days from start to end that a credential may last.
    pub(crate) struct MaxDays {
        /// Days from start to end that a secret may last. Default: 180.
        secret: u32 = 180,
        /// Days from start to end that a certificate may last. Default: 180.
        certificate: u32 = 180,
    }
}
