//! The words with which a token endpoint refuses a client: they decide, a service's own number explains.

use crate::model::word::words;

words! {
    /// The values of `error` that refuse the client itself (RFC 6749, section 5.2). Others speak of the
    /// request, the resource or the moment, and say nothing of the credential.
    pub enum ClientRefusal {
        InvalidClient = "invalid_client",
        UnauthorizedClient = "unauthorized_client",
        InvalidGrant = "invalid_grant",
    }
}
