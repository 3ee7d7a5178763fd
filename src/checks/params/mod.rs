//! Parameters that more than one check takes, and how they are read.

pub(crate) mod app_policy;
pub(crate) mod bands;
pub(crate) mod expressions;
pub(crate) mod keys;
pub(crate) mod max_days;
pub(crate) mod patterns;
