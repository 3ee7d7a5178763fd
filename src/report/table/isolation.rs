//! Which environments let which registrations in: one row a registration, or one for all that are alike.

use std::collections::BTreeMap;

use comfy_table::Cell;

use crate::model::Service;
use crate::model::assessment::{Assessment, CellState, IsolationCell, RegistrationView};
use crate::report::words;

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
pub(super) fn isolation(page: &mut Page, assessment: &Assessment) {
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
        "Proven by list and call: shut refused · OPEN let in. By the list of users alone: (no) no user \
         there · (YES) an enabled one · (?) a user, not told whether it gets in. By a call alone: [no] \
         refused · [YES] let in. CLASH list and call contradict each other · ? could not be told · - not \
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
            names => words::count(names.len(), "registration"),
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

/// Rows that say the same are one, unless somebody is let in: then each has its name.
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
const fn symbol(cell: &IsolationCell) -> &'static str {
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
const fn rank(cell: &IsolationCell) -> u8 {
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
mod tests {
    use super::super::{TableOptions, plain, table};
    use super::*;
    use crate::report::fixture::{HOSTILE, columns, empty, proven};
    use crate::report::text::is_hostile;

    const SIX: [&str; 6] = ["dev", "dev-2", "prod", "prod-2", "test", "training"];

    fn cell(
        environment: &str,
        service: Service,
        state: CellState,
        open: Option<bool>,
    ) -> IsolationCell {
        IsolationCell {
            environment: environment.to_owned(),
            service,
            state,
            open,
            observed: "403 0x80072560".to_owned(),
            granted: "no such user".to_owned(),
        }
    }

    /// Refused by production, in no list elsewhere.
    fn apart(name: &str, home: &str) -> RegistrationView {
        let mut view = proven(name, home, "development");
        for environment in SIX.iter().filter(|environment| **environment != home) {
            let state = if environment.starts_with("prod") {
                CellState::ProvenRefused
            } else {
                CellState::GrantedOnly
            };
            for service in [Service::Dataverse, Service::FinOps] {
                view.isolation
                    .push(cell(environment, service, state, Some(false)));
            }
        }
        view
    }

    fn with(views: Vec<RegistrationView>) -> Assessment {
        let mut assessment = empty();
        assessment.registrations = views;
        assessment
    }

    fn at(width: u16, assessment: &Assessment) -> String {
        let text = table(
            assessment,
            &TableOptions {
                width,
                colour: false,
            },
        );
        let from = text.find("ISOLATION").expect("the matrix is there");
        let to = text[from..]
            .find("\n\n")
            .map_or(text.len(), |end| from + end);
        text[from..to].to_owned()
    }

    fn few() -> Assessment {
        let mut open = apart("raia-dev", "dev");
        open.isolation[2] = cell(
            "prod",
            Service::Dataverse,
            CellState::ProvenOpen,
            Some(true),
        );
        with(vec![open, apart("erp-dev", "dev"), apart("raia", "prod")])
    }

    #[test]
    fn a_cell_whose_services_differ_says_both_and_the_others_one() {
        insta::assert_snapshot!(at(80, &few()));
    }

    #[test]
    fn a_narrow_terminal_gets_lines() {
        let text = at(60, &few());
        assert!(
            text.contains("raia-dev of dev · prod: D OPEN F shut"),
            "{text}"
        );
        for line in text.lines() {
            assert!(columns(line) <= 60, "{line}");
        }
    }

    #[test]
    fn two_hundred_registrations_in_six_environments_fit_a_terminal() {
        let mut views: Vec<RegistrationView> = (0..200)
            .map(|number| apart(&format!("integration-{number:03}"), SIX[number % 6]))
            .collect();
        views[7].isolation[0].state = CellState::Disagrees;
        let text = at(80, &with(views));
        assert!(text.contains("34 alike"), "{text}");
        assert!(text.contains("integration-007"), "{text}");
        assert!(!text.contains("integration-013"), "{text}");
        assert!(text.lines().count() < 40, "{text}");
        assert!(text.lines().all(|line| columns(line) <= 80), "{text}");
    }

    #[test]
    fn every_state_has_a_mark_of_its_own_and_the_legend_names_it() {
        let mut marks = std::collections::BTreeSet::new();
        for state in CellState::ALL {
            let opens: &[Option<bool>] = match state {
                CellState::GrantedOnly => &[None, Some(false), Some(true)],
                CellState::ObservedOnly => &[Some(false), Some(true)],
                _ => &[None],
            };
            for open in opens {
                let mark = symbol(&cell("prod", Service::Dataverse, state, *open));
                assert!(marks.insert(mark), "{mark} stands for two things");
                assert!(
                    mark.is_ascii() && mark.len() + 2 <= usize::from(MARK_ROOM),
                    "{mark}"
                );
                let legend: String = at(140, &few())
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ");
                assert!(
                    legend.contains(&format!("{mark} ")) || legend.contains(&format!("{mark},")),
                    "{mark}"
                );
            }
        }
    }

    #[test]
    fn one_environment_has_no_matrix_and_mail_draws_no_boxes() {
        let alone = with(vec![proven("raia", "prod", "production")]);
        let text = table(&alone, &TableOptions::default());
        assert!(!text.contains("ISOLATION"), "{text}");
        let mail = plain(&few(), 78);
        assert!(mail.contains("D OPEN") && !mail.contains('─'), "{mail}");
        assert!(mail.lines().all(|line| columns(line) <= 78));
    }

    #[test]
    fn hostile_names_fit_and_are_harmless_at_every_width() {
        let mut view = apart(HOSTILE, "dev");
        view.isolation[0].environment = HOSTILE.to_owned();
        for width in [60, 80, 100, 140] {
            let text = at(width, &with(vec![view.clone()]));
            assert!(!text.chars().any(|one| one != '\n' && is_hostile(one)));
            for line in text.lines() {
                assert!(columns(line) <= width, "{width}: {line}");
            }
        }
    }
}
