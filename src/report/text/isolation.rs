//! Which environments let which registrations in: one row a registration, or one for all that are alike.

use std::collections::BTreeMap;
use std::iter::once;

use super::page::{Page, Tone, lines};
use crate::model::plural::count;
use crate::model::{Service, assessment::Assessment};
use crate::report::view::cells::Danger;
use crate::report::view::isolation::{Matrix, Place};

/// From so many on, rows that say the same are one.
const ALIKE: usize = 4;
/// The longest mark, `D CLASH`.
const MARK_ROOM: u16 = 7;
/// What a column's title may widen it to.
const TITLE_ROOM: u16 = 10;
/// What the first column needs at least.
const NAME_ROOM: u16 = 16;

/// The matrix; nothing where the estate has one environment only.
pub(crate) fn isolation(page: &mut Page, assessment: &Assessment) {
    let matrix = Matrix::of(&assessment.registrations);
    let environments = &matrix.environments;
    if environments.is_empty() {
        return;
    }
    page.heading("ISOLATION which environments accept which registrations");
    let rows = rows(&matrix);
    match room(page, environments) {
        Some(room) => grid(page, environments, room, &rows),
        None => each(page, environments, &rows),
    }
    page.paragraph(
        0,
        0,
        "no refused, YES accepted: proven by the list of users and a real call. (no) (YES) by the list alone, (?) a \
         user that could not be tested · [no] [YES] by a real call alone. USER an application user exists there; \
         it is disabled, has no roles, or could not be tested. CLASH list and call contradict each other · ? not \
         checked · - not tried · n/a does not apply · D Dataverse · F Finance & Operations",
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

/// What stands in one place of the matrix: `no`, or a line a service where they differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    danger: Danger,
    lines: Vec<String>,
}

impl Mark {
    fn of(place: &Place<'_>) -> Self {
        let mut marks = place.cells.iter().map(|(_, sign)| sign.mark);
        let lines = match marks.next() {
            _ if place.is_home => vec!["home".to_owned()],
            None => vec!["n/a".to_owned()],
            Some(first) if marks.all(|mark| mark == first) => vec![first.to_owned()],
            Some(_) => {
                let named = place.cells.iter().map(|(cell, sign)| {
                    let service = if cell.service == Service::FinOps {
                        "F"
                    } else {
                        "D"
                    };
                    format!("{service} {}", sign.mark)
                });
                named.collect()
            }
        };
        let danger = place.danger;
        Self { danger, lines }
    }

    const fn tone(&self) -> Tone {
        Tone::of_danger(self.danger)
    }
}

/// Registrations of one environment whose cells say the same.
struct Row<'a> {
    home: &'a str,
    names: Vec<&'a str>,
    marks: Vec<Mark>,
}

/// Rows that say the same are one, unless somebody is accepted or has a user there: then each has its name.
fn rows<'a>(matrix: &Matrix<'a>) -> Vec<Row<'a>> {
    let mut alike: BTreeMap<(&str, Vec<Mark>), Vec<&str>> = BTreeMap::new();
    for row in &matrix.rows {
        let marks = row.places.iter().map(Mark::of).collect();
        let same = (row.view.environment.as_str(), marks);
        alike.entry(same).or_default().push(&row.view.name);
    }
    let mut rows = Vec::new();
    for ((home, marks), names) in alike {
        let alarming = marks.iter().any(|mark| mark.danger == Danger::Alarm);
        let size = if names.len() >= ALIKE && !alarming {
            names.len()
        } else {
            1
        };
        rows.extend(names.chunks(size).map(|names| Row {
            home,
            names: names.to_vec(),
            marks: marks.clone(),
        }));
    }
    rows.sort_by_key(|row| (row.home, row.names.len() > 1, row.names.first().copied()));
    rows
}

fn grid(page: &mut Page, environments: &[&str], room: u16, rows: &[Row<'_>]) {
    let titles = environments.iter().map(|name| (*name, Some(room)));
    let columns: Vec<_> = once(("registration", None)).chain(titles).collect();
    let drawn = rows.iter().map(|row| {
        let name = match row.names.as_slice() {
            [name] => (*name).to_owned(),
            names => format!("{} alike", names.len()),
        };
        let whose = lines(&[name, format!("of {}", row.home)], Tone::Plain);
        let marks = row.marks.iter().map(|mark| lines(&mark.lines, mark.tone()));
        once(whose).chain(marks).collect()
    });
    page.grid(&columns, drawn.collect());
}

/// Where there is no room for columns: a line a row, environments that say the same together.
fn each(page: &mut Page, environments: &[&str], rows: &[Row<'_>]) {
    for row in rows {
        let mut said: BTreeMap<&Mark, Vec<&str>> = BTreeMap::new();
        for (name, mark) in environments.iter().zip(&row.marks) {
            if *name != row.home {
                said.entry(mark).or_default().push(name);
            }
        }
        let mut text = match row.names.as_slice() {
            [name] => (*name).to_owned(),
            names => count(names.len(), "registration"),
        };
        text.push_str(&format!(" of {}", row.home));
        for (mark, names) in &said {
            text.push_str(&format!(
                " · {}: {}",
                names.join(", "),
                mark.lines.join(" ")
            ));
        }
        let worst = said
            .keys()
            .next()
            .filter(|mark| mark.danger <= Danger::Doubt);
        page.paragraph(0, 2, &text, worst.map_or(Tone::Plain, |mark| mark.tone()));
    }
}

#[cfg(test)]
mod tests;
