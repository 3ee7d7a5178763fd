//! What could not be read: each hole once, and every question it leaves open.

use crate::model::plural::count;
use std::collections::BTreeMap;

use super::markup::Markup;
use super::section::heading;
use super::section::row;
use crate::model::assessment::{Assessment, GapItem, UnknownItem};
use crate::model::{GapKind, Grant};

type Key<'a> = (Option<&'a Grant>, GapKind, &'a str, Option<&'a str>);

/// What hangs on one hole.
#[derive(Debug, Default)]
struct Hole<'a> {
    gap: Option<&'a GapItem>,
    questions: Vec<&'a UnknownItem>,
}

/// How many different holes there are.
pub(super) fn holes(assessment: &Assessment) -> usize {
    collected(assessment).len()
}

fn collected(assessment: &Assessment) -> BTreeMap<Key<'_>, Hole<'_>> {
    let mut holes: BTreeMap<Key<'_>, Hole<'_>> = BTreeMap::new();
    for gap in &assessment.gaps {
        let key = (
            gap.missing.as_ref(),
            gap.kind,
            gap.seen.as_str(),
            gap.remedy.as_deref(),
        );
        holes.entry(key).or_default().gap = Some(gap);
    }
    for one in &assessment.unknowns {
        let key = (
            one.missing.as_ref(),
            one.kind,
            one.seen.as_str(),
            one.remedy.as_deref(),
        );
        holes.entry(key).or_default().questions.push(one);
    }
    holes
}

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    let holes = collected(assessment);
    let title = match holes.len() {
        0 => "Nothing unread: every question got an answer".to_owned(),
        number => format!("Not read: {}", count(number, "hole")),
    };
    heading(page, "unread", &title, "");
    grants(page, assessment);
    if !holes.is_empty() {
        page.raw("<ul class=\"list\">\n");
    }
    for ((missing, kind, seen, remedy), hole) in &holes {
        page.raw("<li class=\"hole\"><h3><span class=\"tag s-doubt\">? ");
        page.text(kind.as_str());
        page.raw("</span> ");
        let questions = hole
            .questions
            .len()
            .max(hole.gap.map_or(0, |gap| gap.questions));
        page.text(&match questions {
            0 => "leaves no question open".to_owned(),
            number => format!("leaves {} open", count(number, "question")),
        });
        page.raw("</h3><dl>");
        row(page, "Seen", seen);
        if let Some(remedy) = remedy {
            row(page, "Do", remedy);
        }
        if let Some(grant) = missing {
            row(page, "Grant", &grant.to_string());
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
        "<div class=\"scroll\"><table><caption>Rights that are missing, the one that answers most \
         first</caption><thead><tr><th scope=\"col\">Role</th><th scope=\"col\">On</th><th scope=\"col\">To</th>\
         <th scope=\"col\">Questions</th><th scope=\"col\">Checks</th></tr></thead><tbody>\n",
    );
    for grant in &assessment.grants {
        page.raw("<tr>");
        page.element("th", &[("scope", "row")], |cell| cell.text(&grant.role));
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
    if hole.questions.is_empty() {
        if let Some(gap) = hole.gap.filter(|gap| !gap.checks.is_empty()) {
            page.word("p", "", &format!("Open: {}", gap.checks.join(", ")));
        }
        return;
    }
    page.raw("<details><summary>");
    page.text(&count(hole.questions.len(), "question"));
    page.raw("</summary><ul>");
    for one in &hole.questions {
        page.raw("<li><code>");
        page.text(&one.check);
        page.raw("</code> ");
        page.text(one.resource.path());
        if !one.counts {
            page.raw(" <span class=\"chip\">only reported, by the policy</span>");
        }
        page.raw("</li>");
    }
    page.raw("</ul></details>");
}
