//! Entra ID: the token that a stored credential is given, or why it is given none.

pub(crate) mod api;
pub(crate) mod claims;
pub(crate) mod map;
pub(crate) mod refusal;
pub(crate) mod sign_in;
