//! CSV of findings: one row each, with consequences, waived ones and unanswered questions marked as such.

use crate::model::assessment::{
    Answer, Assessment, Consequence, Cover, Finding, ListCount, UnknownItem, fingerprint,
};

use super::{cell, cells, written};
use crate::model::GapKind;

const HEADING: [&str; 13] = [
    "outcome",
    "severity",
    "check",
    "resource",
    "registrations",
    "title",
    "seen",
    "what_to_do",
    "hits",
    "controls",
    "note",
    "family",
    "fingerprint",
];

/// CSV, a row a finding: `failed`, `consequence`, `waived`. And a row a question without an answer
/// (`unknown`) or a list that was not read to its end (`list`), since without them it would read as if there
/// were nothing more.
#[must_use]
pub fn findings(assessment: &Assessment) -> String {
    let unknowns = assessment.unknowns.iter().map(Answer::Unknown);
    let failed = assessment.findings.iter().flat_map(|finding| {
        let inside = finding.consequences.iter();
        let inside = inside.map(move |inside| Answer::Consequence(inside, finding));
        std::iter::once(Answer::Failed(finding)).chain(inside)
    });
    let waived = assessment.waived.iter().flat_map(|waived| {
        let inside = waived.finding.consequences.iter();
        let inside = inside.map(move |inside| Answer::WaivedConsequence(inside, waived));
        std::iter::once(Answer::Waived(waived)).chain(inside)
    });
    let behind = behind(assessment);
    let lists = assessment.coverage.lists.iter();
    let lists = lists.filter(|list| list.counts).map(of_list);
    written(
        HEADING,
        failed
            .chain(waived)
            .chain(unknowns)
            .filter_map(|answer| row(assessment, answer))
            .chain(behind.iter().map(|open| of_unknown(assessment, open)))
            .chain(lists),
    )
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
            }));
        }
    }
    open
}

/// A list that was begun and not read to its end: no question need hang on it.
fn of_list(list: &ListCount) -> [String; 13] {
    let mut row: [String; 13] = Default::default();
    let cells = [
        (0, "list".to_owned()),
        (3, cell(&list.name)),
        (4, cell(list.registration.as_deref().unwrap_or_default())),
        (5, "A list that was not read to its end".to_owned()),
        (6, cell(list.cut_short.as_deref().unwrap_or_default())),
        (10, list.kind.map_or("", GapKind::as_str).to_owned()),
    ];
    for (column, text) in cells {
        row[column] = text;
    }
    row
}

fn row(assessment: &Assessment, answer: Answer<'_>) -> Option<[String; 13]> {
    Some(match answer {
        Answer::Failed(finding) => of_finding("failed", finding, ""),
        Answer::Consequence(inside, cause) => {
            let note = format!("explained by {} on {}", cause.check, cause.resource);
            of_consequence(assessment, inside, cause, &note)
        }
        Answer::Waived(waived) => {
            let (owner, until, reason) = (&waived.owner, &waived.expires, &waived.reason);
            let note = format!("waived by {owner} until {until}: {reason}");
            of_finding("waived", &waived.finding, &note)
        }
        Answer::WaivedConsequence(inside, waived) => {
            let cause = &waived.finding;
            let note = format!(
                "explained by {} on {}, which is waived until {}",
                cause.check, cause.resource, waived.expires
            );
            of_consequence(assessment, inside, cause, &note)
        }
        Answer::Unknown(unknown) => of_unknown(assessment, unknown),
        Answer::Passed | Answer::BehindAFail(..) | Answer::NotApplicable(_) => return None,
    })
}

fn of_finding(outcome: &str, finding: &Finding, note: &str) -> [String; 13] {
    [
        outcome.to_owned(),
        finding.severity.as_str().to_owned(),
        cell(&finding.check),
        cell(finding.resource.path()),
        cells(&finding.registrations),
        cell(&finding.title),
        cell(&finding.seen),
        cell(&finding.remedy),
        cell(&finding.hits),
        cells(&finding.controls),
        cell(note),
        finding.family.as_str().to_owned(),
        finding.fingerprint.clone(),
    ]
}

/// What the check says of itself: title, family.
fn words(assessment: &Assessment, check: &str) -> (String, String) {
    let rule = assessment.rules.iter().find(|rule| rule.check == check);
    rule.map(|rule| (cell(&rule.title), rule.family.as_str().to_owned()))
        .unwrap_or_default()
}

fn of_consequence(
    assessment: &Assessment,
    inside: &Consequence,
    cause: &Finding,
    note: &str,
) -> [String; 13] {
    let none = String::new;
    let (title, family) = words(assessment, &inside.check);
    [
        "consequence".to_owned(),
        inside.severity.as_str().to_owned(),
        cell(&inside.check),
        cell(inside.resource.path()),
        cells(&cause.registrations),
        title,
        cell(&inside.seen),
        none(),
        none(),
        none(),
        cell(note),
        family,
        inside.fingerprint.clone(),
    ]
}

fn of_unknown(assessment: &Assessment, unknown: &UnknownItem) -> [String; 13] {
    let none = String::new;
    let (title, family) = words(assessment, &unknown.check);
    let registration = assessment.registration_of(&unknown.resource);
    let counts = if unknown.counts {
        ""
    } else {
        "; the policy only reports it"
    };
    [
        "unknown".to_owned(),
        none(),
        cell(&unknown.check),
        cell(unknown.resource.path()),
        registration
            .map(|view| cell(&view.name))
            .unwrap_or_default(),
        title,
        cell(&unknown.seen),
        cell(unknown.remedy.as_deref().unwrap_or_default()),
        none(),
        none(),
        format!("{}{counts}", unknown.kind.as_str()),
        family,
        fingerprint(&unknown.check, &unknown.resource),
    ]
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
