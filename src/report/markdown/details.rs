//! What to do about each finding, folded away: whom it hits, where it is used, steps, what it explains.

use crate::model::assessment::{Assessment, Finding, Line, Link};
use crate::report::view::findings::all;

use super::page::{Page, about, listed, text};
use super::tables::{UNFOLD, folded};

pub(super) fn steps(page: &mut Page, assessment: &Assessment) {
    let worth = |finding: &&Finding| {
        !(finding.hits.is_empty()
            && finding.used.is_empty()
            && finding.commands.is_empty()
            && finding.links.is_empty()
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
    links(&mut piece, &finding.links);
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

/// Addresses whose names are encoded: nothing in them ends the link.
fn links(piece: &mut String, links: &[Link]) {
    if links.is_empty() {
        return;
    }
    piece.push_str("\n**Pages:**\n\n");
    for link in links {
        piece.push_str(&format!("- [{}](<{}>)\n", text(&link.say), link.url));
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
