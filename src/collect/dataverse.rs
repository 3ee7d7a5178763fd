//! Dataverse: what the audited credential is answered, and what the auditor sees of its user.

pub(crate) mod api;
pub(crate) mod effective;
pub(crate) mod map;
mod privileges;
pub(crate) mod probe;
pub(crate) mod read_scope;
pub(crate) mod role_power;
pub(crate) mod roles;

#[cfg(test)]
mod tests;
