//! The matrix of privileges: expected against proven, by table and operation.

use std::iter::once;

use super::page::{Page, Piece, Tone, cell};
use crate::model::assessment::{Assessment, CellState, PrivilegeCell, Stated};
use crate::model::{Service, plural::count};
use crate::report::view::cells::Sign;
use crate::report::view::privileges::{self, Privileges};

/// One line a registration where everything is as declared, a grid where anything is not.
pub(crate) fn privileges(page: &mut Page, assessment: &Assessment) {
    let all = privileges::privileges(assessment);
    if all.is_empty() {
        return;
    }
    let plain: Vec<_> = all.iter().filter(|one| !is_odd(one)).collect();
    page.heading(&heading(all.len(), &plain));
    bodies(page, &all);
}

/// The same without a heading.
pub(crate) fn bodies(page: &mut Page, all: &[Privileges<'_>]) {
    let (odd, plain): (Vec<_>, Vec<_>) = all.iter().partition(|one| is_odd(one));
    for one in plain {
        let (name, environment) = (&one.view.name, &one.view.environment);
        let text = format!("{name} in {environment}: {}", counted(one));
        page.paragraph(0, 2, &text, Tone::Plain);
    }
    for one in &odd {
        let title = format!("{} in {}", one.view.name, one.view.environment);
        page.paragraph(0, 2, &title, Tone::Plain);
        let columns = one.operations.len() * usize::from(ROOM + 1);
        if usize::from(page.look.width) < usize::from(NAMES) + columns {
            list(page, one);
        } else {
            grid(page, one);
        }
    }
    if !odd.is_empty() {
        page.paragraph(0, 0, LEGEND, Tone::Quiet);
    }
}

/// `PRIVILEGES 65 registrations, 40 as declared, 5 by the roles only, 1 not wholly tried`: what no call shows
/// and what nobody tried is not counted as it should be.
fn heading(number: usize, plain: &[&Privileges<'_>]) -> String {
    let tried = || {
        plain
            .iter()
            .filter(|one| one.count(&[CellState::NotTried]) == 0)
    };
    let shown = tried().filter(|one| one.shown).count();
    let mut text = format!(
        "PRIVILEGES {}, {shown} as declared",
        count(number, "registration")
    );
    for (number, how) in [
        (tried().count() - shown, "by the roles only"),
        (plain.len() - tried().count(), "not wholly tried"),
    ] {
        if number > 0 {
            text.push_str(&format!(", {number} {how}"));
        }
    }
    text
}

const LEGEND: &str = "A allowed by the estate, D denied, ~ not declared · ++ accepted, -- refused: a real call and \
                      the roles agree · \
     g+ g- by the roles only · o+ o- by a real call only · >< the two contradict each other · ? unknown · . not tried · \
     n/a no such table · ! differs from the estate · ? after a mark: not enough evidence to confirm the rule";

/// Whether a registration needs more than a line.
fn is_odd(one: &Privileges<'_>) -> bool {
    let open_unsaid =
        |cell: &PrivilegeCell| cell.stated == Stated::NotStated && cell.open == Some(true);
    one.wrong + one.unsettled + one.count(&[CellState::NotApplicable]) > 0
        || one.view.privileges.iter().any(open_unsaid)
}

/// `all 12 as declared: 8 proven, 3 by the roles only, 1 by a call only; 2 not tried`.
fn counted(one: &Privileges<'_>) -> String {
    let proven = one.count(&[CellState::ProvenOpen, CellState::ProvenRefused]);
    let kinds = [
        (proven, "proven"),
        (one.count(&[CellState::GrantedOnly]), "by the roles only"),
        (one.count(&[CellState::ObservedOnly]), "by a call only"),
    ];
    let known: usize = kinds.iter().map(|(number, _)| number).sum();
    let kinds = kinds.iter().filter(|(number, _)| *number > 0);
    let kinds: Vec<String> = kinds
        .map(|(number, kind)| format!("{number} {kind}"))
        .collect();
    let left = one.count(&[CellState::NotTried]);
    let all = [
        (
            known,
            format!("all {known} as declared: {}", kinds.join(", ")),
        ),
        (left, format!("{left} not tried")),
    ];
    let all = all.into_iter().filter(|(number, _)| *number > 0);
    all.map(|(_, text)| text).collect::<Vec<_>>().join("; ")
}

/// The widest mark, and `append`.
const ROOM: u16 = 6;
/// What the column of names needs at least.
const NAMES: u16 = 18;

/// Where there is no room for columns: a line for each table.
fn list(page: &mut Page, one: &Privileges<'_>) {
    for (service, thing, cells) in &one.rows {
        let marks = cells.iter().flatten().map(|cell| {
            let mark = drawn_mark(cell);
            format!("{} {mark}", cell.operation.as_str())
        });
        let marks = marks.collect::<Vec<_>>().join(", ");
        let text = format!("{}{thing}: {marks}", prefix(*service));
        let is_bad = cells.iter().flatten().any(|cell| tone(cell) == Tone::Bad);
        page.paragraph(2, 4, &text, if is_bad { Tone::Bad } else { Tone::Plain });
    }
}

/// What comes before a collection's name.
const fn prefix(service: Service) -> &'static str {
    match service {
        Service::FinOps => "F&O ",
        _ => "",
    }
}

fn grid(page: &mut Page, one: &Privileges<'_>) {
    let operations = one
        .operations
        .iter()
        .map(|operation| (operation.as_str(), Some(ROOM)));
    let columns: Vec<_> = once(("table or collection", None))
        .chain(operations)
        .collect();
    let rows = one.rows.iter().map(|(service, thing, cells)| {
        let name = cell(format!("{}{thing}", prefix(*service)), Tone::Plain);
        once(name).chain(cells.iter().copied().map(drawn)).collect()
    });
    page.grid(&columns, rows.collect());
}

fn drawn(privilege: Option<&PrivilegeCell>) -> Piece {
    let Some(privilege) = privilege else {
        return cell("", Tone::Plain);
    };
    cell(drawn_mark(privilege), tone(privilege))
}

/// `A g+?`: what the estate says, what was found, whether the two agree.
fn drawn_mark(privilege: &PrivilegeCell) -> String {
    let stated = match privilege.stated {
        Stated::Allowed => "A",
        Stated::Denied => "D",
        Stated::NotStated => "~",
    };
    let odd = match privilege.as_stated {
        Some(false) => "!",
        None if privilege.is_unsettled() && privilege.state != CellState::Unknown => "?",
        _ => "",
    };
    let mark = Sign::of(privilege.state, privilege.open).short;
    format!("{stated} {mark}{odd}")
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
        let marks: BTreeSet<&str> = every_cell()
            .iter()
            .map(|cell| Sign::of(cell.state, cell.open).short)
            .collect();
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
                powershell_first: false,
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
                "raia in prod: all 6 as declared: 2 proven, 2 by the roles only, 2 by a call\n  only; 1 not tried\n"
            ),
            "{text}"
        );
        assert!(
            text.contains("PRIVILEGES 1 registration, 0 as declared, 1 not wholly tried"),
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
        assert!(of(&|_| true).contains("PRIVILEGES 1 registration, 1 as declared\n"));
        let roles = of(&|cell| cell.state == CellState::GrantedOnly);
        assert!(
            roles.contains("PRIVILEGES 1 registration, 0 as declared, 1 by the roles only"),
            "{roles}"
        );
    }
}
