//! What the questions relate to, control by control, and check by check.

use super::markup::Markup;
use super::section::heading;
use crate::model::Assessment;

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    heading(
        page,
        "controls",
        "Relates to",
        "Control references that the questions relate to. This is no statement of compliance.",
    );
    if assessment.controls.is_empty() {
        page.raw("<p>None.</p>\n");
    } else {
        let rows = assessment.controls.iter().map(|(control, counts)| {
            (
                control.as_str(),
                [counts.passed, counts.failed, counts.unknown, counts.waived],
            )
        });
        table(
            page,
            "By control",
            ["Control", "passed", "failed", "no answer", "waived"],
            rows,
        );
    }
    page.raw("<details><summary>By check</summary>\n");
    let rows = assessment.checks.iter().map(|one| {
        (
            one.check.as_str(),
            [one.passed, one.failed, one.unknown, one.not_applicable],
        )
    });
    table(
        page,
        "By check",
        ["Check", "passed", "failed", "no answer", "does not apply"],
        rows,
    );
    page.raw("</details>\n</section>\n");
}

fn table<'a>(
    page: &mut Markup,
    caption: &'static str,
    columns: [&'static str; 5],
    rows: impl Iterator<Item = (&'a str, [usize; 4])>,
) {
    page.raw("<div class=\"scroll\"><table class=\"numbers\">");
    page.word("caption", "", caption);
    page.raw("<thead><tr>");
    for column in columns {
        page.element("th", &[("scope", "col")], |cell| cell.text(column));
    }
    page.raw("</tr></thead><tbody>\n");
    for (name, numbers) in rows {
        page.raw("<tr>");
        page.element("th", &[("scope", "row")], |cell| cell.text(name));
        for number in numbers {
            page.word("td", "", &number.to_string());
        }
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table></div>\n");
}
