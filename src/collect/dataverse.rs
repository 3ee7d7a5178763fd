//! Dataverse: what the audited credential is answered, and what the auditor sees of its user.

pub(crate) mod api;
pub(crate) mod effective;
pub(crate) mod map;
mod privileges;
pub(crate) mod probe;
pub(crate) mod reach;
pub(crate) mod roles;
pub(crate) mod sight;

#[cfg(test)]
mod tests;
