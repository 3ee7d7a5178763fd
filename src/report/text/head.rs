//! The top of the report: verdict, what was judged, and the ledger of questions.

use crate::model::assessment::{Assessment, Coverage};
use crate::report::view::run::{self, Fact};
use crate::report::view::{coverage, verdict};

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
    page.blank();
    labelled(page, &run::facts(assessment));
}

fn labelled(page: &mut Page, facts: &[Fact]) {
    let facts = facts.iter().map(|(label, text, minds)| {
        let tone = if *minds { Tone::Doubt } else { Tone::Plain };
        (*label, text.as_str(), tone)
    });
    page.fields(0, COLUMN, facts);
}

/// How many questions were asked and what became of them; zeros are shown as well.
pub(crate) fn coverage(page: &mut Page, assessment: &Assessment) {
    page.heading("COVERAGE");
    page.field(0, COLUMN, "checks", &checks(&assessment.coverage));
    labelled(page, &coverage::facts(assessment));
}

fn checks(coverage: &Coverage) -> String {
    format!(
        "{} made · {} passed · {} failed ({} caused by another, {} waived) · {} not checked ({} because an earlier \
         step failed) · {} not applicable",
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
