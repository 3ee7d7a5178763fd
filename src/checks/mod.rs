//! The questions: one small file each, and the one registry of them all.

pub(crate) mod access;
mod check;
mod controls;
mod family;
pub(crate) mod hygiene;
pub(crate) mod isolation;
pub(crate) mod least_privilege;
pub(crate) mod lifecycle;
pub(crate) mod needs;
pub(crate) mod params;
mod prelude;
mod registry;
#[cfg(test)]
mod registry_tests;
mod rotation;
#[cfg(test)]
mod rotation_properties;
#[cfg(test)]
mod rotation_tests;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tokens_tests;

pub(crate) use check::{Prepared, Registered};
pub use registry::ALL;
pub(crate) use registry::{EXPIRED_WAIVER, UNUSED_WAIVER, find};
pub(crate) use rotation::rotation_params;
