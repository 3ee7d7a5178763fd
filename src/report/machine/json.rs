//! The report for programs, `credaudit.report/1`: structs of its own, a stable order, nothing left out.

mod findings;
mod lifecycle;
mod matrices;
mod questions;
mod read;
mod registration;
mod run;
mod shape;

use crate::model::assessment::{Assessment, OverallVerdict, Since as ModelSince};
use crate::report::printable::is_hostile;
use crate::report::view::verdict::{Standing, verdict};
use findings::{Finding, Gap, Grant, Unknown, Waived};
use questions::{Estate, Questions};
pub(crate) use read::read;
use registration::Registration;
use run::{Check, Control, Coverage, Rule, Run};
use shape::{each, shape};

/// The version word of this format. A field that changes its meaning or goes away changes it;
/// a new field does not.
pub(crate) const FORMAT: &str = "credaudit.report/1";

shape! {
    /// The whole report. Absent values are `null`, empty lists are `[]`: every key is always there.
    struct Report<'a> from report = &'a Assessment {
        format: &'static str = FORMAT,
        tool: &'a str = &report.tool,
        run: Run<'a> = Run::of(&report.run),
        verdict: Verdict<'a> = Verdict::of((report, &report.verdict)),
        coverage: Coverage<'a> = Coverage::of(&report.coverage),
        registrations: Vec<Registration<'a>> = each(&report.registrations, Registration::of),
        findings: Vec<Finding<'a>> = each(&report.findings, Finding::of),
        waived: Vec<Waived<'a>> = each(&report.waived, Waived::of),
        unknowns: Vec<Unknown<'a>> = each(&report.unknowns, Unknown::of),
        grants: Vec<Grant<'a>> = each(&report.grants, Grant::of),
        gaps: Vec<Gap<'a>> = each(&report.gaps, Gap::of),
        controls: Vec<Control<'a>> = report.controls.iter().map(Control::of).collect(),
        checks: Vec<Check<'a>> = each(&report.checks, Check::of),
        questions: Vec<Questions<'a>> = each(&report.questions, Questions::of),
        rules: Vec<Rule<'a>> = each(&report.rules, Rule::of),
        /// Days before a credential's end from which the policy takes notice, most first.
        bands: &'a [u32] = &report.bands,
        estate: Option<Estate<'a>> = report.estate.as_ref().map(Estate::of),
    }

    /// The verdict line and what it is made of.
    struct Verdict<'a> from (report, ending) = (&'a Assessment, &'a OverallVerdict) {
        /// `findings`, `incomplete` or `clean`.
        result: &'static str = match Standing::of(report) {
            Standing::Clean => "clean",
            Standing::Incomplete => "incomplete",
            Standing::Findings => "findings",
        },
        line: String = verdict(report).join(" · "),
        exit_code: u8 = ending.exit_code,
        /// What the process ended with, where something other than the report failed and it is another code.
        #[serde(skip_serializing_if = "Option::is_none")]
        process_exit_code: Option<u8> = ending.ended,
        failing: usize = ending.failing,
        incomplete: bool = ending.incomplete,
        /// With `--fail-on-new`: what the exit code counts.
        since: Option<Since<'a>> = ending.since.as_ref().map(Since::of),
    }

    /// What is new since an earlier run.
    struct Since<'a> from since = &'a ModelSince {
        /// The earlier run's id; `null` where none is kept, and everything is new.
        run: Option<&'a str> = since.run.as_deref(),
        collected: Option<chrono::DateTime<chrono::Utc>> = since.collected,
        /// Whether runs are kept, or may be, that could not be read to compare with.
        unread: bool = since.unread,
        findings: usize = since.findings,
        unanswered: usize = since.unanswered,
    }
}

/// JSON Schema of the report.
pub(crate) fn schema() -> schemars::Schema {
    // What is written, not what could be read: absent values are `null`, so every key is there.
    schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Report<'static>>()
}

/// The report as pretty JSON, ended by a newline.
pub(crate) fn json(assessment: &Assessment) -> String {
    let report = Report::of(assessment);
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
