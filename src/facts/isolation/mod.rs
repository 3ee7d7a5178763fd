//! What a credential came to in another environment than its own, and what that proves.

pub(crate) mod answers;
pub(crate) mod cell;
pub(crate) mod controls;
pub(crate) mod organisations;
pub(crate) mod row;
pub(crate) mod sentences;
pub(crate) mod truth_table;
#[cfg(test)]
pub(crate) mod truth_table_tests;
