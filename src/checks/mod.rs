//! The questions: one small file each, and the one registry of them all.

pub mod access;
mod check;
mod controls;
mod family;
pub mod hygiene;
pub mod isolation;
pub mod least_privilege;
pub mod lifecycle;
pub mod params;
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

pub use check::{Prepared, Registered};
pub use registry::{ALL, EXPIRED_WAIVER, UNUSED_WAIVER, find};
pub use rotation::rotation_params;
