//! The report in short, as the text of a mail: verdict, what to do first, what counts, what is not known.

use crate::model::assessment::{Assessment, Finding};
use crate::model::plural::count;
use crate::model::time;
use crate::report::printable::clean;
use crate::report::printable::cut;
use crate::report::view::coverage as view;
use crate::report::view::findings::whose;
use crate::report::view::tasks::{granting, tasks};
use crate::report::view::verdict;
use crate::report::view::verdict::headline;

use crate::report::text::page::{Look, Page, Tone};

/// Tasks and rights at the top.
const FIRST: usize = 5;
/// Registrations named of a task, and of a finding.
const NAMED: usize = 5;
/// Findings, a line each.
const FINDINGS: usize = 50;
/// Waivers and holes.
const OTHERS: usize = 8;
/// Characters of one text.
const TEXT: usize = 240;

/// Plain text: no colour, no box drawing, and short.
pub(super) fn brief(assessment: &Assessment, width: u16) -> String {
    let mut page = Page::new(Look {
        width,
        colour: false,
        ascii: true,
    });
    head(&mut page, assessment);
    first(&mut page, assessment);
    counting(&mut page, assessment);
    unknown(&mut page, assessment);
    waived(&mut page, assessment);
    foot(&mut page, assessment);
    page.into_text()
}

fn head(page: &mut Page, assessment: &Assessment) {
    page.paragraph(0, 0, &headline(assessment), Tone::Plain);
    page.blank();
    let (run, coverage) = (&assessment.run, &assessment.coverage);
    let mut about = format!(
        "{} of {} proven to work. As of {}.",
        coverage.proven,
        count(coverage.registrations, "registration"),
        time::minute(run.as_of)
    );
    if run.as_of_given {
        about.push_str(&format!(
            " THIS DATE WAS GIVEN BY HAND; the evidence is of {}.",
            time::minute(run.collected)
        ));
    }
    page.paragraph(0, 0, &about, Tone::Plain);
    for remark in crate::report::view::remarks::remarks(run) {
        page.paragraph(0, 0, &format!("Note: {remark}."), Tone::Plain);
    }
    if let Some(narrowed) = &run.narrowed {
        let narrowed = cut(&clean(narrowed), TEXT);
        page.paragraph(
            0,
            0,
            &format!("A part of the estate only: {narrowed}."),
            Tone::Plain,
        );
    }
    page.paragraph(
        0,
        0,
        "The whole report is the attached page: open it in a browser.",
        Tone::Plain,
    );
}

/// The same tasks as at the top of the page.
fn first(page: &mut Page, assessment: &Assessment) {
    let tasks = tasks(assessment);
    if tasks.is_empty() && assessment.grants.is_empty() {
        return;
    }
    page.heading("DO THIS FIRST");
    for (place, group) in tasks.iter().take(FIRST).enumerate() {
        let Some(finding) = group.first().map(|index| &assessment.findings[*index]) else {
            continue;
        };
        let names: Vec<String> = group
            .iter()
            .take(NAMED)
            .map(|index| whose(assessment, &assessment.findings[*index], 1))
            .collect();
        let mut text = format!(
            "{}: {}: {}",
            finding.severity,
            finding.title,
            names.join(", ")
        );
        if group.len() > NAMED {
            text.push_str(&format!(" and {} more", group.len() - NAMED));
        }
        page.field(0, 3, &format!("{}.", place + 1), &cut(&clean(&text), TEXT));
        page.paragraph(3, 3, &cut(&clean(&finding.remedy), TEXT * 2), Tone::Plain);
    }
    for grant in assessment.grants.iter().take(FIRST) {
        page.field(0, 3, "-", &cut(&clean(&granting(grant)), TEXT));
    }
}

/// What counts, a line each.
fn counting(page: &mut Page, assessment: &Assessment) {
    let threshold = assessment.run.fail_on;
    let all = &assessment.findings;
    if all.is_empty() {
        return;
    }
    let counts: Vec<&Finding> = all.iter().filter(|one| one.severity >= threshold).collect();
    page.heading(&format!(
        "FINDINGS AT OR ABOVE {threshold}: {}",
        counts.len()
    ));
    for finding in counts.iter().take(FINDINGS) {
        let text = format!(
            "{} {}: {}",
            finding.severity,
            finding.check,
            whose(assessment, finding, 2)
        );
        let room = usize::from(page.look.width) - 2;
        page.field(0, 2, "-", &cut(&clean(&text), room));
    }
    let rest = counts.len().saturating_sub(FINDINGS);
    if rest > 0 {
        page.paragraph(
            0,
            0,
            &format!("and {rest} more: see the attached page"),
            Tone::Plain,
        );
    }
    let below = all.len() - counts.len();
    if below > 0 {
        page.paragraph(
            0,
            0,
            &format!("{} below {threshold}.", count(below, "finding")),
            Tone::Plain,
        );
    }
}

/// How many questions were asked, and what stands in the way of the rest.
fn unknown(page: &mut Page, assessment: &Assessment) {
    let coverage = &assessment.coverage;
    page.heading("COVERAGE");
    let text = format!(
        "{} asked: {} passed, {} failed, {} without an answer ({} of these behind a failed step), {} do not apply. What has no \
         answer is never counted as passed.",
        coverage.asked,
        coverage.passed,
        coverage.failed,
        coverage.unknown,
        coverage.behind_a_fail,
        coverage.not_applicable
    );
    page.paragraph(0, 0, &text, Tone::Plain);
    let kinds: Vec<String> = view::numbers(coverage)
        .filter(|(_, number)| *number > 0)
        .map(|(kind, number)| format!("{kind} {number}"))
        .collect();
    if !kinds.is_empty() {
        page.paragraph(
            0,
            0,
            &format!("Without an answer: {}.", kinds.join(", ")),
            Tone::Plain,
        );
    }
    let (_, incomplete) = view::lists(coverage);
    let lists: Vec<&str> = incomplete
        .iter()
        .map(|(list, _)| list.name.as_str())
        .collect();
    if !lists.is_empty() {
        let text = format!("Incomplete lists: {}.", lists.join(", "));
        page.paragraph(0, 0, &cut(&clean(&text), TEXT), Tone::Plain);
    }
    if assessment.gaps.is_empty() {
        return;
    }
    page.heading("NOT KNOWN");
    for gap in assessment.gaps.iter().take(OTHERS) {
        let text = format!("{}: {}", count(gap.questions, "question"), gap.seen);
        page.field(0, 2, "-", &cut(&clean(&text), TEXT));
    }
    let rest = assessment.gaps.len().saturating_sub(OTHERS);
    if rest > 0 {
        page.paragraph(
            0,
            0,
            &format!("and {rest} more: see the attached page"),
            Tone::Plain,
        );
    }
}

fn waived(page: &mut Page, assessment: &Assessment) {
    if assessment.waived.is_empty() {
        return;
    }
    page.heading(&format!("WAIVED: {}", assessment.waived.len()));
    for waived in assessment.waived.iter().take(OTHERS) {
        let finding = &waived.finding;
        let text = format!(
            "{} {}: {}, until {} by {}",
            finding.severity,
            finding.check,
            whose(assessment, finding, 1),
            waived.expires,
            waived.owner
        );
        page.field(0, 2, "-", &cut(&clean(&text), TEXT));
    }
    let rest = assessment.waived.len().saturating_sub(OTHERS);
    if rest > 0 {
        page.paragraph(
            0,
            0,
            &format!("and {rest} more: see the attached page"),
            Tone::Plain,
        );
    }
}

fn foot(page: &mut Page, assessment: &Assessment) {
    let run = &assessment.run;
    page.blank();
    if let Some(since) = &assessment.verdict.since {
        page.paragraph(0, 0, &format!("{}.", verdict::newer(since)), Tone::Plain);
    }
    let text = format!(
        "Policy {}, run {} by {}.",
        run.policy, run.id, assessment.tool
    );
    page.paragraph(0, 0, &cut(&clean(&text), TEXT), Tone::Plain);
}
