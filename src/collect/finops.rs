//! Finance & Operations: what the audited credential is answered, and what the auditor sees of its client.

pub(crate) mod api;
pub(crate) mod map;
pub(crate) mod names;

#[cfg(test)]
mod tests;
