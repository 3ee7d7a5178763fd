//! One row a credential: when it ends, whether it is the stored one, when it was last used; then how far
//! each rotation is.

use crate::report::view::credentials::NOT_REPORTED;
use chrono::{DateTime, Utc};
use comfy_table::Cell;

use crate::model::Assessment;
use crate::model::assessment::{
    CredentialEnd, CredentialView, RegistrationView, RotationState, StoredMatch,
};
use crate::model::time;

use super::page::{Page, Tone};
use super::steps::steps;

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
        heading.push_str(&format!(", {removable} safe to remove"));
    }
    page.heading(&heading);
    let rows = views
        .iter()
        .flat_map(|view| rows(page, view, assessment.run.as_of))
        .collect();
    page.grid(
        &[
            "registration",
            "credential",
            "ends",
            "stored",
            "last use",
            "rotation",
        ],
        &[None, None, Some(10), Some(7), Some(11), Some(9)],
        rows,
    );
    page.paragraph(
        0,
        0,
        "stored: proven by a token · same first three characters, or same thumbprint · no another one · ? cannot be told. \
         last use: with ? it may be the audit's own",
        Tone::Quiet,
    );
    for view in views {
        notes(page, assessment, view);
    }
}

fn rows(page: &Page, view: &RegistrationView, as_of: DateTime<Utc>) -> Vec<Vec<Cell>> {
    let rotation = page.cell(view.rotation.state.as_str(), tone(view.rotation.state));
    let whose = page.lines(&[&view.name, &view.environment], Tone::Plain);
    if view.credentials.is_empty() {
        let doubt = || page.cell("?", Tone::Doubt);
        return vec![vec![whose, doubt(), doubt(), doubt(), doubt(), rotation]];
    }
    let mut first = Some((whose, rotation));
    view.credentials
        .iter()
        .map(|credential| {
            let empty = || (page.cell("", Tone::Plain), page.cell("", Tone::Plain));
            let (whose, rotation) = first.take().unwrap_or_else(empty);
            vec![
                whose,
                what(page, credential),
                ends(page, &credential.ends, as_of),
                stored(page, credential.stored),
                last_use(page, &credential.last_use),
                rotation,
            ]
        })
        .collect()
}

/// `secret 1a2b3c4d` and its name; the whole key id stands in the steps and in JSON.
fn what(page: &Page, credential: &CredentialView) -> Cell {
    let short: String = credential.key_id.chars().take(8).collect();
    let mut lines = vec![format!("{} {short}", credential.kind)];
    lines.extend(credential.name.clone());
    if credential.place != "registration" {
        lines.push(format!("on the {}", credential.place));
    }
    if credential.safe_to_remove {
        lines.push("safe to remove".to_owned());
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    page.lines(&lines, Tone::Plain)
}

fn ends(page: &Page, ends: &CredentialEnd, as_of: DateTime<Utc>) -> Cell {
    match ends {
        CredentialEnd::On { end, .. } if time::is_past(*end, as_of) => {
            page.lines(&[&time::day(*end), "OVER"], Tone::Bad)
        }
        CredentialEnd::On { end, .. } => page.cell(&time::day(*end), Tone::Plain),
        CredentialEnd::Never => page.cell("never", Tone::Doubt),
        CredentialEnd::Unknown(_) => page.cell("?", Tone::Doubt),
    }
}

fn stored(page: &Page, stored: StoredMatch) -> Cell {
    match stored {
        StoredMatch::Proven => page.cell("proven", Tone::Good),
        StoredMatch::Matched => page.cell("same", Tone::Plain),
        StoredMatch::Other => page.cell("no", Tone::Quiet),
        StoredMatch::CannotTell => page.cell("?", Tone::Doubt),
    }
}

/// A day, or that the report has none; why it cannot be told stands with what was not read.
fn last_use(page: &Page, text: &str) -> Cell {
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        // Behind the day stands why it may be the audit's own.
        match text.split_once(':') {
            Some((day, _)) => page.cell(&format!("{day}?"), Tone::Doubt),
            None => page.cell(text, Tone::Plain),
        }
    } else if text == NOT_REPORTED {
        page.cell("none", Tone::Plain)
    } else {
        page.cell("?", Tone::Doubt)
    }
}

const fn tone(state: RotationState) -> Tone {
    match state {
        RotationState::Fresh => Tone::Good,
        RotationState::Broken => Tone::Bad,
        RotationState::Due
        | RotationState::Overlap
        | RotationState::HalfDone
        | RotationState::Overdue
        | RotationState::Unknown => Tone::Doubt,
    }
}

/// Why a rotation is not just fresh, and its next steps where no finding tells them.
fn notes(page: &mut Page, assessment: &Assessment, view: &RegistrationView) {
    let whose = format!("{} in {}", view.name, view.environment);
    if let Some(at) = view.proven_on {
        let text = format!(
            "{whose}: proven on {}, and nothing has changed since (prove = \"on-change\")",
            time::day(at)
        );
        page.paragraph(0, 2, &text, Tone::Plain);
    }
    if view.rotation.state == RotationState::Fresh {
        return;
    }
    let text = format!(
        "{whose}: {}: {}",
        view.rotation.state.as_str(),
        view.rotation.why
    );
    page.paragraph(0, 2, &text, Tone::Plain);
    let told = assessment
        .findings
        .iter()
        .any(|finding| !finding.steps.is_empty() && finding.registrations.contains(&view.name));
    if !told {
        steps(page, 2, &view.rotation.steps);
    }
}
