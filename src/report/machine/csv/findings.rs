//! CSV of findings: one row each, with consequences, waived ones and unanswered questions marked as such.

use super::{cell, written};
use crate::model::Prose;
use crate::model::assessment::{
    Assessment, Consequence, Cover, Finding, ListCount, Rule, UnknownItem, Waived, fingerprint,
};
use crate::model::{Family, GapKind, Severity};
use crate::report::view::findings::all;

/// What the cells are made of; empty where a row has nothing of the kind.
#[derive(Default)]
struct Row<'a> {
    outcome: &'static str,
    severity: Option<Severity>,
    check: &'a str,
    resource: &'a str,
    registrations: String,
    title: &'a str,
    seen: &'a str,
    remedy: &'a str,
    hits: &'a str,
    controls: &'a [String],
    note: String,
    family: Option<Family>,
    fingerprint: String,
}

/// The name of a column, and its cell in one row.
type Column = (&'static str, fn(&Row<'_>) -> String);

const COLUMNS: [Column; 13] = [
    ("outcome", |row| row.outcome.to_owned()),
    ("severity", |row| {
        row.severity.map_or("", Severity::as_str).to_owned()
    }),
    ("check", |row| cell(row.check)),
    ("resource", |row| cell(row.resource)),
    ("registrations", |row| cell(&row.registrations)),
    ("title", |row| cell(row.title)),
    ("seen", |row| cell(row.seen)),
    ("what_to_do", |row| cell(row.remedy)),
    ("hits", |row| cell(row.hits)),
    ("controls", |row| cell(&row.controls.join("; "))),
    ("note", |row| cell(&row.note)),
    ("family", |row| {
        row.family.map_or("", Family::as_str).to_owned()
    }),
    ("fingerprint", |row| row.fingerprint.clone()),
];

/// CSV, a row a finding: `failed`, `consequence`, `waived`. And a row a question without an answer
/// (`unknown`) or a list that was not read to its end (`list`), since without them it would read as if there
/// were nothing more.
pub(crate) fn findings(assessment: &Assessment) -> String {
    let behind = behind(assessment);
    let failed = all(assessment).flat_map(|(finding, waived)| {
        let inside = finding.consequences.iter();
        let inside = inside.map(move |inside| of_consequence(assessment, inside, finding, waived));
        std::iter::once(of_finding(finding, waived)).chain(inside)
    });
    let unknowns = assessment.unknowns.iter().chain(&behind);
    let unknowns = unknowns.map(|unknown| of_unknown(assessment, unknown));
    let lists = assessment.coverage.lists.iter();
    let lists = lists.filter(|list| list.counts).map(of_list);
    written(COLUMNS, failed.chain(unknowns).chain(lists))
}

/// What lies behind a failed step and makes the run incomplete is as open as any other question.
fn behind(assessment: &Assessment) -> Vec<UnknownItem> {
    let mut open = Vec::new();
    for check in &assessment.questions {
        let asides = check.behind_a_fail.iter();
        for aside in asides.filter(|aside| aside.cover == Cover::Nothing) {
            open.extend(aside.resources.iter().map(|resource| UnknownItem {
                check: check.check.clone(),
                resource: resource.clone(),
                kind: GapKind::NotReached,
                seen: aside.why.clone(),
                remedy: None,
                missing: None,
                counts: true,
                registrations: Vec::new(),
                root: None,
            }));
        }
    }
    open
}

/// A list that was begun and not read to its end: no question need hang on it.
fn of_list(list: &ListCount) -> Row<'_> {
    Row {
        outcome: "list",
        resource: &list.name,
        registrations: list.registration.clone().unwrap_or_default(),
        title: "An incomplete list",
        seen: list.cut_short.as_ref().map_or("", Prose::letters),
        note: list.kind.map_or("", GapKind::as_str).to_owned(),
        ..Row::default()
    }
}

fn of_finding<'a>(finding: &'a Finding, waived: Option<&'a Waived>) -> Row<'a> {
    let note = waived.map(|waived| {
        let (owner, until, reason) = (&waived.owner, &waived.expires, &waived.reason);
        format!("waived by {owner} until {until}: {reason}")
    });
    Row {
        outcome: if waived.is_some() { "waived" } else { "failed" },
        severity: Some(finding.severity),
        check: &finding.check,
        resource: finding.resource.path(),
        registrations: finding.registrations.join("; "),
        title: finding.title.letters(),
        seen: finding.seen.letters(),
        remedy: finding.remedy.letters(),
        hits: finding.hits.letters(),
        controls: &finding.controls,
        note: note.unwrap_or_default(),
        family: Some(finding.family),
        fingerprint: finding.fingerprint.clone(),
    }
}

/// What the check says of itself.
fn rule<'a>(assessment: &'a Assessment, check: &str) -> Option<&'a Rule> {
    assessment.rules.iter().find(|rule| rule.check == check)
}

fn of_consequence<'a>(
    assessment: &'a Assessment,
    inside: &'a Consequence,
    cause: &'a Finding,
    waived: Option<&'a Waived>,
) -> Row<'a> {
    let rule = rule(assessment, &inside.check);
    let until = waived.map(|waived| format!(", which is waived until {}", waived.expires));
    let until = until.unwrap_or_default();
    Row {
        outcome: "consequence",
        severity: Some(inside.severity),
        check: &inside.check,
        resource: inside.resource.path(),
        registrations: cause.registrations.join("; "),
        title: rule.map_or("", |rule| &rule.title),
        seen: inside.seen.letters(),
        note: format!("caused by {} on {}{until}", cause.check, cause.resource),
        family: rule.map(|rule| rule.family),
        fingerprint: inside.fingerprint.clone(),
        ..Row::default()
    }
}

fn of_unknown<'a>(assessment: &'a Assessment, unknown: &'a UnknownItem) -> Row<'a> {
    let rule = rule(assessment, &unknown.check);
    let registration = assessment.registration_of(&unknown.resource);
    let counts = if unknown.counts {
        ""
    } else {
        "; the policy only reports it"
    };
    Row {
        outcome: "unknown",
        check: &unknown.check,
        resource: unknown.resource.path(),
        registrations: registration.map_or(String::new(), |view| view.name.clone()),
        title: rule.map_or("", |rule| &rule.title),
        seen: unknown.seen.letters(),
        remedy: unknown.remedy.as_ref().map_or("", Prose::letters),
        note: format!("{}{counts}", unknown.kind.as_str()),
        family: rule.map(|rule| rule.family),
        fingerprint: fingerprint(&unknown.check, &unknown.resource),
        ..Row::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn every_row_says_what_it_is() {
        let text = findings(&fixture::rich());
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let outcomes: Vec<String> = reader
            .records()
            .map(|row| row.unwrap()[0].to_owned())
            .collect();
        assert_eq!(
            outcomes,
            [
                "failed",
                "consequence",
                "failed",
                "failed",
                "failed",
                "waived",
                "unknown",
                "unknown",
                "unknown",
                "list"
            ]
        );
    }

    #[test]
    fn a_question_without_an_answer_can_be_joined_and_counted() {
        let text = findings(&fixture::rich());
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let unknown = rows.iter().rev().find(|row| &row[0] == "unknown").unwrap();
        assert_eq!(&unknown[5], "What vault-expiry-missing says");
        assert_eq!(&unknown[11], "Lifecycle");
        assert_eq!(unknown[12].len(), 16, "{unknown:?}");
        let inside = rows.iter().find(|row| &row[0] == "consequence").unwrap();
        assert_eq!(
            (&inside[5], &inside[11]),
            ("What token-refused says", "Lifecycle")
        );
        let mut assessment = fixture::rich();
        assessment.unknowns[0].resource = "registration/tidy/credential/1".into();
        let text = findings(&assessment);
        let row = text
            .lines()
            .find(|row| row.contains("tidy/credential"))
            .unwrap();
        assert!(row.contains(",tidy,"), "{row}");
    }
}
