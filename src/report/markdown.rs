//! The report as GitHub Markdown, cut to what the summary of a job may hold, with a word on what was cut.

mod details;
mod page;
mod tables;

use crate::model::Assessment;
use crate::model::plural::count;

use super::printable::clean;
use super::view::route::orphans;
use super::view::run::caveats;
use super::view::verdict;
use crate::model::time::moment;
pub(super) use page::escape;
use page::{Page, code};

/// A summary of more than 1 MiB is refused whole.
const LIMIT: usize = 1024 * 1024;

/// Markdown of at most 1 MiB. The list of findings comes first and is cut last.
pub(super) fn markdown(assessment: &Assessment) -> String {
    within(assessment, LIMIT)
}

fn within(assessment: &Assessment, limit: usize) -> String {
    let head = head(assessment);
    let mut page = Page::new(limit.saturating_sub(head.len()));
    tables::findings(&mut page, assessment);
    tables::gaps(&mut page, assessment);
    tables::unknowns(&mut page, assessment);
    tables::waived(&mut page, assessment);
    details::steps(&mut page, assessment);
    tables::registrations(&mut page, assessment);
    tables::grants(&mut page, assessment);
    let (note, body) = page.finish();
    format!("{head}{note}{body}")
}

/// Verdict, coverage, and under what it was judged.
fn head(assessment: &Assessment) -> String {
    let coverage = &assessment.coverage;
    let run = &assessment.run;
    let mut head = format!(
        "# credaudit: {}\n\n",
        escape(&verdict::verdict(assessment).join(" · "))
    );
    head.push_str(&format!(
        "**{} of {}** proven end to end. As of {}, policy {}, judged by {}.\n",
        coverage.proven,
        count(coverage.registrations, "registration"),
        moment(run.as_of),
        code(&run.policy),
        escape(&clean(&assessment.tool)),
    ));
    for caveat in caveats(run) {
        head.push_str(&format!("**Note:** {}.\n", escape(&clean(&caveat))));
    }
    let orphans = orphans(assessment);
    if !orphans.is_empty() {
        let names = escape(&clean(&orphans.join(", ")));
        head.push_str(&format!("**No owner or contact for:** {names}.\n"));
    }
    head.push_str(&format!(
        "\n| checks | passed | failed | caused by another | waived | not checked | because an earlier step failed | \
         not applicable |\n\
         |--:|--:|--:|--:|--:|--:|--:|--:|\n\
         | {} | {} | {} | {} | {} | {} | {} | {} |\n",
        coverage.asked,
        coverage.passed,
        coverage.failed,
        coverage.consequences,
        coverage.waived,
        coverage.unknown,
        coverage.behind_a_fail,
        coverage.not_applicable,
    ));
    head
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn the_format_is_what_the_snapshot_says() {
        insta::assert_snapshot!("rich", markdown(&fixture::rich()));
    }

    #[test]
    fn what_does_not_fit_is_counted_and_the_list_of_findings_goes_last() {
        let mut assessment = fixture::rich();
        let finding = assessment.findings[0].clone();
        for number in 0..300 {
            let mut more = finding.clone();
            more.fingerprint = format!("{number:016x}");
            assessment.findings.push(more);
        }
        let whole = markdown(&assessment);
        assert!(!whole.contains("Shortened"), "nothing is cut that fits");
        for limit in [4_000, 20_000, 100_000] {
            let text = within(&assessment, limit);
            assert!(text.len() <= limit, "{} of {limit}", text.len());
            assert!(text.contains("**Shortened**"), "{limit}");
            assert!(text.contains("caused by another"), "the ledger stays");
            assert!(
                text.matches("<details>").count() == text.matches("</details>").count(),
                "{limit}"
            );
        }
        let text = within(&assessment, 250_000);
        assert!(text.contains(&format!("{:016x}", 299)), "the list is whole");
    }

    #[test]
    fn nothing_in_a_name_is_markup() {
        let mut assessment = fixture::rich();
        assessment.findings[0].seen =
            "<script>alert(1)</script> | [x](https://evil.example) **b** `c` @org/team\n# big"
                .into();
        let text = markdown(&assessment);
        for markup in [
            "<script",
            "[x](",
            "https://evil",
            "**b**",
            "\n# big",
            " @org",
        ] {
            assert!(!text.contains(markup), "{markup}");
        }
        assert!(!text.contains('\u{202e}') && !text.contains('\u{1b}'));
    }
}
