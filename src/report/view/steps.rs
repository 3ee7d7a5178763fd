//! The steps of each registration, from the vault to the tables: their columns and marks.

use chrono::{DateTime, Utc};

use crate::model::assessment::{CredentialEnd, RegistrationView, Rung, RungState};
use crate::model::time::{day, is_past};

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
fn title(name: &str) -> &str {
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

/// What is to be said of one registration's steps and its credential's end; of steps that are as they should be
/// only that the older form of an assertion was needed. `steps` tells whether no other place shows their notes.
pub(crate) fn notes(view: &RegistrationView, as_of: DateTime<Utc>, steps: bool) -> Vec<String> {
    let odd = |rung: &&Rung| {
        steps && (rung.older_form || matches!(rung.state, RungState::Failed | RungState::Unknown))
    };
    let odd = view.rungs.iter().filter(odd);
    let mut notes: Vec<String> = odd
        .map(|rung| format!("{} {}: {}", title(&rung.name), mark(rung.state), rung.note))
        .collect();
    let token = step(view, "token").filter(|rung| rung.state == RungState::NotApplicable);
    notes.extend(
        token.map(|rung| format!("{}: nothing shows that its credential works", rung.note)),
    );
    match &view.ends {
        CredentialEnd::On { end, .. } if is_past(*end, as_of) => {
            notes.push(format!("its credential ended on {}", day(*end)));
        }
        CredentialEnd::Unknown(why) => notes.push(format!("end of the credential ?: {why}")),
        CredentialEnd::On { .. } | CredentialEnd::Never => {}
    }
    if !view.not_tried.is_empty() {
        notes.push(format!("not tried: {}", view.not_tried.join(", ")));
    }
    notes
}
