//! Key Vault: what a vault lists, and the referenced secrets, whose values stay in this process.

pub(crate) mod api;
mod attributes;
pub(crate) mod bundle;
pub(crate) mod content;
pub(crate) mod error;
pub(crate) mod grants;
pub(crate) mod map;
mod place;
mod versions;

#[cfg(test)]
mod tests;
