//! How many questions were asked and what became of them; lists that were cut short.

use super::markup::Markup;
use super::scale::percent;
use super::section::{self, heading};
use crate::model::assessment::{Assessment, Coverage};
use crate::report::view::coverage as view;
use crate::report::view::route::orphans;

const fn parts(coverage: &Coverage) -> [(&'static str, &'static str, usize); 4] {
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
        for (class, name, number) in parts(coverage) {
            tile.raw("<li>");
            tile.word("span", class, name);
            tile.raw(" ");
            tile.word("b", "", &number.to_string());
            tile.raw("</li>");
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
    for (class, _, number) in parts(coverage) {
        let (left, right) = (at(from), at(from + number));
        page.open(
            "rect",
            &[
                ("class", class),
                ("x", &percent(left)),
                ("width", &percent(right - left)),
                ("height", "12"),
            ],
        );
        page.close("rect");
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
        page.raw("<tr>");
        page.element("th", &[("scope", "row")], |cell| cell.text(name));
        page.word("td", "", &number.to_string());
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table>\n");
    page.word(
        "p",
        "",
        &format!(
            "No answer, by kind: {}",
            view::kinds(coverage).join(" \u{b7} ")
        ),
    );
    let not_tried = view::not_tried(assessment);
    if not_tried > 0 {
        let words = format!(
            "Not tried: {not_tried} expectations beyond reading; nothing was asked about them."
        );
        page.word("p", "", &words);
    }
    let orphans = orphans(assessment);
    if !orphans.is_empty() {
        page.raw("<p><span class=\"tag s-bad\">nobody answers</span> for ");
        page.text(&orphans.join(", "));
        page.raw(": no owner, contact or fallback is known, and nobody is reminded.</p>\n");
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
        page.raw("<li><span class=\"tag s-doubt\">incomplete</span> ");
        page.text(&format!(
            "{}: {} read, then {why}. Nothing was concluded from what is missing.",
            list.name, list.read
        ));
        page.raw("</li>\n");
    }
    page.raw("</ul>\n<details><summary>Lists read to their end</summary><ul>\n");
    for list in complete {
        page.word("li", "", &format!("{}: {}", list.name, list.read));
    }
    page.raw("</ul></details>\n");
}
