//! What is new, fixed or changed between two assessments.

pub(crate) mod diff;
#[cfg(test)]
pub(crate) mod diff_tests;
pub(crate) mod since;
