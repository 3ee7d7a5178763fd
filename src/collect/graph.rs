//! Microsoft Graph: the registrations asked for, their service principals and owners.

pub(crate) mod api;
mod batch;
pub(crate) mod keys;
pub(crate) mod map;

#[cfg(test)]
mod tests;
