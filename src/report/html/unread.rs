//! What could not be read: each hole once, and every question it leaves open.

use super::markup::Markup;
use super::section::{heading, links, row, steps};
use crate::model::assessment::Assessment;
use crate::model::plural::count;
use crate::report::view::unread::{Hole, holes};

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    let holes = holes(assessment);
    let title = match holes.len() {
        0 => "Everything checked: every check has an answer".to_owned(),
        number => format!("Not checked: {}", count(number, "cause")),
    };
    heading(page, "unread", &title, "");
    grants(page, assessment);
    if !holes.is_empty() {
        page.raw("<ul class=\"list\">\n");
    }
    for hole in &holes {
        page.raw("<li class=\"hole\"><h3><span class=\"tag s-doubt\">?</span> ");
        page.text(&hole.title());
        page.raw("</h3><dl>");
        for (label, text) in hole.facts() {
            row(page, label, &text);
        }
        if let Some(right) = hole.right {
            for remedy in &hole.remedies {
                row(page, "fix", remedy);
            }
            row(page, "grant", &right.to_string());
        }
        page.raw("</dl>");
        open(page, hole);
        page.raw("</li>\n");
    }
    if !holes.is_empty() {
        page.raw("</ul>\n");
    }
    page.raw("</section>\n");
}

fn grants(page: &mut Markup, assessment: &Assessment) {
    if assessment.grants.is_empty() {
        return;
    }
    page.raw(
        "<div class=\"scroll\"><table><caption>Missing permissions, the one that most checks need \
         first</caption><thead><tr><th scope=\"col\">Role</th><th scope=\"col\">On</th><th scope=\"col\">To</th>\
         <th scope=\"col\">Number</th><th scope=\"col\">Checks</th></tr></thead><tbody>\n",
    );
    for grant in &assessment.grants {
        page.raw("<tr>");
        page.element("th", &[("scope", "row")], |cell| {
            cell.text(&grant.role);
            steps(cell, &grant.steps);
            links(cell, &grant.links);
        });
        page.word("td", "", &grant.scope);
        page.word("td", "", &grant.identity);
        page.word("td", "", &grant.questions.to_string());
        page.word("td", "", &grant.checks.join(", "));
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table></div>\n");
}

/// The questions behind a hole, each of them: a reviewer counts.
fn open(page: &mut Markup, hole: &Hole<'_>) {
    if hole.unknowns.is_empty() {
        return;
    }
    page.raw("<details><summary>");
    page.text(&count(hole.unknowns.len(), "check"));
    page.raw("</summary><ul>");
    for one in &hole.unknowns {
        page.raw("<li><code>");
        page.text(&one.check);
        page.raw("</code> ");
        page.text(one.resource.path());
        if !one.counts {
            page.raw(" <span class=\"chip\">optional</span>");
        }
        page.raw("</li>");
    }
    page.raw("</ul></details>");
}
