//! Judging a snapshot: policy and checks make a plan, the plan and a date make an assessment.

mod assess;
mod audience;
pub(crate) mod cautions;
mod fold;
mod gather;
mod grants;
mod hits;
mod ladder;
mod lists;
mod open;
mod placeholders;
mod plan;
mod questions;
mod route;
mod tally;
#[cfg(test)]
mod tests;
mod views;
mod waivers;

pub use assess::assess;
pub use audience::audience;
pub(crate) use plan::Plan;
pub use plan::plan;
