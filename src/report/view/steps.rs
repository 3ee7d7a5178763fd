//! The steps of each registration, from the vault to the tables: their columns and marks.

use crate::model::Prose;
use chrono::{DateTime, Utc};

use crate::model::assessment::{CredentialEnd, Half, ProofStep, RegistrationView, Rung, RungState};
use crate::model::time::{day, is_past};

/// The steps as reports show them: that of the tables is two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Vault,
    Token,
    WhoAmI,
    Needs,
    MustNot,
    FinOps,
}

impl Column {
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Vault => "vault",
            Self::Token => "token",
            Self::WhoAmI => "WhoAmI",
            Self::Needs => "needs",
            Self::MustNot => "must not",
            Self::FinOps => "F&O",
        }
    }
}

/// The columns every report shows; that of F&O is shown where any registration has it.
pub(crate) const COLUMNS: [Column; 5] = [
    Column::Vault,
    Column::Token,
    Column::WhoAmI,
    Column::Needs,
    Column::MustNot,
];

/// The columns of a table of these registrations.
pub(crate) fn columns(views: &[RegistrationView]) -> Vec<Column> {
    let mut columns = COLUMNS.to_vec();
    if views
        .iter()
        .any(|view| step(view, ProofStep::FinOps).is_some())
    {
        columns.push(Column::FinOps);
    }
    columns
}

/// One step of one registration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'a> {
    pub column: Column,
    pub state: RungState,
    pub note: &'a Prose,
    pub older_form: bool,
}

/// The steps of a registration, in order. Where an older assessment does not tell the two sides of the tables apart,
/// both are as the whole is.
pub(crate) fn shown(view: &RegistrationView) -> Vec<Shown<'_>> {
    let mut all = Vec::with_capacity(6);
    for rung in &view.rungs {
        let whole = |column| Shown {
            column,
            state: rung.state,
            note: &rung.note,
            older_form: rung.older_form,
        };
        match rung.name {
            ProofStep::Vault => all.push(whole(Column::Vault)),
            ProofStep::Token => all.push(whole(Column::Token)),
            ProofStep::WhoAmI => all.push(whole(Column::WhoAmI)),
            ProofStep::FinOps => all.push(whole(Column::FinOps)),
            ProofStep::Tables => {
                all.push(side(whole(Column::Needs), rung.needs.as_ref()));
                all.push(side(whole(Column::MustNot), rung.must_not.as_ref()));
            }
        }
    }
    all
}

fn side<'a>(whole: Shown<'a>, half: Option<&'a Half>) -> Shown<'a> {
    match half {
        Some(half) => Shown {
            state: half.state,
            note: &half.note,
            ..whole
        },
        None => whole,
    }
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
    let odd = |one: &Shown<'_>| {
        steps && (one.older_form || matches!(one.state, RungState::Failed | RungState::Unknown))
    };
    let odd = shown(view).into_iter().filter(odd);
    let mut notes: Vec<String> = odd
        .map(|one| format!("{} {}: {}", one.column.title(), mark(one.state), one.note))
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
