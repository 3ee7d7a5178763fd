//! The rest of the report: what could not be read, what is waived, and the controls it relates to.

use std::collections::BTreeMap;

use crate::model::GapKind;
use crate::model::assessment::Assessment;
use crate::report::words;

use super::findings::{COLUMN, finding_block};
use super::page::{Page, Tone};

/// One hole in the evidence, with all questions it leaves open.
#[derive(Debug, Default)]
struct Hole {
    questions: usize,
    checks: Vec<String>,
    /// Of the questions: those that the policy only reports.
    reported_only: usize,
}

/// What could not be read: each hole once, however many questions hang on it.
pub(super) fn unread(page: &mut Page, assessment: &Assessment) {
    let holes = holes(assessment);
    if holes.is_empty() {
        page.heading("NOT READ nothing: every question got an answer");
        return;
    }
    page.heading(&format!("NOT READ {}", words::count(holes.len(), "hole")));
    for ((kind, seen, remedy), hole) in &holes {
        page.blank();
        let open = match hole.questions {
            0 => "no question".to_owned(),
            questions => words::count(questions, "question"),
        };
        page.paragraph(0, 2, &format!("? {kind}: leaves {open} open"), Tone::Doubt);
        page.field(2, COLUMN, "seen", seen);
        if let Some(remedy) = remedy {
            page.field(2, COLUMN, "do", remedy);
        }
        if !hole.checks.is_empty() {
            page.field(2, COLUMN, "open", &hole.checks.join(", "));
        }
        if hole.reported_only > 0 {
            let text = format!(
                "{} of them only reported, by the policy",
                hole.reported_only
            );
            page.field(2, COLUMN, "note", &text);
        }
    }
}

type HoleKey<'a> = (GapKind, &'a str, Option<&'a str>);

/// Gaps that no check owns and unanswered questions, joined where the same thing was seen.
fn holes(assessment: &Assessment) -> BTreeMap<HoleKey<'_>, Hole> {
    let mut holes: BTreeMap<HoleKey<'_>, Hole> = BTreeMap::new();
    for unknown in &assessment.unknowns {
        let key = (
            unknown.kind,
            unknown.seen.as_str(),
            unknown.remedy.as_deref(),
        );
        let hole = holes.entry(key).or_default();
        hole.questions += 1;
        hole.reported_only += usize::from(!unknown.counts);
        hole.checks.push(unknown.check.clone());
    }
    for gap in &assessment.gaps {
        let key = (gap.kind, gap.seen.as_str(), gap.remedy.as_deref());
        let hole = holes.entry(key).or_default();
        hole.questions = hole.questions.max(gap.questions);
        hole.checks.extend(gap.checks.iter().cloned());
    }
    for hole in holes.values_mut() {
        hole.checks.sort();
        hole.checks.dedup();
    }
    holes
}

/// Findings under a waiver: shown, with who answers for them and until when.
pub(super) fn waived(page: &mut Page, assessment: &Assessment) {
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
pub(super) fn controls(page: &mut Page, assessment: &Assessment) {
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
