//! Parameters that more than one check takes, and how they are read.

pub mod app_policy;
pub mod bands;
pub mod expressions;
pub(crate) mod keys;
pub(crate) mod max_days;
pub mod patterns;
