//! The report as SARIF 2.1.0, as GitHub code scanning takes it.
//!
//! What code scanning reads, and what follows from it here:
//! - It tells alerts apart by `primaryLocationLineHash` and closes an alert whose fingerprint is gone. So
//!   the finding's own fingerprint stands there, and **a question without an answer keeps the fingerprint
//!   of its finding**: it is a result of kind `open`, and what failed last week is not "fixed" because it
//!   cannot be read today.
//! - It knows no kinds and shows the message: that of an unknown says so in its first words.
//!   The same goes for what lies behind a failed step, and for what was a finding and follows from another
//!   one now: that is a note.
//! - An upload replaces the last one of its category. So each estate file, and a run over a part of it
//!   (`--env`, `--registration`), has a category of its own (`automationDetails.id`).
//! - It shows the 5,000 worst results of a run and refuses more than 25,000; the worst come first, and what
//!   lies behind a failed step fills what room there is.
//! - It does not close an alert for its suppression; other readers of SARIF do.

mod places;
mod results;
mod rules;

use crate::model::Prose;
use crate::model::plural::count;
use serde_json::{Value, json};

use crate::model::Assessment;

use super::json::harmless;
use crate::model::time::moment;
use crate::report::printable::clean;
use crate::report::view::run::remarks;
use crate::report::view::verdict;
use results::{left_out, results};
use rules::Rules;

/// The report as pretty JSON, ended by a newline.
pub(crate) fn sarif(assessment: &Assessment) -> String {
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

/// The category of this estate and this kind of run, then the run itself, as code scanning splits it at the
/// last slash.
fn category(assessment: &Assessment) -> String {
    let mut parts = vec!["credaudit".to_owned()];
    if let Some(estate) = &assessment.estate {
        let folders = estate.name.split(['/', '\\']);
        let folders = folders.filter(|part| !part.is_empty() && *part != ".");
        parts.extend(folders.map(slug));
    }
    parts.extend(assessment.run.narrowed.as_deref().map(slug));
    parts.push(slug(&assessment.run.id));
    parts.join("/")
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
        let remedy = gap.remedy.as_ref().map_or("", Prose::letters);
        let left = count(gap.questions, "check");
        notification(
            "warning",
            &format!("{} ({left} not made). {remedy}", gap.seen),
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
    let remarks = remarks(&assessment.run).into_iter();
    let remarks = remarks.map(|remark| notification("warning", &remark));
    let left_out = match left_out(assessment) {
        0 => None,
        many => {
            let what = count(many, "check");
            let seen = format!("{what} after a failed step did not fit into this file");
            Some(notification("note", &seen))
        }
    };
    let lists = assessment.coverage.lists.iter();
    let lists = lists.filter(|list| list.counts).map(|list| {
        let why = list.cut_short.as_ref().map_or("", Prose::letters);
        let seen = format!(
            "{} is an incomplete list ({} read): {why}",
            list.name, list.read
        );
        notification("error", &seen)
    });
    json!({
        "executionSuccessful": !assessment.verdict.incomplete,
        // SARIF means the process's own.
        "exitCode": assessment.verdict.ended.unwrap_or(assessment.verdict.exit_code),
        "exitCodeDescription": verdict::verdict(assessment).join(", "),
        "startTimeUtc": moment(assessment.run.collected),
        "toolExecutionNotifications": lists.chain(gaps).chain(narrowed).chain(moved).chain(remarks).chain(left_out).collect::<Vec<_>>(),
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
        "behindAndOpen": coverage.behind_and_open,
        "behindAndWaived": coverage.behind_and_waived,
        "reportedOnly": coverage.reported_only,
        "cannotBeProven": coverage.cannot_be_proven,
        "notApplicable": coverage.not_applicable,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

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
        let run = "3f0e8c1a-0000-4000-8000-000000000001";
        assessment.estate = None;
        assert_eq!(id(&assessment), format!("credaudit/{run}"));
        assessment.run.narrowed = Some("only environments a/b".to_owned());
        assert_eq!(
            id(&assessment),
            format!("credaudit/only-environments-a-b/{run}")
        );
    }

    #[test]
    fn an_estate_replaces_nothing_of_another() {
        let id = |file: &str, narrowed: Option<&str>| {
            let mut assessment = fixture::empty();
            let lines = std::collections::BTreeMap::new();
            let name = file.to_owned();
            assessment.estate = Some(crate::model::assessment::EstateFile { name, lines });
            assessment.run.narrowed = narrowed.map(str::to_owned);
            run(&assessment)["automationDetails"]["id"].clone()
        };
        let run = "3f0e8c1a-0000-4000-8000-000000000001";
        for (file, category) in [
            ("estate.toml", "credaudit/estate.toml"),
            ("./estate.toml", "credaudit/estate.toml"),
            ("eu/estate.toml", "credaudit/eu/estate.toml"),
            ("us\\estate.toml", "credaudit/us/estate.toml"),
            ("/srv/a b/estate.toml", "credaudit/srv/a-b/estate.toml"),
            ("../x.toml", "credaudit/../x.toml"),
        ] {
            assert_eq!(id(file, None), format!("{category}/{run}"));
        }
        let part = id("eu/estate.toml", Some("only environments a/b"));
        let category = "credaudit/eu/estate.toml/only-environments-a-b";
        assert_eq!(part, format!("{category}/{run}"));
    }
}
