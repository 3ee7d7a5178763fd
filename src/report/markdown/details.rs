//! What to do about each finding, folded away: whom it hits, where it is used, steps, what it explains.

use crate::model::assessment::{Assessment, Finding};

use super::page::{Page, code, command, text};
use super::tables::{UNFOLD, folded};

pub(super) fn steps(page: &mut Page, assessment: &Assessment) {
    let worth = |finding: &&Finding| {
        !(finding.hits.is_empty()
            && finding.used.is_empty()
            && finding.steps.is_empty()
            && finding.consequences.is_empty())
    };
    let waived = assessment.waived.iter().map(|waived| &waived.finding);
    let all = assessment.findings.iter().chain(waived);
    let pieces = all.filter(worth).map(piece);
    page.section(
        "finding's detail",
        "\n## What each finding means\n",
        pieces,
        "",
    );
}

fn piece(finding: &Finding) -> String {
    let mut piece = folded(&format!(
        "{} on {} ({})",
        code(&finding.check),
        code(finding.resource.path()),
        finding.severity
    ));
    piece.push_str(&format!("{}.\n", text(&finding.title)));
    if !finding.hits.is_empty() {
        piece.push_str(&format!("\n**Hits:** {}\n", text(&finding.hits)));
    }
    used(&mut piece, &finding.used);
    if !finding.steps.is_empty() {
        piece.push_str("\n**Steps:**\n\n");
        for step in &finding.steps {
            piece.push_str(&format!("1. {}", text(&step.say)));
            if let Some(run) = &step.run {
                piece.push_str(&format!(": {}", command(run)));
            }
            piece.push('\n');
        }
    }
    if !finding.consequences.is_empty() {
        piece.push_str("\n**Explains:**\n\n");
        for inside in &finding.consequences {
            piece.push_str(&format!(
                "- {} on {}: {} `{}`\n",
                code(&inside.check),
                code(inside.resource.path()),
                text(&inside.seen),
                inside.fingerprint
            ));
        }
    }
    piece.push_str(UNFOLD);
    piece
}

fn used(piece: &mut String, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    piece.push_str("\n**Used in:**\n\n");
    for line in lines {
        piece.push_str(&format!("- {}\n", text(line)));
    }
}
