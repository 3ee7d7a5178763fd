//! Dataverse: what the audited credential is answered, and what the auditor sees of its user.

pub(crate) mod api;
pub(crate) mod map;
pub(crate) mod roles;

#[cfg(test)]
mod tests;
