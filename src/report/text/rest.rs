//! The rest of the report: what could not be read, what is waived, and the controls it relates to.

use crate::model::plural::count;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::assessment::{Assessment, GapItem};
use crate::model::{GapKind, Grant};

use super::findings::{COLUMN, finding_block};
use super::page::{Page, Tone};

/// One hole in the evidence, with all questions it leaves open.
#[derive(Debug, Default)]
struct Hole {
    questions: usize,
    checks: Vec<String>,
    /// Of the questions: those that the policy only reports.
    reported_only: usize,
    /// Questions never asked because of this hole.
    behind: usize,
    /// Names of the registrations it is about.
    registrations: BTreeSet<String>,
}

/// What could not be read: each hole once, however many questions hang on it.
pub(crate) fn unread(page: &mut Page, assessment: &Assessment) {
    let (waiting, holes) = (waiting(assessment), holes(assessment));
    let number = waiting.len() + holes.len();
    if number == 0 {
        page.heading("NOT READ nothing: every question got an answer");
        return;
    }
    page.heading(&format!("NOT READ {}", count(number, "hole")));
    for (grant, holes) in &waiting {
        wait(page, assessment, grant, holes);
    }
    for ((kind, seen, remedy), hole) in &holes {
        page.blank();
        let open = match hole.questions {
            0 => "no question".to_owned(),
            questions => count(questions, "question"),
        };
        page.paragraph(0, 2, &format!("? {kind}: leaves {open} open"), Tone::Doubt);
        page.field(2, COLUMN, "seen", seen);
        if let Some(remedy) = remedy {
            page.field(2, COLUMN, "do", remedy);
        }
        if !hole.checks.is_empty() {
            page.field(2, COLUMN, "open", &hole.checks.join(", "));
        }
        about(page, &hole.registrations);
        behind(page, hole.behind);
        reported_only(page, hole.reported_only);
    }
}

/// How many names are shown.
const NAMED: usize = 12;

/// The registrations that a hole is about, by name.
fn about(page: &mut Page, registrations: &BTreeSet<String>) {
    if registrations.is_empty() {
        return;
    }
    let names: Vec<&str> = registrations
        .iter()
        .take(NAMED)
        .map(String::as_str)
        .collect();
    let mut text = names.join(", ");
    if registrations.len() > NAMED {
        text.push_str(&format!(" and {} more", registrations.len() - NAMED));
    }
    page.field(2, COLUMN, "affects", &text);
}

fn behind(page: &mut Page, questions: usize) {
    if questions > 0 {
        let text = format!(
            "{} behind, never asked for that reason",
            count(questions, "question")
        );
        page.field(2, COLUMN, "and", &text);
    }
}

fn reported_only(page: &mut Page, questions: usize) {
    if questions > 0 {
        let text = format!("{questions} of them only reported, by the policy");
        page.field(2, COLUMN, "note", &text);
    }
}

/// What waits for one missing right: the top of the report says whom to give it and what that gains.
fn wait(page: &mut Page, assessment: &Assessment, grant: &Grant, holes: &[&GapItem]) {
    let questions: usize = holes.iter().map(|hole| hole.questions).sum();
    let open = match questions {
        0 => "no question waits".to_owned(),
        1 => "1 question waits".to_owned(),
        _ => format!("{questions} questions wait"),
    };
    page.blank();
    page.paragraph(
        0,
        2,
        &format!("? {open} for {} on {}", grant.role, grant.scope),
        Tone::Doubt,
    );
    let (shadows, refused): (Vec<&GapItem>, Vec<&GapItem>) = holes
        .iter()
        .partition(|hole| hole.kind == GapKind::NotReached);
    for hole in &refused {
        page.field(2, COLUMN, "seen", &hole.seen);
    }
    if refused.is_empty() {
        for hole in &shadows {
            page.field(2, COLUMN, "seen", &hole.seen);
        }
    } else {
        let questions = shadows.iter().map(|hole| hole.questions).sum();
        behind(page, questions);
    }
    let names = holes.iter().flat_map(|hole| &hole.registrations);
    about(page, &names.cloned().collect());
    let reported = assessment
        .unknowns
        .iter()
        .filter(|unknown| unknown.missing.as_ref() == Some(grant) && !unknown.counts)
        .count();
    reported_only(page, reported);
}

/// The gaps that wait for a missing right, by right: the one that most questions wait for first.
fn waiting(assessment: &Assessment) -> Vec<(&Grant, Vec<&GapItem>)> {
    let mut waiting: BTreeMap<&Grant, Vec<&GapItem>> = BTreeMap::new();
    for gap in &assessment.gaps {
        if let Some(grant) = &gap.missing {
            waiting.entry(grant).or_default().push(gap);
        }
    }
    let mut waiting: Vec<_> = waiting.into_iter().collect();
    waiting.sort_by_key(|(_, holes)| {
        std::cmp::Reverse(holes.iter().map(|hole| hole.questions).sum::<usize>())
    });
    for (_, holes) in &mut waiting {
        holes.sort_by(|left, right| left.seen.cmp(&right.seen));
    }
    waiting
}

type HoleKey<'a> = (GapKind, &'a str, Option<&'a str>);

/// Gaps that no check owns and unanswered questions, joined where the same thing was seen. What waits
/// for a missing right is told apart.
fn holes(assessment: &Assessment) -> BTreeMap<HoleKey<'_>, Hole> {
    let mut holes: BTreeMap<HoleKey<'_>, Hole> = BTreeMap::new();
    for unknown in assessment
        .unknowns
        .iter()
        .filter(|unknown| unknown.missing.is_none())
    {
        let key = (
            unknown.kind,
            unknown.seen.as_str(),
            unknown.remedy.as_deref(),
        );
        let hole = holes.entry(key).or_default();
        hole.questions += 1;
        hole.reported_only += usize::from(!unknown.counts);
        hole.checks.push(unknown.check.clone());
        hole.registrations
            .extend(unknown.registrations.iter().cloned());
    }
    for gap in assessment.gaps.iter().filter(|gap| gap.missing.is_none()) {
        let key = (gap.kind, gap.seen.as_str(), gap.remedy.as_deref());
        let hole = holes.entry(key).or_default();
        hole.questions = hole.questions.max(gap.questions);
        hole.checks.extend(gap.checks.iter().cloned());
        hole.registrations.extend(gap.registrations.iter().cloned());
    }
    for hole in holes.values_mut() {
        hole.checks.sort();
        hole.checks.dedup();
    }
    fold_shadows(&mut holes);
    holes
}

/// What was not reached quotes, at its end, the hole in its way: where that one is told, it is enough.
fn fold_shadows(holes: &mut BTreeMap<HoleKey<'_>, Hole>) {
    let roots: Vec<HoleKey<'_>> = holes
        .keys()
        .copied()
        .filter(|(kind, ..)| *kind != GapKind::NotReached)
        .collect();
    let mut folded: BTreeMap<HoleKey<'_>, Hole> = BTreeMap::new();
    holes.retain(|key, hole| {
        let (kind, seen, _) = key;
        let root = roots.iter().find(|(_, root, _)| {
            *kind == GapKind::NotReached
                && seen
                    .strip_suffix(root)
                    .is_some_and(|before| before.ends_with(": "))
        });
        let Some(root) = root else { return true };
        let into = folded.entry(*root).or_default();
        into.behind += hole.questions;
        into.reported_only += hole.reported_only;
        into.registrations.append(&mut hole.registrations);
        false
    });
    for (root, shadow) in folded {
        if let Some(hole) = holes.get_mut(&root) {
            hole.behind += shadow.behind;
            hole.reported_only += shadow.reported_only;
            hole.registrations.extend(shadow.registrations);
        }
    }
}

/// Findings under a waiver: shown, with who answers for them and until when.
pub(crate) fn waived(page: &mut Page, assessment: &Assessment) {
    if assessment.waived.is_empty() {
        page.heading("WAIVED none");
        return;
    }
    page.heading(&format!("WAIVED {}", assessment.waived.len()));
    for waived in &assessment.waived {
        page.blank();
        finding_block(page, &waived.finding);
        page.field(2, COLUMN, "reason", &waived.reason);
        page.field(
            2,
            COLUMN,
            "waived",
            &format!("by {} until the end of {}", waived.owner, waived.expires),
        );
    }
}

/// What the questions relate to. It never says that a control is met.
pub(crate) fn controls(page: &mut Page, assessment: &Assessment) {
    if assessment.controls.is_empty() {
        return;
    }
    page.heading("RELATES TO control references; this is no statement of compliance");
    let rows = assessment
        .controls
        .iter()
        .map(|(control, counts)| {
            let number = |number: usize, tone: Tone| {
                page.cell(
                    &number.to_string(),
                    if number > 0 { tone } else { Tone::Plain },
                )
            };
            vec![
                page.cell(control, Tone::Plain),
                number(counts.passed, Tone::Plain),
                number(counts.failed, Tone::Bad),
                number(counts.unknown, Tone::Doubt),
                number(counts.waived, Tone::Plain),
            ]
        })
        .collect();
    page.grid(
        &["control", "passed", "failed", "unknown", "waived"],
        &[None, Some(6), Some(6), Some(7), Some(6)],
        rows,
    );
}
