//! The findings, worst first: what was seen, whom it hits, what to do.

use crate::model::Assessment;
use crate::model::assessment::Finding;
use crate::model::plural::count;

use super::page::{Page, Tone};
use super::steps::steps;

/// Where the text beside a label starts.
pub(crate) const COLUMN: usize = 10;

/// Every finding with its consequences inside.
pub(crate) fn findings(page: &mut Page, assessment: &Assessment) {
    let number = assessment.findings.len();
    if number == 0 {
        page.heading("FINDINGS none");
        return;
    }
    page.heading(&format!("FINDINGS {number}, worst first"));
    for finding in &assessment.findings {
        page.blank();
        finding_block(page, finding);
    }
}

/// One finding.
pub(crate) fn finding_block(page: &mut Page, finding: &Finding) {
    let severity = finding.severity.as_str().to_uppercase();
    page.paragraph(
        0,
        2,
        &format!("{severity} {} · {}", finding.check, finding.resource),
        Tone::of(finding.severity),
    );
    page.paragraph(2, 2, &finding.title, Tone::Plain);
    page.field(2, COLUMN, "seen", &finding.seen);
    if !finding.hits.is_empty() {
        page.field(2, COLUMN, "hits", &finding.hits);
    }
    for (place, used) in finding.used.iter().enumerate() {
        let label = if place == 0 { "used" } else { "" };
        page.field(2, COLUMN, label, used);
    }
    page.field(2, COLUMN, "do", &finding.remedy);
    steps(page, COLUMN, &finding.steps);
    if finding.consequences.is_empty() {
        return;
    }
    let consequences = count(finding.consequences.len(), "consequence");
    page.field(
        2,
        COLUMN,
        "inside",
        &format!("{consequences}, gone once this is mended:"),
    );
    for consequence in &finding.consequences {
        let text = format!(
            "{} ({}) on {}: {}",
            consequence.check, consequence.severity, consequence.resource, consequence.seen
        );
        page.field(COLUMN, COLUMN + 2, "-", &text);
    }
}
