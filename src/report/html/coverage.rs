//! How many questions were asked and what became of them; lists that are incomplete.

use super::markup::Markup;
use super::scale::percent;
use super::section::{self, heading, row};
use crate::model::assessment::{Assessment, Coverage};
use crate::report::view::coverage::facts;

const fn shares(coverage: &Coverage) -> [(&'static str, &'static str, usize); 4] {
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
    section::tile(page, "Checks made", &asked, |tile| {
        bar(tile, coverage);
        let rows = shares(coverage).map(|(class, name, number)| {
            let words = move |page: &mut Markup| page.word("span", class, name);
            (words, number)
        });
        section::counts(tile, rows);
    });
}

fn bar(page: &mut Markup, coverage: &Coverage) {
    if coverage.asked == 0 {
        return;
    }
    page.raw("<svg class=\"stack\" width=\"100%\" height=\"12\" aria-hidden=\"true\">");
    let at = |count: usize| i64::try_from(count * 10_000 / coverage.asked).unwrap_or(10_000);
    let mut from = 0;
    for (class, _, number) in shares(coverage) {
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
        "What was checked, and what has no answer. A check without an answer is never counted as passed.",
    );
    page.raw("<table class=\"ledger\"><caption>Checks</caption><tbody>\n");
    let cells = [
        ("made", coverage.asked),
        ("passed", coverage.passed),
        ("failed", coverage.failed),
        ("of these caused by another", coverage.consequences),
        ("of these waived", coverage.waived),
        ("no answer", coverage.unknown),
        (
            "of these because an earlier step failed",
            coverage.behind_a_fail,
        ),
        ("does not apply", coverage.not_applicable),
    ];
    for (name, number) in cells {
        page.raw("<tr>");
        page.element("th", &[("scope", "row")], |cell| cell.text(name));
        page.word("td", "", &number.to_string());
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table>\n");
    page.raw("<dl>");
    for (label, text, _) in facts(assessment) {
        row(page, label, &text);
    }
    page.raw("</dl>\n</section>\n");
}
