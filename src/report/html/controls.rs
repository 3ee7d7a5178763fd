//! What the questions relate to, control by control, and check by check.

use super::markup::Markup;
use super::section::heading;
use crate::model::Assessment;

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    heading(
        page,
        "controls",
        "Relates to",
        "Controls that the checks relate to, for reference; not a compliance statement.",
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
    page.fill(
        "<div class=\"scroll\"><table class=\"numbers\"><caption>{}</caption><thead><tr>",
        &[&caption],
    );
    for column in columns {
        page.fill("<th scope=\"col\">{}</th>", &[&column]);
    }
    page.raw("</tr></thead><tbody>\n");
    for (name, numbers) in rows {
        page.fill("<tr><th scope=\"row\">{}</th>", &[&name]);
        for number in numbers {
            page.fill("<td>{}</td>", &[&number]);
        }
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table></div>\n");
}
