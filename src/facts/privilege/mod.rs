//! What a registration may do: declared, granted and shown by calls, and where these disagree.

pub mod collections;
pub mod matrix;
pub mod operation;
pub mod permissions;
pub mod powerful;
pub mod reads;
pub mod roles;
pub mod tables;
pub mod truth_table;
#[cfg(test)]
pub mod truth_table_tests;
