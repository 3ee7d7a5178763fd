//! What a registration may do: declared, granted and shown by calls, and where these disagree.

pub(crate) mod collections;
pub(crate) mod matrix;
pub(crate) mod operation;
pub(crate) mod permissions;
pub(crate) mod powerful;
pub(crate) mod reads;
pub(crate) mod roles;
pub(crate) mod tables;
pub(crate) mod truth_table;
#[cfg(test)]
pub(crate) mod truth_table_tests;
