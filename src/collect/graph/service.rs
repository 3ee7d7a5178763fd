//! One tenant's Graph: where it is, whose token asks, and the rights that its answers may take.

use secrecy::SecretString;

use super::Grants;
use super::batch::Asker;
use crate::collect::http::Wire;
use crate::collect::remedy::Remedy;

/// Whom to ask, and with which token.
#[derive(Clone, Copy)]
pub(crate) struct Service<'a> {
    pub(crate) wire: &'a Wire,
    /// Host of the cloud's Graph.
    pub(crate) host: &'a str,
    pub(crate) token: &'a SecretString,
    pub(crate) grants: &'a Grants,
    /// The tenant's id.
    pub(crate) tenant: &'a str,
}

impl<'a> Service<'a> {
    /// The same with the remedy where it refuses.
    pub(super) const fn asker(self, grant: &'a Remedy) -> Asker<'a> {
        Asker {
            wire: self.wire,
            host: self.host,
            token: self.token,
            grant,
        }
    }
}
