//! One row a registration: how far the proof came, and how many days are left.

use chrono::{DateTime, Utc};

use super::credentials::end;
use super::page::{Page, Piece, Tone, cell, lines};
use crate::model::assessment::{Assessment, RegistrationView, RungState};
use crate::report::view::registrations::{environment, whose};
use crate::report::view::steps::{COLUMNS, Column, Shown, columns, mark, notes, shown};

/// The longest tier in brackets: `(development)`.
const TIER_ROOM: u16 = 13;

/// The ladder of every registration, then the words behind each mark that is not `ok`.
pub(crate) fn ladder(page: &mut Page, assessment: &Assessment) {
    page.heading("REGISTRATIONS");
    let views = &assessment.registrations;
    if views.is_empty() {
        page.paragraph(0, 0, "None was audited.", Tone::Plain);
        return;
    }
    let steps = columns(views);
    let as_of = assessment.run.as_of;
    // Notes in the cells need the room that fixed columns would take.
    let narrow = !page.is_wide();
    // There is no room for name and environment beside each other, unless the page is wide and F&O has no column.
    let stacked = narrow || steps.len() > COLUMNS.len();
    let mut titles = vec![(
        "registration",
        (page.is_wide() && stacked).then(|| names(views)),
    )];
    if !stacked {
        titles.push(("environment", narrow.then_some(TIER_ROOM)));
    }
    // The longest mark is `FAIL`.
    let room = |title: &str| u16::try_from(title.len()).unwrap_or(u16::MAX).max(4);
    titles.extend(
        steps
            .iter()
            .map(|step| (step.title(), narrow.then(|| room(step.title())))),
    );
    titles.extend([("days left", Some(5)), ("findings", Some(8))]);
    let rows = views.iter().map(|view| {
        let mut row = if stacked {
            vec![lines(&[&view.name, &environment(view)], Tone::Plain)]
        } else {
            vec![
                cell(&view.name, Tone::Plain),
                cell(environment(view), Tone::Plain),
            ]
        };
        let shown = shown(view);
        row.extend(steps.iter().map(|column| drawn(&shown, *column, narrow)));
        row.push(end(&view.ends, as_of, |_, days_left| days_left.to_string()));
        row.push(found(view, assessment.waived_of(view)));
        row
    });
    page.grid(&titles, rows.collect());
    page.paragraph(
        0,
        0,
        "ok proven · FAIL failed · ? not checked · - not reached · n/a does not apply",
        Tone::Quiet,
    );
    for view in views {
        note(page, view, as_of, narrow);
    }
}

/// Room for the longest name or environment, within reason.
fn names(views: &[RegistrationView]) -> u16 {
    let lengths = views
        .iter()
        .flat_map(|view| [view.name.chars().count(), environment(view).chars().count()]);
    u16::try_from(lengths.max().unwrap_or(0))
        .unwrap_or(u16::MAX)
        .min(28)
}

fn drawn(shown: &[Shown<'_>], column: Column, narrow: bool) -> Piece {
    let Some(rung) = shown.iter().find(|one| one.column == column) else {
        return cell(mark(RungState::NotApplicable), Tone::Quiet);
    };
    let tone = match rung.state {
        RungState::Proven => Tone::Good,
        RungState::Failed => Tone::Bad,
        RungState::Unknown => Tone::Doubt,
        RungState::NotReached | RungState::NotApplicable => Tone::Quiet,
    };
    let note = if narrow { "" } else { rung.note.letters() };
    lines(&[mark(rung.state), note], tone)
}

fn found(view: &RegistrationView, waived: usize) -> Piece {
    let mut found = vec![view.findings.to_string()];
    found.extend(view.worst.map(|worst| worst.to_string()));
    found.extend((waived > 0).then(|| format!("{waived} waived")));
    lines(&found, view.worst.map_or(Tone::Plain, Tone::of))
}

/// What stands behind the marks of one registration, and when its credential ends.
fn note(page: &mut Page, view: &RegistrationView, as_of: DateTime<Utc>, narrow: bool) {
    let notes = notes(view, as_of, narrow);
    if !notes.is_empty() {
        let text = format!("{}: {}", whose(view), notes.join("; "));
        page.paragraph(0, 2, &text, Tone::Plain);
    }
}
