//! The top of the report: verdict, what was judged, and the ledger of questions.

use crate::model::assessment::{Assessment, Coverage};
use crate::model::plural::count;
use crate::model::time;
use crate::report::view::coverage as view;
use crate::report::view::remarks::remarks;
use crate::report::view::route::orphans;
use crate::report::view::verdict;

use super::page::{Page, Tone};

/// Where the text of the run lines starts.
const COLUMN: usize = 12;

/// The verdict line: the first thing anyone reads.
pub(crate) fn verdict(page: &mut Page, assessment: &Assessment) {
    let tone = match assessment.verdict.exit_code {
        0 => Tone::Good,
        11 => Tone::Doubt,
        _ => Tone::Bad,
    };
    page.paragraph(0, 2, &verdict::verdict(assessment).join(" · "), tone);
}

/// What was judged, when, under which policy and by whom it was collected.
pub(crate) fn run(page: &mut Page, assessment: &Assessment) {
    let run = &assessment.run;
    page.blank();
    page.field(0, COLUMN, "as of", &time::minute(run.as_of));
    if run.as_of_given {
        page.toned_field(
            0,
            COLUMN,
            "",
            &format!(
                "JUDGED AS OF A DATE GIVEN BY HAND; the evidence is of {}",
                time::minute(run.collected)
            ),
            Tone::Doubt,
        );
    }
    for remark in remarks(run) {
        page.toned_field(0, COLUMN, "note", &remark, Tone::Doubt);
    }
    page.field(
        0,
        COLUMN,
        "policy",
        &format!("{}, findings count from {}", run.policy, run.fail_on),
    );
    if run.auditors.is_empty() {
        page.field(0, COLUMN, "auditor", "none signed in");
    }
    for (index, auditor) in run.auditors.iter().enumerate() {
        page.field(0, COLUMN, if index == 0 { "auditor" } else { "" }, auditor);
    }
    if let Some(narrowed) = &run.narrowed {
        let text = format!("{narrowed}: a part of the estate only");
        page.toned_field(0, COLUMN, "narrowed to", &text, Tone::Doubt);
    }
    page.field(
        0,
        COLUMN,
        "run",
        &format!("{} by {}", run.id, assessment.tool),
    );
}

/// How many questions were asked and what became of them; zeros are shown as well.
pub(crate) fn coverage(page: &mut Page, assessment: &Assessment) {
    let coverage = &assessment.coverage;
    page.heading("COVERAGE");
    page.field(0, COLUMN, "questions", &questions(coverage));
    page.field(0, COLUMN, "unknown", &view::kinds(coverage).join(" · "));
    page.field(
        0,
        COLUMN,
        "proven",
        &format!(
            "{} of {} end to end",
            coverage.proven,
            count(coverage.registrations, "registration")
        ),
    );
    let not_tried = view::not_tried(assessment);
    if not_tried > 0 {
        let words = format!(
            "{} beyond reading in F&O: only a real write could tell, see below",
            count(not_tried, "expectation")
        );
        page.field(0, COLUMN, "not tried", &words);
    }
    let orphans = orphans(assessment);
    if !orphans.is_empty() {
        let words = format!("nobody answers for {}", orphans.join(", "));
        page.field(0, COLUMN, "orphans", &words);
    }
    lists(page, coverage);
}

fn questions(coverage: &Coverage) -> String {
    format!(
        "{} asked · {} passed · {} failed ({} inside their cause, {} waived) · {} unknown ({} behind \
         a failed rung) · {} not applicable",
        coverage.asked,
        coverage.passed,
        coverage.failed,
        coverage.consequences,
        coverage.waived,
        coverage.unknown,
        coverage.behind_a_fail,
        coverage.not_applicable,
    )
}

/// Lists cut short stand on a line of their own: from these nothing was concluded by absence.
fn lists(page: &mut Page, coverage: &Coverage) {
    let (complete, incomplete) = view::lists(coverage);
    let whole: Vec<String> = complete
        .iter()
        .map(|list| format!("{} {}", list.name, list.read))
        .collect();
    let whole = if whole.is_empty() {
        "none".to_owned()
    } else {
        whole.join(" · ")
    };
    page.field(0, COLUMN, "read whole", &whole);
    for (list, why) in incomplete {
        // A list cut short on a later page says for itself how far it came.
        let count = format!("{} read, then", list.read);
        let why = why
            .split_once(&count)
            .map_or(why, |(_, rest)| rest.trim_start_matches([':', ' ']));
        let text = format!("{}: {count} {why}", list.name);
        page.toned_field(0, COLUMN, "incomplete", &text, Tone::Doubt);
    }
}
