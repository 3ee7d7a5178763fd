//! Microsoft Graph: the registrations asked for, everything that hangs on them, and the tenant's rules
//! for their credentials.

pub(crate) mod api;
mod batch;
pub(crate) mod credential;
mod delegated;
mod duration;
mod entry;
mod grants;
pub(crate) mod inventory;
mod joined;
mod keys;
mod lists;
pub(crate) mod map;
pub(crate) mod ownership;
mod parts;
mod paths;
mod policy;
pub(crate) mod principal;
pub(crate) mod reports;
mod required;
mod resources;
mod roles;

pub(crate) use entry::RawEntry;
pub(crate) use grants::Grants;

#[cfg(test)]
mod tests;
