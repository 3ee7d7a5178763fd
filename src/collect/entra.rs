//! Entra ID: the token that a stored credential is given, or why it is given none.

pub(crate) mod api;
pub(crate) mod claims;
mod lifetime;
pub(crate) mod map;
pub(crate) mod refusal;
pub(crate) mod screen;
pub(crate) mod sign_in;
