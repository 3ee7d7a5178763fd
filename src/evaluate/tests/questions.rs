//! Tests that every question asked can be told one by one, and that its rules, bands and lines are there.

use super::{expire, judged, policy};
use crate::checks::ALL;
use crate::facts::testing::tidy::*;
use crate::model::Assessment;
use crate::model::assessment::{Answer, EstateFile};

fn count(assessment: &Assessment, wanted: impl Fn(&Answer<'_>) -> bool) -> usize {
    let answers = assessment.answers();
    let answers = answers.values().flat_map(|check| check.values());
    answers.filter(|answer| wanted(answer)).count()
}

/// The ledger counts what the lists hold: no question is lost on the way, none told twice.
fn assert_whole(assessment: &Assessment) {
    let coverage = &assessment.coverage;
    let of = |wanted: fn(&Answer<'_>) -> bool| count(assessment, wanted);
    assert_eq!(of(|_| true), coverage.asked);
    assert_eq!(of(|one| matches!(one, Answer::Passed)), coverage.passed);
    assert_eq!(of(|one| matches!(one, Answer::Waived(_))), coverage.waived);
    assert_eq!(
        of(|one| matches!(one, Answer::Consequence(..) | Answer::WaivedConsequence(..))),
        coverage.consequences
    );
    assert_eq!(
        of(|one| matches!(one, Answer::BehindAFail(..))),
        coverage.behind_a_fail
    );
    assert_eq!(
        of(|one| matches!(one, Answer::Unknown(_) | Answer::BehindAFail(..))),
        coverage.unknown
    );
    assert_eq!(
        of(|one| matches!(one, Answer::NotApplicable(_))),
        coverage.not_applicable
    );
}

#[test]
fn every_question_is_told_once() {
    for spoil in [
        |_: &mut _| {},
        expire,
        |snapshot: &mut _| {
            *snapshot = all_unknown();
        },
    ] {
        assert_whole(&judged(&policy(), spoil));
    }
    let broken = judged(&policy(), expire);
    assert!(count(&broken, |one| matches!(one, Answer::BehindAFail(..))) > 0);
    assert!(count(&broken, |one| matches!(one, Answer::Consequence(..))) > 0);
}

#[test]
fn an_unknown_estate_passes_nothing() {
    let assessment = judged(&policy(), |snapshot| *snapshot = all_unknown());
    let passed: Vec<_> = assessment
        .answers()
        .into_iter()
        .filter(|(_, of_check)| of_check.values().any(|one| matches!(one, Answer::Passed)))
        .map(|(check, _)| check.to_owned())
        .collect();
    // The estate alone answers this one.
    assert_eq!(passed, ["vault-shared-across-tiers"]);
}

#[test]
fn the_rules_are_those_that_ran_with_the_policys_weights() {
    let mut policy = policy();
    let mut settings = crate::policy::CheckSettings {
        enabled: Some(false),
        ..Default::default()
    };
    policy
        .checks
        .insert("token-refused".to_owned(), settings.clone());
    settings.enabled = None;
    settings.severity = Some(crate::model::Severity::Info);
    policy
        .checks
        .insert("vault-expiry-missing".to_owned(), settings);
    let assessment = judged(&policy, |_| {});
    assert_eq!(assessment.rules.len(), ALL.len() - 1);
    assert!(assessment.rules.is_sorted_by_key(|rule| &rule.check));
    let rule = |id: &str| assessment.rules.iter().find(|rule| rule.check == id);
    assert_eq!(rule("token-refused"), None);
    assert_eq!(
        rule("vault-expiry-missing").map(|rule| rule.severity),
        Some(crate::model::Severity::Info)
    );
}

#[test]
fn the_bands_are_the_policys() {
    assert_eq!(judged(&policy(), |_| {}).bands, [60, 30, 14, 7]);
    let mut policy = policy();
    let params = serde_json::json!({ "within-days": { "low": 90, "high": 10, "critical": 10 } });
    policy.checks.insert(
        "credential-expiring".to_owned(),
        crate::policy::CheckSettings {
            params: params.as_object().cloned().unwrap_or_default(),
            ..Default::default()
        },
    );
    assert_eq!(judged(&policy, |_| {}).bands, [90, 10]);
}

#[test]
fn the_estates_lines_are_carried_along() {
    let file = EstateFile {
        name: "audit/estate.toml".to_owned(),
        lines: [("raia".to_owned(), 12)].into(),
    };
    let assessment = judged(&policy(), |snapshot| {
        snapshot.estate.file = Some(file.clone());
    });
    assert_eq!(assessment.estate, Some(file));
    assert_eq!(judged(&policy(), |_| {}).estate, None);
}
