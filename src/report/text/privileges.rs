//! The matrix of privileges: expected against proven, by table and operation.

use crate::model::plural::count;
use comfy_table::Cell;

use crate::model::assessment::{CellState, PrivilegeCell, RegistrationView, Stated};
use crate::model::{Assessment, Operation, Service};

use super::page::{Page, Tone};

/// One line a registration where everything is as stated, a grid where anything is not.
pub(crate) fn privileges(page: &mut Page, assessment: &Assessment) {
    let views: Vec<&RegistrationView> = assessment
        .registrations
        .iter()
        .filter(|view| !view.privileges.is_empty())
        .collect();
    if views.is_empty() {
        return;
    }
    let (odd, plain): (Vec<_>, Vec<_>) = views.iter().copied().partition(|view| is_odd(view));
    page.heading(&heading(views.len(), &plain));
    for view in &plain {
        let text = format!(
            "{} in {}: {}",
            view.name,
            view.environment,
            counted(&view.privileges)
        );
        page.paragraph(0, 2, &text, Tone::Plain);
    }
    for view in &odd {
        let title = format!("{} in {}", view.name, view.environment);
        page.paragraph(0, 2, &title, Tone::Plain);
        grid(page, view);
    }
    if !odd.is_empty() {
        page.paragraph(0, 0, LEGEND, Tone::Quiet);
    }
}

/// `PRIVILEGES 65 registrations, 40 as stated, 5 by the roles only, 1 not wholly tried`: what no call shows
/// and what nobody tried is not counted as it should be.
fn heading(number: usize, plain: &[&RegistrationView]) -> String {
    let is_tried = |view: &&RegistrationView| {
        let mut cells = view.privileges.iter();
        cells.all(|cell| cell.state != CellState::NotTried)
    };
    let is_shown = |view: &RegistrationView| view.privileges.iter().any(PrivilegeCell::is_shown);
    let (tried, left): (Vec<&RegistrationView>, Vec<&RegistrationView>) =
        plain.iter().copied().partition(is_tried);
    let shown = tried.iter().filter(|view| is_shown(view)).count();
    let mut text = format!(
        "PRIVILEGES {}, {shown} as stated",
        count(number, "registration")
    );
    for (count, how) in [
        (tried.len() - shown, "by the roles only"),
        (left.len(), "not wholly tried"),
    ] {
        if count > 0 {
            text.push_str(&format!(", {count} {how}"));
        }
    }
    text
}

const LEGEND: &str = "A allowed by the estate, D denied, ~ not stated · ++ open, -- refused: a real call and the roles agree · \
     g+ g- by the roles only · o+ o- by a real call only · >< the two contradict each other · ? unknown · . not tried · \
     n/a no such table · ! not as stated · a ? behind a mark: what the estate states is not settled by it";

/// Whether a registration needs more than a line.
fn is_odd(view: &RegistrationView) -> bool {
    view.privileges.iter().any(|cell| {
        let open_unsaid = cell.stated == Stated::NotStated && cell.open == Some(true);
        cell.is_wrong()
            || cell.is_unsettled()
            || open_unsaid
            || cell.state == CellState::NotApplicable
    })
}

/// `all 12 as stated: 8 proven, 3 by the roles only, 1 by a call only; 2 not tried`.
fn counted(cells: &[PrivilegeCell]) -> String {
    let count = |wanted: &[CellState]| {
        let those = cells.iter().filter(|cell| wanted.contains(&cell.state));
        those.count()
    };
    let kinds = [
        (
            count(&[CellState::ProvenOpen, CellState::ProvenRefused]),
            "proven",
        ),
        (count(&[CellState::GrantedOnly]), "by the roles only"),
        (count(&[CellState::ObservedOnly]), "by a call only"),
    ];
    let known: usize = kinds.iter().map(|(number, _)| number).sum();
    let kinds: Vec<String> = kinds
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, kind)| format!("{number} {kind}"))
        .collect();
    let mut parts = Vec::new();
    if known > 0 {
        parts.push(format!("all {known} as stated: {}", kinds.join(", ")));
    }
    let left = count(&[CellState::NotTried]);
    if left > 0 {
        parts.push(format!("{left} not tried"));
    }
    parts.join("; ")
}

fn grid(page: &mut Page, view: &RegistrationView) {
    let cells = &view.privileges;
    let operations: Vec<Operation> = Operation::ALL
        .into_iter()
        .filter(|operation| cells.iter().any(|cell| cell.operation == *operation))
        .collect();
    let mut things: Vec<(Service, &str)> = cells
        .iter()
        .map(|cell| (cell.service, cell.thing.as_str()))
        .collect();
    things.dedup();
    let rows = things
        .into_iter()
        .map(|(service, thing)| {
            let name = match service {
                Service::FinOps => format!("F&O {thing}"),
                _ => thing.to_owned(),
            };
            let mut row = vec![page.cell(&name, Tone::Plain)];
            row.extend(operations.iter().map(|operation| {
                let cell = cells.iter().find(|cell| {
                    cell.service == service && cell.thing == thing && cell.operation == *operation
                });
                drawn(page, cell)
            }));
            row
        })
        .collect();
    let mut header = vec!["table or collection"];
    header.extend(operations.iter().map(|operation| operation.as_str()));
    let mut fixed = vec![None];
    fixed.extend(operations.iter().map(|_| Some(ROOM)));
    page.grid(&header, &fixed, rows);
}

/// The widest mark, and `append`.
const ROOM: u16 = 6;

fn drawn(page: &Page, cell: Option<&PrivilegeCell>) -> Cell {
    let Some(cell) = cell else {
        return page.cell("", Tone::Plain);
    };
    let stated = match cell.stated {
        Stated::Allowed => "A",
        Stated::Denied => "D",
        Stated::NotStated => "~",
    };
    let odd = match cell.as_stated {
        Some(false) => "!",
        None if cell.is_unsettled() && cell.state != CellState::Unknown => "?",
        _ => "",
    };
    page.cell(&format!("{stated} {}{odd}", mark(cell)), tone(cell))
}

fn mark(cell: &PrivilegeCell) -> &'static str {
    match (cell.state, cell.open) {
        (CellState::ProvenOpen, _) => "++",
        (CellState::ProvenRefused, _) => "--",
        (CellState::GrantedOnly, Some(true)) => "g+",
        (CellState::GrantedOnly, _) => "g-",
        (CellState::ObservedOnly, Some(true)) => "o+",
        (CellState::ObservedOnly, _) => "o-",
        (CellState::Disagrees, _) => "><",
        (CellState::Unknown, _) => "?",
        (CellState::NotTried, _) => ".",
        (CellState::NotApplicable, _) => "n/a",
    }
}

fn tone(cell: &PrivilegeCell) -> Tone {
    match (cell.state, cell.as_stated) {
        (CellState::Disagrees, _) | (_, Some(false)) => Tone::Bad,
        (CellState::Unknown, _) => Tone::Doubt,
        (CellState::NotTried | CellState::NotApplicable, _) => Tone::Quiet,
        (_, None) => Tone::Doubt,
        (CellState::ProvenOpen | CellState::ProvenRefused, Some(true)) => Tone::Good,
        (_, Some(true)) => Tone::Plain,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::report::fixture::{columns, empty, proven};
    use crate::report::fixture_privileges::every_cell;
    use crate::report::text::{TableOptions, plain, table};

    fn assessment(cells: Vec<PrivilegeCell>) -> Assessment {
        let mut assessment = empty();
        let mut view = proven("raia", "prod", "production");
        view.privileges = cells;
        assessment.registrations = vec![view];
        assessment
    }

    #[test]
    fn every_kind_of_cell_has_a_mark_of_its_own_and_the_legend_tells_it() {
        let marks: BTreeSet<&str> = every_cell().iter().map(mark).collect();
        assert_eq!(marks.len(), 10);
        for mark in marks {
            assert!(LEGEND.contains(mark), "{mark}");
        }
    }

    #[test]
    fn the_matrix_is_drawn_and_fits() {
        let assessment = assessment(every_cell());
        insta::assert_snapshot!(
            "privileges-80",
            table(&assessment, &TableOptions::default())
        );
        for width in [60, 80, 140] {
            let options = TableOptions {
                width,
                colour: false,
            };
            for text in [table(&assessment, &options), plain(&assessment, width)] {
                for line in text.lines() {
                    assert!(columns(line) <= width, "{width}: {line}");
                }
            }
        }
        let mail = plain(&assessment, 80);
        assert!(!mail.contains('─'), "{mail}");
    }

    #[test]
    fn what_is_as_stated_is_one_line() {
        let cells = every_cell()
            .into_iter()
            .filter(|cell| cell.as_stated == Some(true) || cell.state == CellState::NotTried)
            .collect();
        let text = table(&assessment(cells), &TableOptions::default());
        assert!(
            text.contains(
                "raia in prod: all 6 as stated: 2 proven, 2 by the roles only, 2 by a call\n  only; 1 not tried\n"
            ),
            "{text}"
        );
        assert!(
            text.contains("PRIVILEGES 1 registration, 0 as stated, 1 not wholly tried"),
            "{text}"
        );
        let of = |wanted: &dyn Fn(&PrivilegeCell) -> bool| {
            let cells = every_cell().into_iter();
            let settled = cells.filter(|cell| cell.as_stated == Some(true));
            table(
                &assessment(settled.filter(wanted).collect()),
                &TableOptions::default(),
            )
        };
        assert!(of(&|_| true).contains("PRIVILEGES 1 registration, 1 as stated\n"));
        let roles = of(&|cell| cell.state == CellState::GrantedOnly);
        assert!(
            roles.contains("PRIVILEGES 1 registration, 0 as stated, 1 by the roles only"),
            "{roles}"
        );
    }
}
