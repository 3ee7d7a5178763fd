//! The tables of the Markdown report: a row a finding, a gap, a waiver, a registration.

use crate::model::Prose;
use crate::model::assessment::{Assessment, RegistrationView};
use crate::model::plural::count;
use crate::report::view::horizon::Horizon;
use crate::report::view::steps::{mark, shown};

use super::page::{Page, about, code, listed, text};

/// Opens what is folded away until somebody asks.
pub(super) fn folded(title: &str) -> String {
    format!("\n<details><summary>{title}</summary>\n\n")
}

pub(super) const UNFOLD: &str = "\n</details>\n";

pub(super) fn findings(page: &mut Page, assessment: &Assessment) {
    let rows = assessment.findings.iter().map(|finding| {
        let inside = match finding.consequences.len() {
            0 => String::new(),
            more => format!(" (also causes {more} more)"),
        };
        format!(
            "| **{}** | {} | {}{inside} | {} | `{}` |\n",
            finding.severity,
            about(&finding.check, &finding.resource),
            text(finding.seen.letters()),
            text(finding.remedy.letters()),
            finding.fingerprint,
        )
    });
    let open = format!(
        "\n## {}, worst first\n\n| severity | what | evidence | what to do | id |\n|---|---|---|---|---|\n",
        count(assessment.findings.len(), "finding")
    );
    page.section("finding", &open, rows, "");
}

pub(super) fn gaps(page: &mut Page, assessment: &Assessment) {
    let rows = assessment.gaps.iter().map(|gap| {
        format!(
            "| {} | {} | {} | {} |\n",
            gap.questions,
            gap.kind,
            text(gap.seen.letters()),
            text(gap.remedy.as_ref().map_or("", Prose::letters)),
        )
    });
    let open = "\n## Not checked\n\n| checks | why | evidence | what to do |\n|--:|---|---|---|\n";
    page.section("gap", open, rows, "");
}

pub(super) fn unknowns(page: &mut Page, assessment: &Assessment) {
    let rows = assessment.unknowns.iter().map(|unknown| {
        let counts = if unknown.counts {
            "yes"
        } else {
            "no, optional"
        };
        format!(
            "| {} | {} | {counts} |\n",
            about(&unknown.check, &unknown.resource),
            unknown.kind,
        )
    });
    let open = folded(&format!(
        "{} without an answer",
        count(assessment.unknowns.len(), "check")
    )) + "| check | why | counts as incomplete |\n|---|---|---|\n";
    page.section("check without an answer", &open, rows, UNFOLD);
}

pub(super) fn waived(page: &mut Page, assessment: &Assessment) {
    let rows = assessment.waived.iter().map(|waived| {
        let finding = &waived.finding;
        format!(
            "| {} | {} | {} | {} | {} | `{}` |\n",
            finding.severity,
            about(&finding.check, &finding.resource),
            text(&waived.reason),
            text(&waived.owner),
            text(&waived.expires),
            finding.fingerprint,
        )
    });
    let open = "\n## Waived\n\n| severity | what | reason | owner | until | id |\n|---|---|---|---|---|---|\n";
    page.section("waived finding", open, rows, "");
}

pub(super) fn registrations(page: &mut Page, assessment: &Assessment) {
    let horizon = Horizon::of(assessment);
    let rows = assessment.registrations.iter().map(|view| {
        let (day, near) = horizon.end(&view.ends);
        let waived = match assessment.waived_of(view) {
            0 => String::new(),
            waived => format!(", {waived} waived"),
        };
        format!(
            "| {} | {} ({}) | {} | {} | {} | {}{waived} |\n",
            code(&view.name),
            text(&view.environment),
            text(&view.tier),
            rungs(view),
            text(&format!("{day}, {near}")),
            view.rotation.state.as_str(),
            view.findings,
        )
    });
    let open = "\n## Registrations\n".to_owned()
        + &folded(&format!(
            "{} and how far each is proven",
            count(assessment.registrations.len(), "registration")
        ))
        + "| registration | environment | proof | current credential | rotation | findings \
           |\n|---|---|---|---|---|--:|\n";
    page.section("registration", &open, rows, UNFOLD);
}

fn rungs(view: &RegistrationView) -> String {
    let steps = shown(view).into_iter().map(|step| {
        let (title, mark) = (text(step.column.title()), mark(step.state));
        match step.note.letters() {
            "" => format!("{title} {mark}"),
            note => format!("{title} {mark} ({})", text(note)),
        }
    });
    steps.collect::<Vec<_>>().join("<br>")
}

pub(super) fn grants(page: &mut Page, assessment: &Assessment) {
    let rows = assessment.grants.iter().map(|grant| {
        format!(
            "| {} | {} | {} | {} |\n",
            grant.questions,
            text(&grant.role),
            text(&grant.scope),
            text(&grant.identity),
        )
    });
    let open = "\n## Missing permissions\n\n| checks | role | on | for |\n|--:|---|---|---|\n";
    page.section("missing permission", open, rows, "");
    let how = assessment
        .grants
        .iter()
        .filter(|grant| !grant.steps.is_empty());
    let pieces = how.map(|grant| {
        let title = format!(
            "How to grant {} on {}",
            text(&grant.role),
            text(&grant.scope)
        );
        let mut piece = folded(&title);
        listed(&mut piece, "Steps", "1.", &grant.steps);
        piece + UNFOLD
    });
    page.section("missing permission's commands", "", pieces, "");
}
