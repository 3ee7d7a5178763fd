//! Which environments let which registrations in: one row a registration, or one for all that are alike.

use crate::model::plural::count;
use std::collections::BTreeMap;

use comfy_table::Cell;

use crate::model::Service;
use crate::model::assessment::{Assessment, CellState, IsolationCell, RegistrationView};

use super::page::{Page, Tone};

/// From so many on, rows that say the same are one.
const ALIKE: usize = 4;
/// The longest mark, `D CLASH`.
const MARK_ROOM: u16 = 7;
/// What a column's title may widen it to.
const TITLE_ROOM: u16 = 10;
/// What the first column needs at least.
const NAME_ROOM: u16 = 16;
/// The mark of a registration's own environment.
const HOME: &str = "home";

/// The matrix; nothing where the estate has one environment only.
pub(crate) fn isolation(page: &mut Page, assessment: &Assessment) {
    let views = &assessment.registrations;
    let environments = environments(views);
    if environments.is_empty() {
        return;
    }
    page.heading("ISOLATION which environments let which registrations in");
    let rows = rows(views, &environments);
    match room(page, &environments) {
        Some(room) => grid(page, &environments, room, &rows),
        None => lines(page, &environments, &rows),
    }
    page.paragraph(
        0,
        0,
        "Proven by list and call: shut refused · OPEN accepted. By the list of users alone: (no) no user \
         there · (YES) an enabled one · (?) a user, not told whether it gets in. By a call alone: [no] \
         refused · [YES] accepted. USER a user of it is there, disabled, without roles or not told whether it \
         gets in. CLASH list and call contradict each other · ? could not be told · - not \
         tried · n/a does not apply · D Dataverse · F Finance & Operations",
        Tone::Quiet,
    );
}

/// Columns for each environment; `None` where there is no room for all of them.
fn room(page: &Page, environments: &[&str]) -> Option<u16> {
    let number = u16::try_from(environments.len()).ok()?;
    let longest = environments.iter().map(|name| name.chars().count()).max()?;
    let wanted = u16::try_from(longest).unwrap_or(TITLE_ROOM);
    let there = page.look.width.checked_sub(NAME_ROOM)? / number;
    let room = wanted
        .clamp(MARK_ROOM, TITLE_ROOM)
        .min(there.checked_sub(1)?);
    (room >= MARK_ROOM).then_some(room)
}

/// Every environment that stands in a cell or is somebody's home, by name.
fn environments(views: &[RegistrationView]) -> Vec<&str> {
    if views.iter().all(|view| view.isolation.is_empty()) {
        return Vec::new();
    }
    let cells = views.iter().flat_map(|view| &view.isolation);
    let mut names: Vec<&str> = cells
        .map(|cell| cell.environment.as_str())
        .chain(views.iter().map(|view| view.environment.as_str()))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What stands in one place of the matrix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    /// `shut`, or a line a service where they differ.
    lines: Vec<String>,
    rank: u8,
}

/// Registrations of one environment whose cells say the same.
struct Row<'a> {
    home: &'a str,
    names: Vec<&'a str>,
    marks: Vec<Mark>,
}

impl Row<'_> {
    /// `raia-dev`, or `12 registrations`.
    fn title(&self) -> String {
        match self.names.as_slice() {
            [name] => (*name).to_owned(),
            names => count(names.len(), "registration"),
        }
    }

    /// The same where there is little room: `12 alike`.
    fn short(&self) -> String {
        match self.names.as_slice() {
            [name] => (*name).to_owned(),
            names => format!("{} alike", names.len()),
        }
    }
}

/// Rows that say the same are one, unless somebody is accepted or has a user there: then each has its name.
fn rows<'a>(views: &'a [RegistrationView], environments: &[&str]) -> Vec<Row<'a>> {
    let mut alike: BTreeMap<(&str, Vec<Mark>), Vec<&str>> = BTreeMap::new();
    for view in views {
        let marks = environments.iter().map(|name| mark(view, name)).collect();
        alike
            .entry((&view.environment, marks))
            .or_default()
            .push(&view.name);
    }
    let mut rows = Vec::new();
    for ((home, marks), names) in alike {
        let alarming = marks.iter().any(|mark| mark.rank == 0);
        if names.len() >= ALIKE && !alarming {
            rows.push(Row { home, names, marks });
            continue;
        }
        rows.extend(names.into_iter().map(|name| Row {
            home,
            names: vec![name],
            marks: marks.clone(),
        }));
    }
    rows.sort_by(|left, right| {
        let named = |row: &Row<'_>| row.names.first().copied().unwrap_or_default().to_owned();
        (left.home, left.names.len() > 1, named(left)).cmp(&(
            right.home,
            right.names.len() > 1,
            named(right),
        ))
    });
    rows
}

fn mark(view: &RegistrationView, environment: &str) -> Mark {
    if view.environment == environment {
        return Mark {
            lines: vec![HOME.to_owned()],
            rank: 3,
        };
    }
    let cells: Vec<&IsolationCell> = view
        .isolation
        .iter()
        .filter(|cell| cell.environment == environment)
        .collect();
    let rank = cells.iter().map(|cell| rank(cell)).min().unwrap_or(3);
    let mut lines: Vec<String> = match cells.as_slice() {
        [] => vec!["n/a".to_owned()],
        [first, rest @ ..] if rest.iter().all(|cell| symbol(cell) == symbol(first)) => {
            vec![symbol(first).to_owned()]
        }
        cells => cells
            .iter()
            .map(|cell| format!("{} {}", letter(cell.service), symbol(cell)))
            .collect(),
    };
    lines.dedup();
    Mark { lines, rank }
}

const fn letter(service: Service) -> &'static str {
    match service {
        Service::FinOps => "F",
        _ => "D",
    }
}

/// Told apart without colour.
fn symbol(cell: &IsolationCell) -> &'static str {
    if cell.is_left_there() {
        return "USER";
    }
    match (cell.state, cell.open) {
        (CellState::ProvenRefused, _) => "shut",
        (CellState::ProvenOpen, _) => "OPEN",
        (CellState::GrantedOnly, Some(false)) => "(no)",
        (CellState::GrantedOnly, Some(true)) => "(YES)",
        (CellState::GrantedOnly, None) => "(?)",
        (CellState::ObservedOnly, Some(true)) => "[YES]",
        (CellState::ObservedOnly, _) => "[no]",
        (CellState::Disagrees, _) => "CLASH",
        (CellState::Unknown, _) => "?",
        (CellState::NotTried, _) => "-",
        (CellState::NotApplicable, _) => "n/a",
    }
}

/// 0 alarms, 1 is in doubt, 2 is as it should be, 3 says nothing.
fn rank(cell: &IsolationCell) -> u8 {
    if cell.is_left_there() {
        return 0;
    }
    match (cell.state, cell.open) {
        (CellState::ProvenOpen | CellState::Disagrees, _)
        | (CellState::GrantedOnly | CellState::ObservedOnly, Some(true)) => 0,
        (CellState::Unknown, _) | (CellState::GrantedOnly | CellState::ObservedOnly, None) => 1,
        (CellState::ProvenRefused, _)
        | (CellState::GrantedOnly | CellState::ObservedOnly, Some(false)) => 2,
        (CellState::NotTried | CellState::NotApplicable, _) => 3,
    }
}

const fn tone(rank: u8) -> Tone {
    match rank {
        0 => Tone::Bad,
        1 => Tone::Doubt,
        2 => Tone::Good,
        _ => Tone::Quiet,
    }
}

fn grid(page: &mut Page, environments: &[&str], room: u16, rows: &[Row<'_>]) {
    let mut header = vec!["registration"];
    header.extend(environments);
    let mut fixed: Vec<Option<u16>> = vec![None];
    fixed.extend(environments.iter().map(|_| Some(room)));
    let drawn: Vec<Vec<Cell>> = rows
        .iter()
        .map(|row| {
            let of = format!("of {}", row.home);
            let mut cells = vec![page.lines(&[&row.short(), &of], Tone::Plain)];
            cells.extend(row.marks.iter().map(|mark| {
                let lines: Vec<&str> = mark.lines.iter().map(String::as_str).collect();
                page.lines(&lines, tone(mark.rank))
            }));
            cells
        })
        .collect();
    page.grid(&header, &fixed, drawn);
}

/// Where there is no room for columns: a line a row, environments that say the same together.
fn lines(page: &mut Page, environments: &[&str], rows: &[Row<'_>]) {
    for row in rows {
        let mut said: BTreeMap<&Mark, Vec<&str>> = BTreeMap::new();
        for (name, mark) in environments.iter().zip(&row.marks) {
            if *name != row.home {
                said.entry(mark).or_default().push(name);
            }
        }
        let mut parts: Vec<(u8, String)> = said
            .into_iter()
            .map(|(mark, names)| {
                let text = format!("{}: {}", names.join(", "), mark.lines.join(" "));
                (mark.rank, text)
            })
            .collect();
        parts.sort();
        let worst = parts.first().map_or(3, |(rank, _)| *rank);
        let text: Vec<String> = parts.into_iter().map(|(_, text)| text).collect();
        let text = format!("{} of {} · {}", row.title(), row.home, text.join(" · "));
        let tone = if worst < 2 { tone(worst) } else { Tone::Plain };
        page.paragraph(0, 2, &text, tone);
    }
}

#[cfg(test)]
mod tests;
