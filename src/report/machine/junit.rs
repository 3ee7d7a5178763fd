//! The report as JUnit XML: a suite a check, a case a question.
//!
//! A Fail is a failure, also where its cause explains it; what is not known is an error, also behind a failed
//! step; what a waiver covers is skipped with its reason. So the totals are those of the report. A question that does not
//! apply is left out: a check that runs on certificates only would fill the list of skipped cases, in
//! which waivers should be seen. How many there were stands in the properties of the suite.

use crate::model::Prose;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::model::assessment::{Answer, Cover, Finding, ListCount};
use crate::model::{Assessment, GapKind};

use crate::report::printable::clean;
use crate::report::view::run::remarks;

/// XML, ended by a newline.
pub(crate) fn junit(assessment: &Assessment) -> String {
    let mut report = Report::new("credaudit");
    report.set_timestamp(assessment.run.as_of);
    for (check, answers) in assessment.answers() {
        let mut suite = TestSuite::new(check);
        let mut beside = 0;
        for (resource, answer) in answers {
            let Some(status) = status(answer) else {
                beside += 1;
                continue;
            };
            let mut case = TestCase::new(xml(resource), status);
            case.set_classname(format!("credaudit.{check}"));
            suite.add_test_case(case);
        }
        if beside > 0 {
            suite.add_property(("not-applicable", beside.to_string().as_str()));
        }
        report.add_test_suite(suite);
    }
    if let Some(suite) = reading(assessment) {
        report.add_test_suite(suite);
    }
    #[expect(
        clippy::expect_used,
        reason = "writing into memory cannot fail, and every element is one of the library's own"
    )]
    report.to_string().expect("a report serialises")
}

/// What could not be read and leaves no question open by itself, and what is to be known of the run (its clock,
/// its policy): it would be seen nowhere else.
fn reading(assessment: &Assessment) -> Option<TestSuite> {
    let silent: Vec<_> = assessment
        .gaps
        .iter()
        .filter(|gap| gap.questions == 0)
        .collect();
    let lists = assessment.coverage.lists.iter();
    let lists: Vec<&ListCount> = lists.filter(|list| list.counts).collect();
    let remarks = remarks(&assessment.run);
    if silent.is_empty() && lists.is_empty() && remarks.is_empty() {
        return None;
    }
    let mut suite = TestSuite::new("reading");
    for list in lists {
        suite.add_test_case(unread(list));
    }
    let lines = silent
        .iter()
        .map(|gap| format!("{}: {}", gap.kind, clean(gap.seen.letters())));
    let lines: Vec<String> = lines.collect();
    if !lines.is_empty() {
        suite.set_system_err(xml(&lines.join("\n")));
    }
    if let Some(ahead) = assessment.run.clock_ahead_seconds {
        suite.add_property(("clock-ahead-seconds", ahead.to_string().as_str()));
    }
    if !remarks.is_empty() {
        let remarks: Vec<String> = remarks.iter().map(|remark| clean(remark)).collect();
        suite.set_system_out(xml(&remarks.join("\n")));
    }
    Some(suite)
}

fn status(answer: Answer<'_>) -> Option<TestCaseStatus> {
    Some(match answer {
        Answer::Passed => TestCaseStatus::success(),
        Answer::Failed(finding) => failure(
            &finding.fingerprint,
            finding.severity.as_str(),
            finding.title.letters(),
            &about(finding),
        ),
        Answer::Consequence(inside, cause) => failure(
            &inside.fingerprint,
            inside.severity.as_str(),
            &format!("caused by {} on {}", cause.check, cause.resource),
            inside.seen.letters(),
        ),
        Answer::Waived(waived) => {
            let (owner, until, reason) = (&waived.owner, &waived.expires, &waived.reason);
            let mut status = TestCaseStatus::skipped();
            status.set_message(xml(&format!("waived by {owner} until {until}: {reason}")));
            status.set_description(body(&about(&waived.finding), &waived.finding.fingerprint));
            status
        }
        Answer::WaivedConsequence(inside, waived) => {
            let (check, resource) = (&waived.finding.check, &waived.finding.resource);
            let until = &waived.expires;
            let message = format!("caused by {check} on {resource}, which is waived until {until}");
            let mut status = TestCaseStatus::skipped();
            status.set_message(xml(&message));
            status.set_description(body(inside.seen.letters(), &inside.fingerprint));
            status
        }
        Answer::Unknown(unknown) => {
            let counts = if unknown.counts {
                ""
            } else {
                " (the policy only reports it)"
            };
            let mut status = error(
                unknown.kind,
                &format!("not checked{counts}: {}", unknown.seen),
            );
            if let Some(remedy) = &unknown.remedy {
                status.set_description(xml(&format!("Fix: {remedy}")));
            }
            status
        }
        Answer::BehindAFail(why, cover) => {
            let answers = match cover {
                Cover::Finding => "",
                Cover::Waiver => " whose finding is waived",
                Cover::Policy => " (the policy only reports it)",
                Cover::Nothing => " (the run is incomplete)",
            };
            let message = format!("not checked, because an earlier step failed{answers}: {why}");
            error(GapKind::NotReached, &message)
        }
        Answer::NotApplicable(_) => return None,
    })
}

/// A list that was begun and not read to its end makes the run incomplete, also where no question hangs on it.
fn unread(list: &ListCount) -> TestCase {
    let why = list.cut_short.as_ref().map_or("", Prose::letters);
    let message = format!("an incomplete list, {} read: {why}", list.read);
    let status = error(list.kind.unwrap_or(GapKind::Truncated), &message);
    let mut case = TestCase::new(xml(&list.name), status);
    case.set_classname("credaudit.reading");
    case
}

fn about(finding: &Finding) -> String {
    let mut lines = vec![finding.seen.to_string(), format!("Fix: {}", finding.remedy)];
    if !finding.hits.is_empty() {
        lines.push(format!("Affects: {}", finding.hits));
    }
    if finding.registrations.len() > 1 {
        lines.push(format!("About: {}", finding.registrations.join(", ")));
    }
    let lines: Vec<String> = lines.iter().map(|line| clean(line)).collect();
    lines.join("\n")
}

fn failure(fingerprint: &str, severity: &str, message: &str, description: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(severity);
    status.set_message(xml(&format!("{severity}: {message}")));
    status.set_description(body(description, fingerprint));
    status
}

fn error(kind: GapKind, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type(kind.as_str());
    status.set_message(xml(message));
    status
}

fn body(description: &str, fingerprint: &str) -> String {
    let lines: Vec<String> = description.lines().map(xml).collect();
    format!("{}\nid: {fingerprint}", lines.join("\n"))
}

/// Text that XML can hold, with what was taken out visible: [`clean`] shows controls as escapes, the
/// library would drop them; the two noncharacters that XML forbids it would keep.
fn xml(text: &str) -> String {
    let lines = text.lines().map(clean).collect::<Vec<_>>().join("\n");
    lines
        .replace('\u{fffe}', "\\u{fffe}")
        .replace('\u{ffff}', "\\u{ffff}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn read(assessment: &Assessment) -> Report {
        Report::deserialize_from_str(&junit(assessment)).expect("well-formed")
    }

    #[test]
    fn each_answer_has_its_place() {
        let report = read(&fixture::rich());
        // Four findings and a consequence; three unknowns, one behind a failed step and a list; a waived one.
        assert_eq!((report.failures, report.errors, report.skipped), (5, 5, 1));
        // And three that passed.
        assert_eq!(report.tests, 14);
    }

    #[test]
    fn nothing_asked_is_a_report_without_cases() {
        assert_eq!(read(&fixture::empty()).tests, 0);
    }

    #[test]
    fn a_clock_that_differs_is_said_beside_what_was_read() {
        let mut assessment = fixture::empty();
        assessment.run.clock_ahead_seconds = Some(60);
        assert!(!junit(&assessment).contains("system-out"));
        assessment.run.clock_ahead_seconds = Some(25 * 86_400);
        let text = junit(&assessment);
        for words in [
            "system-out",
            "25 days behind",
            r#"name="clock-ahead-seconds" value="2160000""#,
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert_eq!(read(&assessment).tests, 0);
    }

    #[test]
    fn what_xml_forbids_is_shown_not_dropped() {
        assert_eq!(
            xml("a\u{0}b\u{1b}[31mc\u{ffff}"),
            "a\\u{0}b\\u{1b}[31mc\\u{ffff}"
        );
        assert_eq!(xml("one\ntwo"), "one\ntwo");
    }

    #[test]
    fn a_gap_that_leaves_no_question_open_is_still_told() {
        let text = junit(&fixture::rich());
        assert!(text.contains("page 3 of applications"), "{text}");
    }
}
