//! Judging a snapshot: policy and checks make a plan, the plan and a date make an assessment.

mod assess;
mod audience;
pub mod cautions;
#[cfg(test)]
mod clock_tests;
#[cfg(test)]
mod ending_tests;
mod fold;
mod gather;
mod grants;
mod hits;
mod ladder;
mod lists;
#[cfg(test)]
mod lists_tests;
#[cfg(test)]
mod lost_fact_tests;
#[cfg(test)]
mod lost_foreign_tests;
#[cfg(test)]
mod lost_life_tests;
#[cfg(test)]
mod lost_privilege_tests;
mod open;
mod plan;
mod questions;
#[cfg(test)]
mod questions_tests;
mod route;
mod tally;
#[cfg(test)]
mod tests;
mod views;
#[cfg(test)]
mod waiver_tests;
mod waivers;

pub use assess::assess;
pub use audience::audience;
pub use plan::{Plan, plan};
#[cfg(test)]
mod weight_tests;
