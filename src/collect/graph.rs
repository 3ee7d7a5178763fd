//! Microsoft Graph: the registrations asked for, everything that hangs on them, and the tenant's rules
//! for their credentials.

pub(crate) mod api;
mod assemble;
mod batch;
mod batch_answers;
pub(crate) mod credential;
mod delegated;
mod duration;
pub(crate) mod grants;
pub(crate) mod inventory;
mod keys;
mod lists;
pub(crate) mod map;
pub(crate) mod ownership;
mod paths;
mod policy;
pub(crate) mod principal;
mod raw;
pub(crate) mod reports;
mod required;
mod resources;
mod roles;
mod service;

pub(crate) use grants::Grants;
pub(crate) use service::Service;

#[cfg(test)]
mod tests;
