//! The tables of the Markdown report: a row a finding, a gap, a waiver, a registration.

use crate::model::plural::count;
use crate::report::view::steps::mark;
use chrono::{DateTime, Utc};

use crate::model::assessment::{Assessment, CredentialEnd, RegistrationView};
use crate::model::time::{day, is_past, near};

use super::page::{Page, code, text};

/// Opens what is folded away until somebody asks.
pub(super) fn folded(title: &str) -> String {
    format!("\n<details><summary>{title}</summary>\n\n")
}

pub(super) const UNFOLD: &str = "\n</details>\n";

pub(super) fn findings(page: &mut Page, assessment: &Assessment) {
    let rows = assessment.findings.iter().map(|finding| {
        let inside = match finding.consequences.len() {
            0 => String::new(),
            more => format!(" (explains {more} more)"),
        };
        format!(
            "| **{}** | {} on {} | {}{inside} | {} | `{}` |\n",
            finding.severity,
            code(&finding.check),
            code(finding.resource.path()),
            text(&finding.seen),
            text(&finding.remedy),
            finding.fingerprint,
        )
    });
    let open = format!(
        "\n## {}, worst first\n\n| severity | what | what was seen | what to do | id |\n|---|---|---|---|---|\n",
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
            text(&gap.seen),
            text(gap.remedy.as_deref().unwrap_or_default()),
        )
    });
    let open = "\n## What could not be read\n\n| questions left open | why | what was seen | what to do |\n|--:|---|---|---|\n";
    page.section("gap", open, rows, "");
}

pub(super) fn unknowns(page: &mut Page, assessment: &Assessment) {
    let rows = assessment.unknowns.iter().map(|unknown| {
        let counts = if unknown.counts {
            "yes"
        } else {
            "reported only"
        };
        format!(
            "| {} on {} | {} | {counts} |\n",
            code(&unknown.check),
            code(unknown.resource.path()),
            unknown.kind,
        )
    });
    let open = folded(&format!(
        "{} without an answer",
        count(assessment.unknowns.len(), "question")
    )) + "| question | why | counts as incomplete |\n|---|---|---|\n";
    page.section("unanswered question", &open, rows, UNFOLD);
}

pub(super) fn waived(page: &mut Page, assessment: &Assessment) {
    let rows = assessment.waived.iter().map(|waived| {
        let finding = &waived.finding;
        format!(
            "| {} | {} on {} | {} | {} | {} | `{}` |\n",
            finding.severity,
            code(&finding.check),
            code(finding.resource.path()),
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
    let rows = assessment.registrations.iter().map(|view| {
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
            end(&view.ends, assessment.run.as_of),
            view.rotation.state.as_str(),
            view.findings,
        )
    });
    let open = "\n## Registrations\n".to_owned()
        + &folded(&format!(
            "{} and how far each is proven",
            count(assessment.registrations.len(), "registration")
        ))
        + "| registration | environment | proof | credential in use | rotation | findings |\n|---|---|---|---|---|--:|\n";
    page.section("registration", &open, rows, UNFOLD);
}

fn rungs(view: &RegistrationView) -> String {
    let rungs = view.rungs.iter().map(|rung| {
        let mark = mark(rung.state);
        match rung.note.as_str() {
            "" => format!("{} {mark}", rung.name),
            note => format!("{} {mark} ({})", rung.name, text(note)),
        }
    });
    rungs.collect::<Vec<_>>().join("<br>")
}

fn end(ends: &CredentialEnd, as_of: DateTime<Utc>) -> String {
    match ends {
        CredentialEnd::On { end, .. } if is_past(*end, as_of) => {
            format!("**ended on {}**", day(*end))
        }
        CredentialEnd::On { end, .. } => format!("ends on {}, {}", day(*end), near(*end, as_of)),
        CredentialEnd::Never => "no end is set".to_owned(),
        CredentialEnd::Unknown(why) => format!("not known: {}", text(why)),
    }
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
    let open = "\n## Rights that are missing\n\n| questions that wait | role | on | for |\n|--:|---|---|---|\n";
    page.section("missing right", open, rows, "");
}
