//! The steps of each registration, from the vault to the tables: their columns and marks.

use crate::model::assessment::{RegistrationView, Rung, RungState};

/// The steps every report shows, and the title of their column.
pub(crate) const STEPS: [(&str, &str); 4] = [
    ("vault", "vault"),
    ("token", "token"),
    ("whoami", "WhoAmI"),
    ("tables", "tables"),
];
/// Shown where any registration has it.
const FINOPS: (&str, &str) = ("finops", "F&O");

/// The columns of a table of these registrations: a step's name, and its title.
pub(crate) fn columns(views: &[RegistrationView]) -> Vec<(&'static str, &'static str)> {
    let mut columns = STEPS.to_vec();
    if views.iter().any(|view| step(view, FINOPS.0).is_some()) {
        columns.push(FINOPS);
    }
    columns
}

/// The title of a step's column; its name where it has none.
pub(crate) fn title(name: &str) -> &str {
    let mut all = STEPS.iter().chain([&FINOPS]);
    all.find(|(step, _)| *step == name)
        .map_or(name, |(_, title)| title)
}

/// The step of this name.
pub(crate) fn step<'view>(view: &'view RegistrationView, name: &str) -> Option<&'view Rung> {
    view.rungs.iter().find(|rung| rung.name == name)
}

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
