//! The findings, worst first: what was seen, whom it affects, what to do.

use crate::model::Assessment;
use crate::model::assessment::Finding;
use crate::report::view::findings::{also_causes, facts, waiver};

use super::page::{Page, Tone};
use super::steps::{commands, links, steps};

/// Where the text beside a label starts.
pub(crate) const COLUMN: usize = 14;

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
    page.paragraph(2, 2, finding.title.letters(), Tone::Plain);
    let facts = facts(finding).into_iter();
    let facts = facts.map(|(label, text)| (label, text, Tone::Plain));
    page.fields(2, COLUMN, facts);
    links(page, COLUMN, &finding.links);
    commands(page, COLUMN, &finding.commands);
    steps(page, COLUMN, &finding.steps);
    if finding.consequences.is_empty() {
        return;
    }
    page.field(
        2,
        COLUMN,
        "Also causes",
        &format!("{}:", also_causes(finding)),
    );
    for consequence in &finding.consequences {
        let text = format!(
            "{} ({}) on {}: {}",
            consequence.check, consequence.severity, consequence.resource, consequence.seen
        );
        page.field(COLUMN, COLUMN + 2, "-", &text);
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
        for (label, text) in waiver(waived) {
            page.field(2, COLUMN, label, &text);
        }
    }
}
