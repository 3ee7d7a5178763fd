//! What to do about each finding, folded away: whom it hits, where it is used, steps, what it explains.

use crate::model::assessment::{Assessment, Finding, Line, Step};
use crate::report::view::findings::all;

use super::page::{Page, about, command, text};
use super::tables::{UNFOLD, folded};

pub(super) fn steps(page: &mut Page, assessment: &Assessment) {
    let worth = |finding: &&Finding| {
        !(finding.hits.is_empty()
            && finding.used.is_empty()
            && finding.commands.is_empty()
            && finding.steps.is_empty()
            && finding.consequences.is_empty())
    };
    let findings = all(assessment).map(|(finding, _)| finding);
    let pieces = findings.filter(worth).map(piece);
    page.section(
        "finding's detail",
        "\n## What each finding means\n",
        pieces,
        "",
    );
}

fn piece(finding: &Finding) -> String {
    let mut piece = folded(&format!(
        "{} ({})",
        about(&finding.check, &finding.resource),
        finding.severity
    ));
    piece.push_str(&format!("{}.\n", text(finding.title.letters())));
    if !finding.hits.is_empty() {
        piece.push_str(&format!(
            "\n**Affects:** {}\n",
            text(finding.hits.letters())
        ));
    }
    used(&mut piece, &finding.used);
    listed(&mut piece, "Commands", "-", &finding.commands);
    listed(&mut piece, "Steps", "1.", &finding.steps);
    if !finding.consequences.is_empty() {
        piece.push_str("\n**Also causes:**\n\n");
        for inside in &finding.consequences {
            piece.push_str(&format!(
                "- {}: {} `{}`\n",
                about(&inside.check, &inside.resource),
                text(inside.seen.letters()),
                inside.fingerprint
            ));
        }
    }
    piece.push_str(UNFOLD);
    piece
}

/// Steps, or commands without an order, each with its line in each shell.
fn listed(piece: &mut String, title: &str, bullet: &str, steps: &[Step]) {
    if steps.is_empty() {
        return;
    }
    piece.push_str(&format!("\n**{title}:**\n\n"));
    for step in steps {
        piece.push_str(&format!("{bullet} {}", text(step.say.letters())));
        for (number, (shell, line)) in step.lines(false).into_iter().enumerate() {
            let mark = if number == 0 { ":" } else { ";" };
            let shell = shell.map_or_else(String::new, |shell| format!(" {shell}"));
            piece.push_str(&format!("{mark}{shell} {}", command(line)));
        }
        piece.push('\n');
    }
}

fn used(piece: &mut String, lines: &[Line]) {
    if lines.is_empty() {
        return;
    }
    piece.push_str("\n**Used in:**\n\n");
    for line in lines {
        piece.push_str(&format!("- {}\n", text(line.said.letters())));
    }
}
