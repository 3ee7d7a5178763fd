//! One row a registration: how far the proof came, and how many days are left.

use crate::report::view::steps::{STEPS, columns, mark, step, title};
use chrono::{DateTime, Utc};
use comfy_table::Cell;

use crate::model::Assessment;
use crate::model::assessment::{CredentialEnd, RegistrationView, RungState};
use crate::model::time;

use super::page::{Page, Tone};

/// The longest tier in brackets: `(development)`.
const TIER_ROOM: u16 = 13;

/// The ladder of every registration, then the words behind each mark that is not `ok`.
pub(crate) fn ladder(page: &mut Page, assessment: &Assessment) {
    page.heading("REGISTRATIONS");
    let views = &assessment.registrations;
    if views.is_empty() {
        page.paragraph(0, 0, "None was looked at.", Tone::Plain);
        return;
    }
    let columns = columns(views);
    let stacked = is_stacked(page, &columns);
    let mut header = vec!["registration"];
    // Where notes stand in the cells they would squeeze the names.
    let mut fixed = vec![(page.is_wide() && stacked).then(|| names(views))];
    if !stacked {
        header.push("environment");
        fixed.push((!page.is_wide()).then_some(TIER_ROOM));
    }
    for (_, title) in &columns {
        header.push(title);
        fixed.push((!page.is_wide()).then_some(room(title)));
    }
    header.extend(["days left", "findings"]);
    fixed.extend([Some(5), Some(8)]);
    let as_of = assessment.run.as_of;
    let rows = views
        .iter()
        .map(|view| row(page, view, &columns, as_of, assessment.waived_of(view)))
        .collect();
    page.grid(&header, &fixed, rows);
    page.paragraph(
        0,
        0,
        "ok proven · FAIL failed · ? could not be told · - not reached · n/a does not apply",
        Tone::Quiet,
    );
    for view in views {
        notes(page, view, as_of);
    }
}

/// Room for a column's title and its marks, of which `FAIL` is the longest.
fn room(title: &str) -> u16 {
    u16::try_from(title.len()).unwrap_or(u16::MAX).max(4)
}

/// Room for the longest name or place, within reason.
fn names(views: &[RegistrationView]) -> u16 {
    let longest = views
        .iter()
        .flat_map(|view| [view.name.chars().count(), place(view).chars().count()])
        .max();
    u16::try_from(longest.unwrap_or(0))
        .unwrap_or(u16::MAX)
        .min(28)
}

/// `prod (production)`.
fn place(view: &RegistrationView) -> String {
    format!("{} ({})", view.environment, view.tier)
}

/// Whether name and environment share a cell, one above the other: with the F&O column there is no room
/// for both beside each other.
fn is_stacked(page: &Page, columns: &[(&str, &str)]) -> bool {
    page.is_narrow() || columns.len() > STEPS.len()
}

fn row(
    page: &Page,
    view: &RegistrationView,
    columns: &[(&str, &str)],
    as_of: DateTime<Utc>,
    waived: usize,
) -> Vec<Cell> {
    let place = place(view);
    let mut cells = if is_stacked(page, columns) {
        vec![page.lines(&[&view.name, &place], Tone::Plain)]
    } else {
        vec![
            page.cell(&view.name, Tone::Plain),
            page.cell(&place, Tone::Plain),
        ]
    };
    for (name, _) in columns {
        cells.push(match step(view, name) {
            Some(rung) if page.is_wide() => {
                page.lines(&[mark(rung.state), &rung.note], tone(rung.state))
            }
            Some(rung) => page.cell(mark(rung.state), tone(rung.state)),
            None => page.cell(mark(RungState::NotApplicable), Tone::Quiet),
        });
    }
    cells.push(days(page, &view.ends, as_of));
    let mut found = vec![view.findings.to_string()];
    found.extend(view.worst.map(|worst| worst.as_str().to_owned()));
    if waived > 0 {
        found.push(format!("{waived} waived"));
    }
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    cells.push(page.lines(&found, view.worst.map_or(Tone::Plain, Tone::of)));
    cells
}

fn days(page: &Page, ends: &CredentialEnd, as_of: DateTime<Utc>) -> Cell {
    match ends {
        CredentialEnd::On { end, days_left } if time::is_past(*end, as_of) => {
            page.lines(&[&days_left.to_string(), "OVER"], Tone::Bad)
        }
        CredentialEnd::On { days_left, .. } => page.cell(&days_left.to_string(), Tone::Plain),
        CredentialEnd::Never => page.cell("never", Tone::Doubt),
        CredentialEnd::Unknown(_) => page.cell("?", Tone::Doubt),
    }
}

const fn tone(state: RungState) -> Tone {
    match state {
        RungState::Proven => Tone::Good,
        RungState::Failed => Tone::Bad,
        RungState::Unknown => Tone::Doubt,
        RungState::NotReached | RungState::NotApplicable => Tone::Quiet,
    }
}

/// What stands behind the marks of one registration, and when its credential ends.
fn notes(page: &mut Page, view: &RegistrationView, as_of: DateTime<Utc>) {
    let mut parts = Vec::new();
    for rung in &view.rungs {
        // A wide table has these words in its cells.
        // That the older assertion form was needed is told although it worked.
        let older = rung.state == RungState::Proven && rung.note.contains("RS256");
        if !page.is_wide()
            && (older || matches!(rung.state, RungState::Failed | RungState::Unknown))
        {
            let title = title(&rung.name);
            parts.push(format!("{title} {}: {}", mark(rung.state), rung.note));
        }
    }
    let token = step(view, "token").filter(|rung| rung.state == RungState::NotApplicable);
    if let Some(token) = token {
        parts.push(format!(
            "{}: nothing shows that its credential works",
            token.note
        ));
    }
    match &view.ends {
        CredentialEnd::On { end, .. } if time::is_past(*end, as_of) => {
            parts.push(format!("its credential ended on {}", time::day(*end)));
        }
        CredentialEnd::Unknown(why) => parts.push(format!("end of the credential ?: {why}")),
        CredentialEnd::On { .. } | CredentialEnd::Never => {}
    }
    if !view.not_tried.is_empty() {
        parts.push(format!("not tried: {}", view.not_tried.join(", ")));
    }
    if !parts.is_empty() {
        let text = format!(
            "{} in {}: {}",
            view.name,
            view.environment,
            parts.join("; ")
        );
        page.paragraph(0, 2, &text, Tone::Plain);
    }
}
