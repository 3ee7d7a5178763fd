//! The report for programs, `credaudit.report/1`: structs of its own, a stable order, nothing left out.

mod findings;
mod isolation;
mod lifecycle;
mod privileges;
mod questions;
mod registration;
mod run;

use serde::Serialize;

use crate::model::Assessment;

use crate::report::printable::is_hostile;
use crate::report::view::verdict::{self, Standing};
use findings::{Finding, Gap, Grant, Unknown, Waived};
use questions::{Estate, Questions};
use registration::Registration;
use run::{Check, Control, Coverage, Run};

/// The version word of this format. A field that changes its meaning or goes away changes it;
/// a new field does not.
pub const FORMAT: &str = "credaudit.report/1";

/// The whole report. Absent values are `null`, empty lists are `[]`: every key is always there.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Report<'a> {
    format: &'static str,
    tool: &'a str,
    run: Run<'a>,
    verdict: Verdict,
    coverage: Coverage<'a>,
    registrations: Vec<Registration<'a>>,
    findings: Vec<Finding<'a>>,
    waived: Vec<Waived<'a>>,
    unknowns: Vec<Unknown<'a>>,
    grants: Vec<Grant<'a>>,
    gaps: Vec<Gap<'a>>,
    controls: Vec<Control<'a>>,
    checks: Vec<Check<'a>>,
    questions: Vec<Questions<'a>>,
    /// Days before a credential's end from which the policy takes notice, most first.
    bands: &'a [u32],
    estate: Option<Estate<'a>>,
}

/// The verdict line and what it is made of.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Verdict {
    /// `findings`, `incomplete` or `clean`.
    result: &'static str,
    line: String,
    exit_code: u8,
    /// What the process ended with, where something besides the report failed and it is another code.
    #[serde(skip_serializing_if = "Option::is_none")]
    process_exit_code: Option<u8>,
    failing: usize,
    incomplete: bool,
    /// With `--fail-on-new`: what the exit code counts.
    since: Option<Since>,
}

/// What is new since an earlier run.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Since {
    /// The earlier run's id; `null` where none is kept, and everything is new.
    run: Option<String>,
    collected: Option<chrono::DateTime<chrono::Utc>>,
    /// Whether runs are kept, or may be, that could not be read to compare with.
    unread: bool,
    findings: usize,
    unanswered: usize,
}

/// JSON Schema of the report.
#[must_use]
pub fn schema() -> schemars::Schema {
    // What is written, not what could be read: absent values are `null`, so every key is there.
    schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Report<'static>>()
}

/// The report as pretty JSON, ended by a newline.
#[must_use]
pub fn json(assessment: &Assessment) -> String {
    let report = Report {
        format: FORMAT,
        tool: &assessment.tool,
        run: Run::of(assessment),
        verdict: Verdict {
            result: match Standing::of(assessment) {
                Standing::Clean => "clean",
                Standing::Incomplete => "incomplete",
                Standing::Findings => "findings",
            },
            line: verdict::verdict(assessment).join(" · "),
            exit_code: assessment.verdict.exit_code,
            process_exit_code: assessment.verdict.ended,
            failing: assessment.verdict.failing,
            incomplete: assessment.verdict.incomplete,
            since: assessment.verdict.since.as_ref().map(|since| Since {
                run: since.run.clone(),
                collected: since.collected,
                unread: since.unread,
                findings: since.findings,
                unanswered: since.unanswered,
            }),
        },
        coverage: Coverage::of(&assessment.coverage),
        registrations: assessment
            .registrations
            .iter()
            .map(Registration::of)
            .collect(),
        findings: assessment.findings.iter().map(Finding::of).collect(),
        waived: assessment.waived.iter().map(Waived::of).collect(),
        unknowns: assessment.unknowns.iter().map(Unknown::of).collect(),
        grants: assessment.grants.iter().map(Grant::of).collect(),
        gaps: assessment.gaps.iter().map(Gap::of).collect(),
        controls: assessment.controls.iter().map(Control::of).collect(),
        checks: assessment.checks.iter().map(Check::of).collect(),
        questions: assessment.questions.iter().map(Questions::of).collect(),
        bands: &assessment.bands,
        estate: assessment.estate.as_ref().map(Estate::of),
    };
    #[expect(
        clippy::expect_used,
        reason = "strings, numbers and lists under string keys always serialise"
    )]
    let mut text = serde_json::to_string_pretty(&report).expect("a report serialises");
    text.push('\n');
    harmless(&text)
}

/// The same JSON with invisible and direction-changing characters as `\u` escapes: a program reads the
/// very same text, a terminal that shows the file obeys none of it. serde_json escapes C0 only.
pub(crate) fn harmless(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    let mut units = [0_u16; 2];
    for character in json.chars() {
        if character != '\n' && is_hostile(character) {
            for unit in character.encode_utf16(&mut units) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            safe.push(character);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    /// A change of the format is a change of this file, made on purpose.
    #[test]
    fn the_format_is_what_the_snapshot_says() {
        insta::assert_snapshot!("rich", json(&fixture::rich()));
    }

    #[test]
    fn a_program_reads_the_very_text_while_a_terminal_obeys_none() {
        let text = json(&fixture::rich());
        assert!(
            text.chars()
                .all(|character| character == '\n' || !is_hostile(character))
        );
        let value: serde_json::Value = serde_json::from_str(&text).expect("valid JSON");
        assert_eq!(value["registrations"][2]["name"], fixture::HOSTILE);
    }

    #[test]
    fn an_empty_estate_still_shows_its_zeros() {
        let value: serde_json::Value =
            serde_json::from_str(&json(&fixture::empty())).expect("valid JSON");
        assert_eq!(value["verdict"]["result"], "clean");
        assert_eq!(value["coverage"]["asked"], 0);
        assert_eq!(
            value["coverage"]["unknown_by_kind"]
                .as_object()
                .map(serde_json::Map::len),
            Some(10)
        );
        assert_eq!(value["findings"], serde_json::json!([]));
        assert_eq!(value["run"]["narrowed"], serde_json::Value::Null);
    }
}
