//! The steps of each registration, from the vault to the tables: their columns and marks.

use crate::model::assessment::RungState;

/// The mark of a rung: told apart without colour.
#[must_use]
pub(crate) const fn mark(state: RungState) -> &'static str {
    match state {
        RungState::Proven => "ok",
        RungState::Failed => "FAIL",
        RungState::Unknown => "?",
        RungState::NotReached => "-",
        RungState::NotApplicable => "n/a",
    }
}
