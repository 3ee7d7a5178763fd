//! What is new, fixed or changed between two assessments.

pub mod diff;
#[cfg(test)]
pub mod diff_tests;
pub mod since;
