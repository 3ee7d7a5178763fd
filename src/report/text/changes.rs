//! Two runs side by side: what is new, changed, fixed, lost and unreadable.

use super::page::{Page, Tone};
use super::{TableOptions, look};
use crate::model::diff::{Change, CutShort, Diff, Question, Side};
use crate::model::plural::count;
use crate::model::time::{day, minute};

/// Questions shown of each list; JSON has them all.
const QUESTIONS: usize = 20;

/// The comparison as text.
#[must_use]
pub fn changes(diff: &Diff, options: &TableOptions) -> String {
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
    findings(&mut page, "LOST FROM SIGHT, not fixed", '?', &diff.lost);
    findings(&mut page, "FIXED", '-', &diff.fixed);
    questions(&mut page, "NEWLY UNREADABLE", &diff.newly_unreadable);
    lists(&mut page, &diff.newly_cut_short);
    questions(&mut page, "NEWLY READABLE", &diff.newly_readable);
    page.into_text()
}

/// Everything in one line.
fn line(diff: &Diff) -> String {
    let counts = [
        (diff.new.len(), "new"),
        (diff.changed.len(), "changed"),
        (diff.lost.len(), "lost from sight"),
        (diff.fixed.len(), "fixed"),
        (diff.unchanged, "unchanged"),
    ];
    let mut parts: Vec<String> = counts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    if parts.is_empty() {
        parts.push("no finding in either".to_owned());
    }
    let questions = [
        (diff.newly_unreadable.len(), "newly unreadable"),
        (diff.newly_readable.len(), "newly readable"),
    ];
    for (number, word) in questions {
        if number > 0 {
            parts.push(format!("{} {word}", count(number, "question")));
        }
    }
    let lists = diff.newly_cut_short.len();
    if lists > 0 {
        parts.push(format!(
            "{} newly not read to the end",
            count(lists, "list")
        ));
    }
    parts.join(" · ")
}

fn side(side: &Side) -> String {
    let mut words = format!(
        "{} ({}), policy {}, exit code {}",
        minute(side.collected),
        side.run.get(..8).unwrap_or(&side.run),
        side.policy,
        side.exit_code
    );
    if side.as_of != side.collected {
        words.push_str(&format!(", as of {}", day(side.as_of)));
    }
    words
}

fn findings(page: &mut Page, title: &str, mark: char, changes: &[Change]) {
    if changes.is_empty() {
        return;
    }
    page.heading(&format!("{title} ({})", changes.len()));
    for change in changes {
        let severity = match change.severity_before {
            Some(before) => format!("{before} -> {}", change.severity),
            None => change.severity.to_string(),
        };
        page.paragraph(
            2,
            4,
            &format!("{mark} {severity}  {}  {}", change.check, change.resource),
            Tone::of(change.severity),
        );
        page.paragraph(6, 6, &change.seen, Tone::Plain);
        if let Some(why) = &change.why {
            page.paragraph(6, 6, &format!("({why})"), Tone::Quiet);
        }
    }
}

fn lists(page: &mut Page, lists: &[CutShort]) {
    if lists.is_empty() {
        return;
    }
    page.heading(&format!("NEWLY NOT READ TO THE END ({})", lists.len()));
    for list in lists {
        let line = format!("{}: {} read, then: {}", list.list, list.read, list.seen);
        page.paragraph(2, 6, &line, Tone::Plain);
    }
}

fn questions(page: &mut Page, title: &str, questions: &[Question]) {
    if questions.is_empty() {
        return;
    }
    page.heading(&format!("{title} ({})", questions.len()));
    for question in questions.iter().take(QUESTIONS) {
        page.paragraph(
            2,
            6,
            &format!(
                "{}  {}: {}",
                question.check, question.resource, question.seen
            ),
            Tone::Plain,
        );
    }
    let rest = questions.len().saturating_sub(QUESTIONS);
    if rest > 0 {
        page.paragraph(
            2,
            2,
            &format!("and {rest} more; --format json lists them all"),
            Tone::Quiet,
        );
    }
}
