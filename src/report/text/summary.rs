//! The run on one screen: what works, what to do first, what is exposed, what was not checked.

use crate::model::assessment::{Assessment, Urgency};
use crate::model::plural::count;
use crate::model::time::minute;
use crate::report::printable::{capital, clean};
use crate::report::view::run::caveats;
use crate::report::view::summary::{Condition, Entry, conditions, entries, whereabouts};
use crate::report::view::unread::{Hole, holes};
use crate::report::view::verdict;

use super::head;
use super::page::{Look, Page, Tone};

/// Lines that a screen of 80 columns may have.
const LINES: usize = 40;

/// The summary; `more` are the commands that say more, each with what it shows.
pub(crate) fn summary(look: Look, assessment: &Assessment, more: &[(String, &str)]) -> String {
    let mut page = Page::new(look);
    top(&mut page, assessment);
    let mut foot = Page::new(look);
    commands(&mut foot, more);
    foot.blank();
    head::verdict(&mut foot, assessment);
    let foot = foot.into_text();
    let sections = sections(look, assessment);
    let head = page.into_text();
    let used = head.lines().count() + foot.lines().count();
    let frames: usize = sections.iter().map(|one| one.frame()).sum();
    let room = (LINES * 80)
        .div_ceil(usize::from(look.width).min(80))
        .max(LINES);
    let shares = share(&sections, room.saturating_sub(used + frames));
    let mut text = head;
    for (section, share) in sections.iter().zip(shares) {
        text.push_str(&section.text(look, share));
    }
    text.push_str(&foot);
    text
}

fn top(page: &mut Page, assessment: &Assessment) {
    let run = &assessment.run;
    let title = format!(
        "{} · {} · policy {}",
        assessment.tool,
        minute(run.as_of),
        run.policy
    );
    if run.no_identity {
        page.paragraph(0, 2, verdict::NO_IDENTITY, Tone::Bad);
        page.blank();
    }
    page.paragraph(0, 2, &title, Tone::Quiet);
    for caveat in caveats(run) {
        page.paragraph(0, 2, &caveat, Tone::Doubt);
    }
    page.blank();
    let counts = conditions(assessment);
    let all = count(assessment.registrations.len(), "integration");
    page.paragraph(0, 2, &all, Tone::Heading);
    for (condition, number) in counts {
        // Other findings are worth a line only where there are some.
        if number > 0 || !matches!(condition, Condition::Minor | Condition::Serious) {
            let phrase = condition.phrase(number == 1);
            let tone = tone(condition, number);
            page.paragraph(2, 4, &format!("{number:>4} {phrase}"), tone);
        }
    }
}

fn tone(condition: Condition, number: usize) -> Tone {
    match condition {
        _ if number == 0 => Tone::Quiet,
        Condition::CannotSignIn
        | Condition::LacksAccess
        | Condition::DoesTooMuch
        | Condition::Serious => Tone::Bad,
        Condition::Expires | Condition::NotChecked => Tone::Doubt,
        Condition::Minor => Tone::Plain,
        Condition::Fine => Tone::Good,
    }
}

/// One line or more for the same thing, and whom it stands for when it has to be folded.
struct Row {
    lines: String,
    names: Vec<String>,
}

struct Section {
    title: &'static str,
    rows: Vec<Row>,
}

impl Section {
    /// Lines beside those of the rows: a blank one, the title, and one for what is folded.
    fn frame(&self) -> usize {
        if self.rows.is_empty() { 0 } else { 3 }
    }

    /// The first `shown` rows; what is left is counted, and named as far as one line goes.
    fn text(&self, look: Look, shown: usize) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let mut page = Page::new(look);
        page.heading(self.title);
        let mut text = page.into_text();
        let (rows, folded) = self.rows.split_at(shown);
        text.extend(rows.iter().map(|row| row.lines.as_str()));
        if !folded.is_empty() {
            text.push_str(&fold(look, folded));
        }
        text
    }
}

/// `… and 8 more: a, b, c (5 others)`, on one line.
fn fold(look: Look, rows: &[Row]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in rows.iter().flat_map(|row| &row.names) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let mut line = format!("  … and {} more", rows.len());
    for (index, name) in names.iter().enumerate() {
        let rest = names.len() - index;
        let joint = if index == 0 { ": " } else { ", " };
        let longer = format!("{line}{joint}{name}");
        let room = usize::from(look.width).saturating_sub(14);
        if console::measure_text_width(&longer) > room {
            if index > 0 {
                line.push_str(&format!("{joint}{rest} others"));
            }
            break;
        }
        line = longer;
    }
    line.push('\n');
    line
}

/// How many rows each section shows within `room` lines: a row each in turn, so that no section starves; the first has
/// most to say and takes two.
fn share(sections: &[Section], room: usize) -> Vec<usize> {
    let mut shown = vec![0; sections.len()];
    let mut left = room;
    loop {
        let before = left;
        for (index, section) in sections.iter().enumerate() {
            for _ in 0..if index == 0 { 2 } else { 1 } {
                let next = section.rows.get(shown[index]);
                let Some(lines) = next.map(|row| row.lines.lines().count()) else {
                    break;
                };
                if lines > left {
                    break;
                }
                shown[index] += 1;
                left -= lines;
            }
        }
        if left == before {
            return shown;
        }
    }
}

fn sections(look: Look, assessment: &Assessment) -> Vec<Section> {
    let rows = |which: &[Urgency]| {
        let entries = entries(assessment, which);
        rows(look, assessment, &entries)
    };
    vec![
        Section {
            title: "FIX TODAY",
            rows: rows(&[Urgency::Broken, Urgency::Soon]),
        },
        Section {
            title: "EXPOSED",
            rows: rows(&[Urgency::Exposure]),
        },
        Section {
            title: "OTHER SERIOUS FINDINGS",
            rows: rows(&[Urgency::Rest]),
        },
        Section {
            title: "NOT CHECKED",
            rows: unchecked(look, assessment),
        },
    ]
}

/// What has no answer, once per cause; and what only a real write could tell.
fn unchecked(look: Look, assessment: &Assessment) -> Vec<Row> {
    let of = |hole: &Hole<'_>| Row {
        lines: unread(look, hole),
        names: hole
            .registrations
            .iter()
            .map(|name| (*name).to_owned())
            .collect(),
    };
    let mut rows: Vec<Row> = holes(assessment).iter().map(of).collect();
    let views = assessment.registrations.iter();
    let not_tried: usize = views.map(|view| view.not_tried.len()).sum();
    if not_tried > 0 {
        let mut page = Page::new(look);
        let what = count(not_tried, "expectation");
        let text = format!("{what} beyond reading in F&O: only a real write would show");
        page.paragraph(2, 4, &text, Tone::Plain);
        let names = assessment.registrations.iter();
        rows.push(Row {
            lines: page.into_text(),
            names: names
                .filter(|view| !view.not_tried.is_empty())
                .map(|view| view.name.clone())
                .collect(),
        });
    }
    rows
}

fn rows(look: Look, assessment: &Assessment, entries: &[Entry<'_>]) -> Vec<Row> {
    let row = |entry: &Entry<'_>| {
        let names = entry.names();
        let place = match entry.findings.as_slice() {
            [one] => whereabouts(assessment, one),
            _ => None,
        };
        Row {
            lines: line(look, &names, place, entry.what()),
            names,
        }
    };
    entries.iter().map(row).collect()
}

/// `erp-bridge (prod): secret expired 27 Nov · erp-platform@contoso.com`.
fn line(look: Look, names: &[String], place: Option<(&str, &str)>, what: &str) -> String {
    let mut page = Page::new(look);
    let who = match names {
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, second, rest @ ..] => format!("{first}, {second} and {} more", rest.len()),
        [] => String::new(),
    };
    let text = match place {
        Some((environment, owner)) => format!("{who} ({environment}): {what} · {owner}"),
        None => format!("{who}: {what}"),
    };
    page.paragraph(2, 4, &text, Tone::Plain);
    page.into_text()
}

/// Why something was not checked, and for whom.
fn unread(look: Look, hole: &Hole<'_>) -> String {
    let mut page = Page::new(look);
    let whom: Vec<&str> = hole.registrations.iter().copied().collect();
    let whom = match whom.as_slice() {
        [] => String::new(),
        [one] => format!(" · {one}"),
        [one, rest @ ..] => format!(" · {one} and {} more", rest.len()),
    };
    let why = match hole.right {
        Some(right) => format!("{} on {} is not granted", right.role, right.scope),
        None => clean(hole.seen.first().copied().unwrap_or_default()),
    };
    let text = match hole.open() {
        0 => format!("A list is incomplete: {why}{whom}"),
        open => format!("{}: {why}{whom}", count(open, "check")),
    };
    page.paragraph(2, 4, &text, Tone::Plain);
    page.into_text()
}

fn commands(page: &mut Page, more: &[(String, &str)]) {
    if more.is_empty() {
        return;
    }
    page.blank();
    let longest = more
        .iter()
        .map(|(command, _)| command.chars().count())
        .max();
    let column = longest.unwrap_or_default() + 2;
    let fits = |(_, what): &(String, &str)| column + what.len() <= usize::from(page.look.width);
    let beside = more.iter().all(fits);
    for (command, what) in more {
        if beside {
            page.command(0, &format!("{command:<column$}{what}"));
        } else {
            page.paragraph(0, 0, &format!("{}:", capital(what)), Tone::Quiet);
            page.command(2, command);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Effect;
    use crate::report::fixture;

    /// So many registrations, half of them broken, a quarter exposed.
    fn company(number: usize) -> Assessment {
        let mut assessment = fixture::rich();
        let finding = assessment.findings[0].clone();
        assessment.findings.clear();
        assessment.registrations.clear();
        for index in 0..number {
            let name = format!("integration-with-a-long-name-{index:04}");
            let view = fixture::proven(&name, "production-europe", "production");
            assessment.registrations.push(view);
            let mut one = finding.clone();
            (one.effect, one.urgency) = match index % 4 {
                0 | 1 => (Effect::SignIn, Urgency::Broken),
                2 => (Effect::Excess, Urgency::Exposure),
                _ if index % 8 == 3 => (Effect::Upkeep, Urgency::Rest),
                _ => continue,
            };
            one.registrations = vec![name];
            one.what = format!(": secret crm-prod/entry-{index} is not a valid credential").into();
            assessment.findings.push(one);
        }
        assessment.findings.sort_by_key(|one| one.urgency);
        assessment
    }

    fn shown(assessment: &Assessment, width: u16) -> String {
        let more = [("credaudit demo --full".to_owned(), "everything")];
        summary(Look::plain(width), assessment, &more)
    }

    #[test]
    fn it_is_one_screen_for_any_number_and_counts_what_it_folds() {
        for number in [1, 12, 65, 1000] {
            let assessment = company(number);
            let mut healthy = company(number);
            healthy.findings.clear();
            for (width, most) in [(40, 80), (80, 40), (120, 40)] {
                for one in [&assessment, &healthy] {
                    let text = shown(one, width);
                    let lines = text.lines().count();
                    assert!(lines <= most, "{number} at {width}: {lines} lines\n{text}");
                }
            }
            let text = shown(&assessment, 80);
            let is_row = |line: &&str| line.starts_with("  integration-with");
            let rows = text.lines().filter(is_row).count();
            let folded: usize = text
                .lines()
                .filter_map(|line| {
                    line.strip_prefix("  … and ")?
                        .split(' ')
                        .next()?
                        .parse::<usize>()
                        .ok()
                })
                .sum();
            let holes = holes(&assessment).len();
            assert!(rows + folded >= assessment.findings.len(), "{text}");
            assert!(rows + folded <= assessment.findings.len() + holes, "{text}");
        }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_the_verdict_comes_last() {
        let assessment = company(65);
        for width in 40..=140 {
            let text = shown(&assessment, width);
            for line in text.lines().filter(|line| !line.contains("credaudit demo")) {
                let columns = console::measure_text_width(line);
                assert!(columns <= usize::from(width), "{columns} > {width}: {line}");
            }
            let last = text.trim_end().rsplit("\n\n").next().unwrap_or_default();
            let words: Vec<&str> = last.split_whitespace().collect();
            assert!(words.join(" ").contains("exit code"), "{text}");
        }
    }
}
