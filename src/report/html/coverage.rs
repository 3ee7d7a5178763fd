//! How many questions were asked and what became of them; lists that were cut short.

use super::markup::Markup;
use super::scale::percent;
use super::section::{self, heading};
use crate::model::assessment::{Assessment, Coverage};
use crate::report::view::coverage as view;
use crate::report::view::route::orphans;

const fn outcomes(coverage: &Coverage) -> [(&'static str, &'static str, usize); 4] {
    [
        ("s-good", "passed", coverage.passed),
        ("s-bad", "failed", coverage.failed),
        ("s-doubt", "no answer", coverage.unknown),
        ("s-quiet", "does not apply", coverage.not_applicable),
    ]
}

/// The number at the top, with a bar.
pub(super) fn tile(page: &mut Markup, assessment: &Assessment) {
    let coverage = &assessment.coverage;
    let asked = coverage.asked.to_string();
    section::tile(page, "Questions asked", &asked, |tile| {
        bar(tile, coverage);
        tile.raw("<ul class=\"counts\">");
        for (class, name, number) in outcomes(coverage) {
            tile.fill(
                "<li><span class=\"{}\">{}</span> <b>{}</b></li>",
                &[&class, &name, &number],
            );
        }
        tile.raw("</ul>");
    });
}

fn bar(page: &mut Markup, coverage: &Coverage) {
    if coverage.asked == 0 {
        return;
    }
    page.raw("<svg class=\"stack\" width=\"100%\" height=\"12\" aria-hidden=\"true\">");
    let at = |count: usize| i64::try_from(count * 10_000 / coverage.asked).unwrap_or(10_000);
    let mut from = 0;
    for (class, _, number) in outcomes(coverage) {
        let (left, right) = (at(from), at(from + number));
        page.fill(
            "<rect class=\"{}\" x=\"{}\" width=\"{}\" height=\"12\"></rect>",
            &[&class, &percent(left), &percent(right - left)],
        );
        from += number;
    }
    page.raw("</svg>");
}

/// The ledger in full: zeros are shown.
pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    let coverage = &assessment.coverage;
    heading(
        page,
        "coverage",
        "Coverage",
        "What was asked, and what got no answer. A question without an answer is never counted as passed.",
    );
    page.raw("<table class=\"ledger\"><caption>Questions</caption><tbody>\n");
    let cells = [
        ("asked", coverage.asked),
        ("passed", coverage.passed),
        ("failed", coverage.failed),
        ("of these inside their cause", coverage.consequences),
        ("of these waived", coverage.waived),
        ("no answer", coverage.unknown),
        ("of these behind a failed step", coverage.behind_a_fail),
        ("does not apply", coverage.not_applicable),
    ];
    for (name, number) in cells {
        page.fill(
            "<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n",
            &[&name, &number],
        );
    }
    page.raw("</tbody></table>\n");
    let kinds = view::kinds(coverage).join(" \u{b7} ");
    page.fill("<p>No answer, by kind: {}</p>", &[&kinds]);
    let not_tried = view::not_tried(assessment);
    if not_tried > 0 {
        page.fill(
            "<p>Not tried: {} expectations beyond reading; nothing was asked about them.</p>",
            &[&not_tried],
        );
    }
    let orphans = orphans(assessment);
    if !orphans.is_empty() {
        page.fill(
            "<p><span class=\"tag s-bad\">nobody answers</span> for {}: no owner, contact or fallback is known, \
             and nobody is reminded.</p>\n",
            &[&orphans.join(", ")],
        );
    }
    lists(page, coverage);
    page.raw("</section>\n");
}

fn lists(page: &mut Markup, coverage: &Coverage) {
    if coverage.lists.is_empty() {
        return;
    }
    let (complete, incomplete) = view::lists(coverage);
    page.raw("<ul class=\"plain\">\n");
    for (list, why) in incomplete {
        page.fill(
            "<li><span class=\"tag s-doubt\">incomplete</span> {}: {} read, then {}. Nothing was concluded from what \
             is missing.</li>\n",
            &[&list.name, &list.read, &why],
        );
    }
    page.raw("</ul>\n<details><summary>Lists read to their end</summary><ul>\n");
    for list in complete {
        page.fill("<li>{}: {}</li>", &[&list.name, &list.read]);
    }
    page.raw("</ul></details>\n");
}
