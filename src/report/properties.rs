//! Every format tells every finding and the same totals, whatever stands in the names.

mod held;

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;

use crate::model::Assessment;

use super::printable::is_hostile;
use super::random::assessments;
use super::text::TableOptions;
use super::{Format, render};

/// What a reader of a format counts; `None` where the format does not tell.
#[derive(Debug, Default)]
struct Totals {
    passed: Option<usize>,
    failed: Option<usize>,
    consequences: Option<usize>,
    waived: Option<usize>,
    unknown: Option<usize>,
    behind_a_fail: Option<usize>,
}

/// A format, whether it tells each finding, and who reads it.
type Reader = (Format, bool, fn(&str) -> Totals);

/// Every format with its reader. One that tells each finding by fingerprint and check is marked so.
const READERS: [Reader; 10] = [
    (Format::Table, false, read_table),
    (Format::Json, true, read_json),
    (Format::Html, true, read_html),
    (Format::Markdown, true, read_markdown),
    (Format::Sarif, true, read_sarif),
    (Format::Junit, true, read_junit),
    (Format::Csv, false, read_credentials),
    (Format::FindingsCsv, true, read_findings),
    (Format::Calendar, false, read_calendar),
    (Format::Prometheus, false, read_prometheus),
];

fn text(format: Format, assessment: &Assessment) -> String {
    let bytes = render(format, assessment, &TableOptions::default());
    String::from_utf8(bytes).expect("UTF-8")
}

/// The numbers in front of the words of a line.
fn numbers(line: &str) -> Vec<usize> {
    line.split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|word| word.parse().ok())
        .collect()
}

fn read_table(text: &str) -> Totals {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, text) = text.split_once(" COVERAGE ").expect("a ledger");
    let start = text.find("checks ").expect("its numbers");
    let end = text[start..].find("not applicable").expect("its end");
    let of = numbers(&text[start..start + end]);
    Totals {
        passed: of.get(1).copied(),
        failed: of.get(2).copied(),
        consequences: of.get(3).copied(),
        waived: of.get(4).copied(),
        unknown: of.get(5).copied(),
        behind_a_fail: of.get(6).copied(),
    }
}

fn number(value: &Value) -> Option<usize> {
    usize::try_from(value.as_u64()?).ok()
}

fn read_json(text: &str) -> Totals {
    let report: Value = serde_json::from_str(text).expect("JSON");
    let coverage = &report["coverage"];
    assert_eq!(
        report["findings"].as_array().map(Vec::len),
        number(&coverage["failed"])
            .zip(number(&coverage["waived"]))
            .zip(number(&coverage["consequences"]))
            .map(|((failed, waived), inside)| failed - waived - inside)
    );
    Totals {
        passed: number(&coverage["passed"]),
        failed: number(&coverage["failed"]),
        consequences: number(&coverage["consequences"]),
        waived: number(&coverage["waived"]),
        unknown: number(&coverage["unknown"]),
        behind_a_fail: number(&coverage["behind_a_fail"]),
    }
}

/// The numbers below the questions' heading, a row each.
fn read_html(text: &str) -> Totals {
    assert!(!text.contains("<script>alert"), "{text}");
    let (_, table) = text
        .split_once("<caption>Checks</caption>")
        .expect("a ledger");
    let (rows, _) = table.split_once("</tbody>").expect("its end");
    let of: Vec<usize> = rows
        .split("<td>")
        .skip(1)
        .map(|cell| numbers(cell)[0])
        .collect();
    Totals {
        passed: of.get(1).copied(),
        failed: of.get(2).copied(),
        consequences: of.get(3).copied(),
        waived: of.get(4).copied(),
        unknown: of.get(5).copied(),
        behind_a_fail: of.get(6).copied(),
    }
}

fn read_markdown(text: &str) -> Totals {
    assert!(!text.contains("<script"), "{text}");
    assert!(!text.contains("https://evil"), "{text}");
    let row = text
        .lines()
        .skip_while(|line| !line.starts_with("|--:|--:|--:|"));
    let of = numbers(row.take(2).last().expect("a ledger"));
    Totals {
        passed: of.get(1).copied(),
        failed: of.get(2).copied(),
        consequences: of.get(3).copied(),
        waived: of.get(4).copied(),
        unknown: of.get(5).copied(),
        behind_a_fail: of.get(6).copied(),
    }
}

/// The results are counted, not only the ledger among the properties.
fn read_sarif(text: &str) -> Totals {
    let log: Value = serde_json::from_str(text).expect("JSON");
    let run = &log["runs"][0];
    let ledger = &run["properties"];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    let count =
        |wanted: &dyn Fn(&Value) -> bool| results.iter().filter(|result| wanted(result)).count();
    for result in results {
        let index = number(&result["ruleIndex"]).expect("an index");
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let inside = count(&|result| result["properties"]["explainedBy"].is_string());
    let waived = count(&|result| {
        result["suppressions"] != serde_json::json!([])
            && result["properties"]["explainedBy"].is_null()
    });
    let behind = count(&|result| {
        let text = result["message"]["text"].as_str();
        text.is_some_and(|text| text.starts_with("NOT REACHED"))
    });
    assert_eq!(number(&ledger["behindAFail"]), Some(behind));
    Totals {
        passed: number(&ledger["passed"]),
        failed: Some(count(&|result| result["kind"] == "fail")),
        consequences: Some(inside),
        waived: Some(waived),
        unknown: Some(count(&|result| result["kind"] == "open")),
        behind_a_fail: Some(behind),
    }
}

fn read_junit(text: &str) -> Totals {
    use quick_junit::{NonSuccessKind, Report, TestCaseStatus};
    let report = Report::deserialize_from_str(text).expect("well-formed XML");
    let mut totals = BTreeMap::new();
    let suites = report.test_suites.iter();
    // What could not be read is no question.
    let (reading, checks): (Vec<_>, Vec<_>) =
        suites.partition(|suite| suite.name.as_str() == "reading");
    let unread: usize = reading.iter().map(|suite| suite.tests).sum();
    for case in checks.iter().flat_map(|suite| &suite.test_cases) {
        let message = |message: &Option<quick_junit::XmlString>| {
            message
                .as_ref()
                .map_or(String::new(), |text| text.as_str().to_owned())
        };
        let word = match &case.status {
            TestCaseStatus::Success { .. } => "passed",
            TestCaseStatus::NonSuccess {
                kind: NonSuccessKind::Error,
                message: text,
                ..
            } => match message(text).starts_with("not checked, because an earlier step failed") {
                true => "behind",
                false => "unknown",
            },
            TestCaseStatus::NonSuccess { message: text, .. } => {
                match message(text).contains(": caused by ") {
                    true => "consequence",
                    false => "failed",
                }
            }
            TestCaseStatus::Skipped { message: text, .. } => match message(text) {
                text if text.starts_with("waived by") => "waived",
                text if text.starts_with("caused by") => "consequence",
                text => panic!("skipped for no waiver: {text}"),
            },
        };
        *totals.entry(word).or_insert(0) += 1;
    }
    let of = |word: &str| totals.get(word).copied().unwrap_or(0);
    assert_eq!(report.errors - unread, of("unknown") + of("behind"));
    Totals {
        passed: Some(of("passed")),
        failed: Some(of("failed") + of("consequence") + of("waived")),
        consequences: Some(of("consequence")),
        waived: Some(of("waived")),
        unknown: Some(of("unknown") + of("behind")),
        behind_a_fail: Some(of("behind")),
    }
}

/// Every cell, by the columns of the first row.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heading = reader.headers().expect("a heading").clone();
    reader
        .records()
        .map(|row| {
            let row = row.expect("as long as the heading");
            let cells = heading.iter().map(str::to_owned);
            cells.zip(row.iter().map(str::to_owned)).collect()
        })
        .collect()
}

fn assert_no_formula(rows: &[BTreeMap<String, String>]) {
    for (column, cell) in rows.iter().flatten() {
        assert!(
            column == "days_left" || !cell.starts_with(['=', '+', '-', '@']),
            "{column}: {cell}"
        );
    }
}

fn read_credentials(text: &str) -> Totals {
    assert_no_formula(&rows(text));
    Totals::default()
}

fn read_findings(text: &str) -> Totals {
    let rows = rows(text);
    assert_no_formula(&rows);
    let of = |word: &str| rows.iter().filter(|row| row["outcome"] == word).count();
    let failed = of("failed") + of("consequence") + of("waived");
    assert_eq!(rows.len(), failed + of("unknown") + of("list"));
    Totals {
        failed: Some(failed),
        consequences: Some(of("consequence")),
        waived: Some(of("waived")),
        ..Totals::default()
    }
}

fn read_calendar(text: &str) -> Totals {
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(
        lines
            .iter()
            .all(|line| line.len() <= 75 && !line.contains(['\r', '\n']))
    );
    let of = |wanted: &str| lines.iter().filter(|line| **line == wanted).count();
    assert_eq!(of("BEGIN:VEVENT"), of("END:VEVENT"));
    assert_eq!(of("BEGIN:VALARM"), 4 * of("BEGIN:VEVENT"));
    Totals::default()
}

fn read_prometheus(text: &str) -> Totals {
    let of = |series: &str| {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(&format!("credaudit_{series} ")));
        Some(line.expect("a sample").parse().expect("a number"))
    };
    Totals {
        passed: of("questions{outcome=\"passed\"}"),
        failed: of("questions{outcome=\"failed\"}"),
        consequences: of("consequences"),
        waived: of("waived"),
        unknown: of("questions{outcome=\"unknown\"}"),
        behind_a_fail: of("questions_behind_a_fail"),
    }
}

/// Fingerprint and check of every finding, of what it explains, and of what is waived.
fn ids(assessment: &Assessment) -> Vec<(&str, &str)> {
    let waived = assessment.waived.iter().map(|waived| &waived.finding);
    assessment
        .findings
        .iter()
        .chain(waived)
        .flat_map(|finding| {
            let inside = finding.consequences.iter();
            let inside = inside.map(|one| (one.fingerprint.as_str(), one.check.as_str()));
            std::iter::once((finding.fingerprint.as_str(), finding.check.as_str())).chain(inside)
        })
        .collect()
}
