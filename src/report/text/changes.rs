//! Two runs side by side: what is new, changed, fixed, lost and unreadable.

use super::page::{Page, Tone};
use super::{TableOptions, look};
use crate::model::diff::{Change, Diff, Question, Side};
use crate::model::plural::count;
use crate::model::time::{day, minute};

/// Questions shown of each list; JSON has them all.
const QUESTIONS: usize = 20;

/// The comparison as text.
pub(crate) fn changes(diff: &Diff, options: &TableOptions) -> String {
    let mut page = Page::new(look(options));
    let tone = if diff.regressions.findings > 0 {
        Tone::Bad
    } else if diff.regressions.unanswered > 0 || !diff.lost.is_empty() {
        Tone::Doubt
    } else {
        Tone::Good
    };
    page.paragraph(0, 2, &line(diff), tone);
    page.field(2, 8, "from", &side(&diff.from));
    page.field(2, 8, "to", &side(&diff.to));
    for caveat in &diff.caveats {
        page.paragraph(2, 2, &format!("Note: {caveat}."), Tone::Doubt);
    }
    findings(&mut page, "NEW", '+', &diff.new);
    findings(&mut page, "CHANGED", '~', &diff.changed);
    findings(&mut page, "NO LONGER CHECKED, not fixed", '?', &diff.lost);
    findings(&mut page, "FIXED", '-', &diff.fixed);
    questions(&mut page, "NEWLY NOT CHECKED", &diff.newly_unreadable);
    let lists = &diff.newly_cut_short;
    listed(&mut page, "NEWLY INCOMPLETE LISTS", lists, |page, list| {
        let line = format!("{}: {} read, then: {}", list.list, list.read, list.seen);
        page.paragraph(2, 6, &line, Tone::Plain);
    });
    questions(&mut page, "NEWLY CHECKED", &diff.newly_readable);
    page.into_text()
}

/// Everything in one line.
fn line(diff: &Diff) -> String {
    let questions =
        |number: usize, word: &str| (number, format!("{} {word}", count(number, "check")));
    let lists = diff.newly_cut_short.len();
    let findings = [
        (diff.new.len(), "new"),
        (diff.changed.len(), "changed"),
        (diff.lost.len(), "no longer checked"),
        (diff.fixed.len(), "fixed"),
        (diff.unchanged, "unchanged"),
    ];
    let none = findings.iter().all(|(number, _)| *number == 0);
    let findings = findings.map(|(number, word)| (number, format!("{number} {word}")));
    let holes = [
        (usize::from(none), "no findings in either".to_owned()),
        questions(diff.newly_unreadable.len(), "newly not checked"),
        questions(diff.newly_readable.len(), "newly checked"),
        (lists, format!("{} newly incomplete", count(lists, "list"))),
    ];
    let all = findings
        .into_iter()
        .chain(holes)
        .filter(|(number, _)| *number > 0);
    all.map(|(_, text)| text).collect::<Vec<_>>().join(" · ")
}

fn side(side: &Side) -> String {
    let mut text = format!(
        "{} ({}), policy {}, exit code {}",
        minute(side.collected),
        side.run.get(..8).unwrap_or(&side.run),
        side.policy,
        side.exit_code
    );
    if side.as_of != side.collected {
        text.push_str(&format!(", as of {}", day(side.as_of)));
    }
    text
}

/// A heading with the number of `items`, and each of them; nothing where there is none.
fn listed<T>(page: &mut Page, title: &str, items: &[T], each: impl Fn(&mut Page, &T)) {
    if !items.is_empty() {
        page.heading(&format!("{title} ({})", items.len()));
        items.iter().for_each(|item| each(page, item));
    }
}

fn findings(page: &mut Page, title: &str, mark: char, changes: &[Change]) {
    listed(page, title, changes, |page, change| {
        let severity = match change.severity_before {
            Some(before) => format!("{before} -> {}", change.severity),
            None => change.severity.to_string(),
        };
        let line = format!("{mark} {severity}  {}  {}", change.check, change.resource);
        page.paragraph(2, 4, &line, Tone::of(change.severity));
        page.paragraph(6, 6, change.seen.letters(), Tone::Plain);
        if let Some(why) = &change.why {
            page.paragraph(6, 6, &format!("({why})"), Tone::Quiet);
        }
    });
}

fn questions(page: &mut Page, title: &str, questions: &[Question]) {
    let left = questions.len().saturating_sub(QUESTIONS);
    let title = format!("{title} ({})", questions.len());
    if !questions.is_empty() {
        page.heading(&title);
    }
    for one in questions.iter().take(QUESTIONS) {
        let line = format!("{}  {}: {}", one.check, one.resource, one.seen);
        page.paragraph(2, 6, &line, Tone::Plain);
    }
    if left > 0 {
        let line = format!("and {left} more; --format json lists them all");
        page.paragraph(2, 2, &line, Tone::Quiet);
    }
}
