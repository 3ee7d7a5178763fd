//! One row a credential: when it ends, whether it is the stored one, when it was last used; then how far
//! each rotation is.

use chrono::{DateTime, Utc};

use super::page::{Page, Piece, Tone, cell, lines};
use super::steps::steps;
use crate::model::assessment::{
    Assessment, CredentialEnd, CredentialView, LastUse, RegistrationView, RotationState,
    StoredMatch,
};
use crate::model::time::{day, is_past};
use crate::report::view::credentials::short;
use crate::report::view::registrations::{repeated, whose};

const COLUMNS: [(&str, Option<u16>); 6] = [
    ("registration", None),
    ("credential", None),
    ("expires", Some(10)),
    ("in vault", Some(7)),
    ("last use", Some(11)),
    ("rotation", Some(9)),
];

/// Every credential of every registration, then what is to be done about it.
pub(crate) fn credentials(page: &mut Page, assessment: &Assessment) {
    let views = &assessment.registrations;
    if views.is_empty() {
        return;
    }
    let all = || views.iter().flat_map(|view| &view.credentials);
    let removable = all().filter(|credential| credential.safe_to_remove).count();
    let mut heading = format!("CREDENTIALS {}", all().count());
    if removable > 0 {
        heading.push_str(&format!(", {removable} safe to delete"));
    }
    page.heading(&heading);
    let rows = views
        .iter()
        .flat_map(|view| rows(view, assessment.run.as_of));
    page.grid(&COLUMNS, rows.collect());
    page.paragraph(
        0,
        0,
        "in vault: proven by a token · alike by its first three characters or its thumbprint · no, another one is · \
         ? unknown. last use: with ? possibly by this audit",
        Tone::Quiet,
    );
    for view in views {
        notes(page, assessment, view);
    }
}

/// The registration and its rotation stand in the first of its rows.
fn rows(view: &RegistrationView, as_of: DateTime<Utc>) -> Vec<Vec<Piece>> {
    let mut rows: Vec<Vec<Piece>> = view.credentials.iter().map(|one| row(one, as_of)).collect();
    if rows.is_empty() {
        rows.push(COLUMNS.map(|_| cell("?", Tone::Doubt)).into());
    }
    let state = view.rotation.state;
    if let Some([registration, .., rotation]) = rows.first_mut().map(Vec::as_mut_slice) {
        *registration = lines(&[&view.name, &view.environment], Tone::Plain);
        *rotation = cell(state.as_str(), tone(state));
    }
    rows
}

fn row(credential: &CredentialView, as_of: DateTime<Utc>) -> Vec<Piece> {
    let (stored, tone) = match credential.stored {
        StoredMatch::Proven => ("proven", Tone::Good),
        StoredMatch::Matched => ("alike", Tone::Plain),
        StoredMatch::Other => ("no", Tone::Quiet),
        StoredMatch::CannotTell => ("?", Tone::Doubt),
    };
    // Why it cannot be told stands with what was not read.
    let last_use = match &credential.last_use {
        LastUse::On { day, doubt: None } => cell(day, Tone::Plain),
        LastUse::On { day, .. } => cell(format!("{day}?"), Tone::Doubt),
        LastUse::NotReported => cell("none", Tone::Plain),
        LastUse::Unknown(_) => cell("?", Tone::Doubt),
    };
    vec![
        cell("", Tone::Plain),
        what(credential),
        end(&credential.ends, as_of, |end, _| day(end)),
        cell(stored, tone),
        last_use,
        cell("", Tone::Plain),
    ]
}

fn what(credential: &CredentialView) -> Piece {
    let mut about = vec![short(credential)];
    about.extend(credential.name.clone());
    if credential.place != "registration" {
        about.push(format!("on the {}", credential.place));
    }
    if credential.safe_to_remove {
        about.push("safe to delete".to_owned());
    }
    lines(&about, Tone::Plain)
}

/// An end by its moment or the days that are left, with `expired` where it is past.
pub(super) fn end(
    ends: &CredentialEnd,
    as_of: DateTime<Utc>,
    shown: fn(DateTime<Utc>, i64) -> String,
) -> Piece {
    match ends {
        CredentialEnd::On { end, days_left } if is_past(*end, as_of) => {
            lines(&[&*shown(*end, *days_left), "expired"], Tone::Bad)
        }
        CredentialEnd::On { end, days_left } => cell(shown(*end, *days_left), Tone::Plain),
        CredentialEnd::Never => cell("never", Tone::Doubt),
        CredentialEnd::Unknown(_) => cell("?", Tone::Doubt),
    }
}

const fn tone(state: RotationState) -> Tone {
    match state {
        RotationState::Fresh => Tone::Good,
        RotationState::Broken => Tone::Bad,
        _ => Tone::Doubt,
    }
}

/// Why a rotation is not just fresh, and its next steps where no finding tells them.
fn notes(page: &mut Page, assessment: &Assessment, view: &RegistrationView) {
    let whose = whose(view);
    if let Some(repeated) = repeated(view) {
        let text = format!("{whose}: proven on {repeated}");
        page.paragraph(0, 2, &text, Tone::Plain);
    }
    let rotation = &view.rotation;
    if rotation.state == RotationState::Fresh {
        return;
    }
    let text = format!("{whose}: {}: {}", rotation.state.as_str(), rotation.why);
    page.paragraph(0, 2, &text, Tone::Plain);
    let mut findings = assessment.findings.iter();
    if !findings.any(|one| !one.steps.is_empty() && one.registrations.contains(&view.name)) {
        steps(page, 2, &rotation.steps);
    }
}
