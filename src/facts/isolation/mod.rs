//! What a credential came to in another environment than its own, and what that proves.

pub mod answers;
pub mod cell;
pub mod controls;
pub mod organisations;
pub mod row;
pub mod truth_table;
#[cfg(test)]
pub mod truth_table_tests;
pub mod words;
