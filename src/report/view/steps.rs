//! The steps of each registration, from the vault to the tables: their columns and marks.

use crate::model::Prose;
use chrono::{DateTime, Utc};

use crate::model::assessment::{CredentialEnd, ProofStep, RegistrationView, Rung, RungState};
use crate::model::time::{day, is_past};

/// The steps every report shows; that of F&O is shown where any registration has it.
pub(crate) const STEPS: [ProofStep; 4] = [
    ProofStep::Vault,
    ProofStep::Token,
    ProofStep::WhoAmI,
    ProofStep::Tables,
];

/// The columns of a table of these registrations.
pub(crate) fn columns(views: &[RegistrationView]) -> Vec<ProofStep> {
    let finops = |view| step(view, ProofStep::FinOps).map(|rung| rung.name);
    let mut columns = STEPS.to_vec();
    columns.extend(views.iter().find_map(finops));
    columns
}

/// The step of this name.
pub(crate) fn step(view: &RegistrationView, name: ProofStep) -> Option<&Rung> {
    view.rungs.iter().find(|rung| rung.name == name)
}

/// The mark of a rung: told apart without colour.
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
        .map(|rung| format!("{} {}: {}", rung.name.title(), mark(rung.state), rung.note))
        .collect();
    let token = step(view, ProofStep::Token).filter(|rung| rung.state == RungState::NotApplicable);
    notes.extend(
        token.map(|rung| format!("{}: nothing shows that its credential works", rung.note)),
    );
    match &view.ends {
        CredentialEnd::On { end, .. } if is_past(*end, as_of) => {
            notes.push(format!("its credential expired on {}", day(*end)));
        }
        CredentialEnd::Unknown(why) => notes.push(format!("expiry unknown: {why}")),
        CredentialEnd::On { .. } | CredentialEnd::Never => {}
    }
    if !view.not_tried.is_empty() {
        let not_tried: Vec<&str> = view.not_tried.iter().map(Prose::letters).collect();
        notes.push(format!("not tried: {}", not_tried.join(", ")));
    }
    notes
}
