//! Key Vault: what a vault lists, and the referenced secrets, whose values stay in this process.

pub(crate) mod api;
pub(crate) mod content;
pub(crate) mod map;

#[cfg(test)]
mod tests;
