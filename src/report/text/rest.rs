//! What could not be read, and what is waived.

use crate::model::plural::count;
use std::collections::BTreeSet;

use crate::model::assessment::Assessment;
use crate::report::view::unread::{Hole, holes};

use super::findings::{COLUMN, finding_block};
use super::page::{Page, Tone};

/// What could not be read: each hole once, however many questions hang on it.
pub(crate) fn unread(page: &mut Page, assessment: &Assessment) {
    let holes = holes(assessment);
    if holes.is_empty() {
        page.heading("NOT READ nothing: every question got an answer");
        return;
    }
    page.heading(&format!("NOT READ {}", count(holes.len(), "hole")));
    for hole in &holes {
        page.blank();
        page.paragraph(0, 2, &format!("? {}", leaves_open(hole)), Tone::Doubt);
        for seen in &hole.seen {
            page.field(2, COLUMN, "seen", seen);
        }
        // The top of the report says whom to give the right and what that gains.
        if hole.right.is_none() {
            for remedy in &hole.remedies {
                page.field(2, COLUMN, "do", remedy);
            }
            if !hole.checks.is_empty() {
                let checks: Vec<&str> = hole.checks.iter().copied().collect();
                page.field(2, COLUMN, "open", &checks.join(", "));
            }
        }
        about(page, &hole.registrations);
        behind(page, hole.behind);
        reported_only(page, hole.reported_only);
    }
}

/// `denied: leaves 3 questions open`, `3 questions wait for Reader on key vault kv-crm`.
fn leaves_open(hole: &Hole<'_>) -> String {
    let Some(right) = hole.right else {
        let kind = hole.kind.map_or("unknown", |kind| kind.as_str());
        return match hole.questions {
            0 => format!("{kind}: leaves no question open"),
            number => format!("{kind}: leaves {} open", count(number, "question")),
        };
    };
    let open = match hole.questions {
        0 => "no question waits".to_owned(),
        1 => "1 question waits".to_owned(),
        number => format!("{number} questions wait"),
    };
    format!("{open} for {} on {}", right.role, right.scope)
}

/// How many names are shown.
const NAMED: usize = 12;

/// The registrations that a hole is about, by name.
fn about(page: &mut Page, registrations: &BTreeSet<&str>) {
    if registrations.is_empty() {
        return;
    }
    let names: Vec<&str> = registrations.iter().copied().take(NAMED).collect();
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
