//! The report as SARIF 2.1.0, as GitHub code scanning takes it.
//!
//! What code scanning reads, and what follows from it here:
//! - It tells alerts apart by `primaryLocationLineHash` and closes an alert whose fingerprint is gone. So
//!   the finding's own fingerprint stands there, and **a question without an answer keeps the fingerprint
//!   of its finding**: it is a result of kind `open`, and what failed last week is not "fixed" because it
//!   cannot be read today.
//! - It knows no kinds and shows the message: that of an unknown says so in its first words.
//! - An upload replaces the last one of its category. So a run over a part of the estate
//!   (`--env`, `--registration`) has a category of its own (`automationDetails.id`).
//! - It shows the 5,000 worst results of a run and refuses more than 25,000; the worst come first.
//! - It does not close an alert for its suppression; other readers of SARIF do.

mod results;
mod rules;

use serde_json::{Value, json};

use crate::model::Assessment;

use super::json::{harmless, moment};
use super::text::clean;
use super::words;
use results::results;
use rules::Rules;

/// The report as pretty JSON, ended by a newline.
#[must_use]
pub fn sarif(assessment: &Assessment) -> String {
    let rules = Rules::of(assessment);
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver(assessment, &rules) },
            "automationDetails": { "id": category(assessment) },
            "invocations": [invocation(assessment)],
            "results": results(assessment, &rules),
            "properties": properties(assessment),
        }],
    });
    let mut text = format!("{log:#}");
    text.push('\n');
    harmless(&text)
}

fn driver(assessment: &Assessment, rules: &Rules<'_>) -> Value {
    let mut driver = json!({ "name": "credaudit", "rules": rules.objects() });
    if let Some((_, version)) = assessment.tool.split_once(' ') {
        driver["version"] = json!(clean(version));
    }
    driver
}

/// The category of this kind of run, then the run itself, as code scanning splits it at the last slash.
fn category(assessment: &Assessment) -> String {
    let run = slug(&assessment.run.id);
    match &assessment.run.narrowed {
        Some(narrowed) => format!("credaudit/{}/{run}", slug(narrowed)),
        None => format!("credaudit/{run}"),
    }
}

fn slug(text: &str) -> String {
    let letter = |letter: char| {
        if letter.is_alphanumeric() || letter == '.' {
            letter
        } else {
            '-'
        }
    };
    text.chars().map(letter).collect()
}

/// How the run went. An incomplete one was no success: nobody should take its silence for health.
fn invocation(assessment: &Assessment) -> Value {
    let gaps = assessment.gaps.iter().map(|gap| {
        let remedy = gap.remedy.as_deref().unwrap_or_default();
        let left = words::count(gap.questions, "question");
        notification(
            "warning",
            &format!("{} ({left} left open). {remedy}", gap.seen),
        )
    });
    let narrowed = assessment.run.narrowed.iter().map(|words| {
        let seen = format!("This run looked at a part of the estate: {words}");
        notification("note", &seen)
    });
    let moved = assessment.run.as_of_given.then(|| {
        let seen = format!(
            "Judged as of {}, a date given by hand",
            moment(assessment.run.as_of)
        );
        notification("note", &seen)
    });
    json!({
        "executionSuccessful": !assessment.verdict.incomplete,
        "exitCode": assessment.verdict.exit_code,
        "exitCodeDescription": words::verdict(assessment).join(", "),
        "startTimeUtc": moment(assessment.run.collected),
        "toolExecutionNotifications": gaps.chain(narrowed).chain(moved).collect::<Vec<_>>(),
    })
}

fn notification(level: &str, text: &str) -> Value {
    json!({ "level": level, "message": { "text": clean(text) } })
}

fn properties(assessment: &Assessment) -> Value {
    let coverage = &assessment.coverage;
    json!({
        "asOf": moment(assessment.run.as_of),
        "policy": clean(&assessment.run.policy),
        "failOn": assessment.run.fail_on.as_str(),
        "failing": assessment.verdict.failing,
        "asked": coverage.asked,
        "passed": coverage.passed,
        "failed": coverage.failed,
        "consequences": coverage.consequences,
        "waived": coverage.waived,
        "unknown": coverage.unknown,
        "behindAFail": coverage.behind_a_fail,
        "notApplicable": coverage.not_applicable,
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    fn run(assessment: &Assessment) -> Value {
        let log: Value = serde_json::from_str(&sarif(assessment)).expect("JSON");
        log["runs"][0].clone()
    }

    #[test]
    fn an_incomplete_run_was_no_success() {
        let rich = run(&fixture::rich());
        assert_eq!(rich["invocations"][0]["executionSuccessful"], false);
        assert_eq!(rich["invocations"][0]["exitCode"], 10);
        let clean = run(&fixture::empty());
        assert_eq!(clean["invocations"][0]["executionSuccessful"], true);
        assert_eq!(clean["results"], json!([]));
    }

    #[test]
    fn a_part_of_the_estate_replaces_nothing_of_the_whole() {
        let id = |assessment: &Assessment| run(assessment)["automationDetails"]["id"].clone();
        let mut assessment = fixture::empty();
        assert_eq!(
            id(&assessment),
            "credaudit/3f0e8c1a-0000-4000-8000-000000000001"
        );
        assessment.run.narrowed = Some("only environments a/b".to_owned());
        assert_eq!(
            id(&assessment),
            "credaudit/only-environments-a-b/3f0e8c1a-0000-4000-8000-000000000001"
        );
    }
}
