//! Tests of comparing: nothing unread is called fixed, nothing old is called new.

mod regress;

use super::diff::diff;
use crate::evaluate::{assess, plan};
use crate::facts::testing::tidy;
use crate::model::assessment::{
    Aside, CheckQuestions, Consequence, Cover, Finding, UnknownItem, Waived,
};
use crate::model::diff::{Change, Diff, Regressions};
use crate::model::{Assessment, Family, GapKind, Severity};
use crate::policy;

/// The tidy estate: nothing found.
fn tidy() -> Assessment {
    let plan = plan(&policy::baseline()).unwrap();
    let mut assessment = assess(&plan, &tidy::tidy(), Some(tidy::as_of()));
    assessment.run.as_of_given = false;
    assessment.findings.clear();
    assessment.waived.clear();
    assessment.unknowns.clear();
    assessment
}

const RESOURCE: &str = "registration/raia/credential/key-1";

fn finding(check: &str, resource: &str, severity: Severity) -> Finding {
    Finding {
        fingerprint: format!("{check}@{resource}"),
        check: check.to_owned(),
        title: String::new().into(),
        what: String::new().into(),
        effect: Default::default(),
        urgency: Default::default(),
        family: Family::Lifecycle,
        severity,
        resource: resource.into(),
        registrations: vec!["raia".to_owned()],
        seen: "Seen.".to_owned().into(),
        hits: String::new().into(),
        used: Vec::new(),
        steps: Vec::new(),
        remedy: "".into(),
        commands: Vec::new(),
        links: Vec::new(),
        controls: Vec::new(),
        consequences: Vec::new(),
    }
}

fn expired(severity: Severity) -> Finding {
    finding("credential-expired", RESOURCE, severity)
}

fn with(findings: Vec<Finding>) -> Assessment {
    let mut assessment = tidy();
    assessment.verdict.failing = findings
        .iter()
        .filter(|one| one.severity >= assessment.run.fail_on)
        .count();
    assessment.findings = findings;
    assessment
}

fn waived(finding: Finding) -> Assessment {
    let mut assessment = tidy();
    assessment.waived = vec![Waived {
        finding,
        reason: "until the move".to_owned(),
        owner: "ada".to_owned(),
        expires: "2026-12-31".to_owned(),
    }];
    assessment
}

fn open(check: &str, resource: &str, counts: bool) -> Assessment {
    let mut assessment = tidy();
    assessment.unknowns = vec![UnknownItem {
        check: check.to_owned(),
        resource: resource.into(),
        kind: GapKind::Denied,
        seen: "Graph answered 403".to_owned().into(),
        remedy: None,
        missing: None,
        counts,
        registrations: Vec::new(),
        root: None,
    }];
    assessment
}

/// The same, told inside its cause.
fn inside(finding: &Finding) -> Consequence {
    Consequence {
        fingerprint: finding.fingerprint.clone(),
        check: finding.check.clone(),
        resource: finding.resource.clone(),
        severity: finding.severity,
        seen: finding.seen.clone(),
    }
}

/// The question of [`expired`] lies behind a failed step.
fn put_behind(assessment: &mut Assessment) {
    let about = |one: &&mut CheckQuestions| one.check == "credential-expired";
    let questions = assessment.questions.iter_mut().find(about);
    questions.expect("it was asked").behind_a_fail = vec![Aside {
        said_by: None,
        cover: crate::model::assessment::Cover::Finding,
        why: "no token".to_owned().into(),
        resources: vec![RESOURCE.into()],
    }];
}

fn counted(diff: &Diff) -> [usize; 7] {
    [
        diff.new.len(),
        diff.changed.len(),
        diff.fixed.len(),
        diff.lost.len(),
        diff.newly_unreadable.len(),
        diff.newly_readable.len(),
        diff.unchanged,
    ]
}

fn why(list: &[Change]) -> &str {
    list[0].why.as_deref().unwrap_or("")
}

#[test]
fn the_same_assessment_is_no_difference() {
    let mut assessment = with(vec![expired(Severity::Critical)]);
    assessment.unknowns = open("token-refused", "registration/raia", true).unknowns;
    let none = diff(&assessment, &assessment);
    assert_eq!(counted(&none), [0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(none.regressions, Regressions::default());
    assert_eq!(none.caveats, [""; 0]);
}

#[test]
fn what_appears_is_new_and_what_passes_is_fixed() {
    let (without, found) = (
        tidy(),
        with(vec![expired(Severity::High), {
            let mut low = expired(Severity::Low);
            low.resource = format!("{RESOURCE}x").as_str().into();
            low.fingerprint.push('x');
            low
        }]),
    );
    let worse = diff(&without, &found);
    assert_eq!(counted(&worse), [2, 0, 0, 0, 0, 0, 0]);
    // Below the threshold it is new, and no regression.
    assert_eq!(worse.regressions.findings, 1);
    assert_eq!(worse.new[0].severity, Severity::High);
    let better = diff(&found, &without);
    assert_eq!(counted(&better), [0, 0, 2, 0, 0, 0, 0]);
    assert_eq!(better.regressions, Regressions::default());
    assert_eq!(better.fixed[0].why, None);
}

#[test]
fn what_cannot_be_read_any_more_is_never_fixed() {
    let found = with(vec![expired(Severity::High)]);
    for resource in [RESOURCE, "registration/raia"] {
        let lost = diff(&found, &open("credential-expired", resource, true));
        assert_eq!(counted(&lost), [0, 0, 0, 1, 1, 0, 0], "{resource}");
        assert_eq!(why(&lost.lost), "it could not be read: Graph answered 403");
        assert_eq!(lost.regressions.unanswered, 1);
    }
    let reported = diff(&found, &open("credential-expired", RESOURCE, false));
    assert_eq!(reported.regressions.unanswered, 0);
    // Another registration whose name begins alike, and another check, say nothing about it.
    for (check, resource) in [
        ("credential-expired", "registration/rai"),
        ("token-refused", "registration/raia"),
    ] {
        let fixed = diff(&found, &open(check, resource, true));
        assert_eq!(counted(&fixed), [0, 0, 1, 0, 1, 0, 0], "{check} {resource}");
    }
    let mut behind = tidy();
    put_behind(&mut behind);
    let lost = diff(&found, &behind);
    assert_eq!(counted(&lost), [0, 0, 0, 1, 0, 0, 0]);
    assert_eq!(why(&lost.lost), "an earlier step failed");
    // A list that was cut short does not say that what it showed before is gone.
    let unlisted = finding("unlisted-registration", "application/5b7a", Severity::Low);
    let cut = open("unlisted-registration", "tenant/contoso", true);
    assert_eq!(counted(&diff(&with(vec![unlisted]), &cut))[3], 1);
}

#[test]
fn what_was_unread_before_is_new_and_says_so() {
    let found = with(vec![expired(Severity::High)]);
    let new = diff(&open("credential-expired", RESOURCE, true), &found);
    assert_eq!(counted(&new), [1, 0, 0, 0, 0, 1, 0]);
    assert_eq!(
        why(&new.new),
        "it may have been there before: it could not be read: Graph answered 403"
    );
    assert_eq!(new.regressions.findings, 1);
    // What lies behind a failed step is no more readable than before.
    let mut behind = tidy();
    put_behind(&mut behind);
    let still = diff(&open("credential-expired", RESOURCE, true), &behind);
    assert_eq!(counted(&still), [0; 7]);
}

#[test]
fn a_worse_one_is_a_regression_and_a_milder_one_is_not() {
    let (low, high, critical) = (
        with(vec![expired(Severity::Low)]),
        with(vec![expired(Severity::High)]),
        with(vec![expired(Severity::Critical)]),
    );
    let worse = diff(&low, &critical);
    assert_eq!(counted(&worse), [0, 1, 0, 0, 0, 0, 0]);
    assert_eq!(worse.changed[0].severity_before, Some(Severity::Low));
    assert_eq!(worse.regressions.findings, 1);
    assert_eq!(diff(&high, &critical).regressions.findings, 1);
    assert_eq!(diff(&critical, &high).regressions.findings, 0);
    let mut medium = with(vec![expired(Severity::Medium)]);
    medium.run.fail_on = Severity::High;
    assert_eq!(diff(&low, &medium).regressions.findings, 0);
}

#[test]
fn waivers_change_what_counts() {
    let counts = with(vec![expired(Severity::High)]);
    let covered = waived(expired(Severity::High));
    let again = diff(&covered, &counts);
    assert_eq!(counted(&again), [0, 1, 0, 0, 0, 0, 0]);
    assert_eq!(
        why(&again.changed),
        "it counts again: it was waived until 2026-12-31 (until the move)"
    );
    assert_eq!(again.regressions.findings, 1);
    let now = diff(&counts, &covered);
    assert_eq!(counted(&now), [0, 1, 0, 0, 0, 0, 0]);
    assert!(!now.changed[0].regression);
    let new = diff(&tidy(), &covered);
    assert_eq!(why(&new.new), "waived until 2026-12-31");
    assert_eq!(new.regressions, Regressions::default());
}

#[test]
fn a_consequence_is_known_and_its_cause_tells_of_it() {
    let refused = finding("token-refused", "registration/raia", Severity::Critical);
    let mut cause = expired(Severity::Critical);
    cause.consequences = vec![inside(&refused)];
    let (inside, alone) = (with(vec![cause]), with(vec![refused]));
    let stays = diff(&inside, &alone);
    assert_eq!(counted(&stays), [0, 1, 1, 0, 0, 0, 0]);
    assert!(why(&stays.changed).starts_with("it is a finding of its own now"));
    assert_eq!(stays.regressions.findings, 0);
    let explained = diff(&alone, &inside);
    assert_eq!(counted(&explained), [1, 1, 0, 0, 0, 0, 0]);
    assert_eq!(explained.new[0].check, "credential-expired");
}

#[test]
fn what_a_waived_cause_covered_is_worse_alone() {
    let refused = finding("token-refused", "registration/raia", Severity::Critical);
    let mut cause = expired(Severity::Critical);
    cause.consequences = vec![inside(&refused)];
    let alone = with(vec![refused]);
    let worse = diff(&waived(cause.clone()), &alone);
    assert_eq!(counted(&worse), [0, 1, 1, 0, 0, 0, 0]);
    assert_eq!(worse.regressions.findings, 1);
    assert_eq!(
        why(&worse.changed),
        format!(
            "it is a finding of its own now; before, credential-expired of {RESOURCE} caused it, and was waived until \
             2026-12-31"
        )
    );
    // A cause that the policy made light of, too: now it counts as what it is.
    cause.severity = Severity::Low;
    let worse = diff(&with(vec![cause]), &alone);
    assert_eq!(worse.regressions.findings, 1);
}

#[test]
fn what_is_no_longer_asked_is_told_apart_from_what_was_mended() {
    let found = with(vec![expired(Severity::High)]);
    let mut off = tidy();
    off.checks.retain(|one| one.check != "credential-expired");
    assert_eq!(
        why(&diff(&found, &off).fixed),
        "the policy no longer asks for it"
    );
    assert_eq!(why(&diff(&off, &found).new), "it was not asked before");
    let mut smaller = tidy();
    smaller.registrations.retain(|one| one.name != "raia");
    assert_eq!(
        why(&diff(&found, &smaller).fixed),
        "its registration is no longer among those looked at"
    );
    let mut strict = tidy();
    strict.run.policy = "strict".to_owned();
    assert_eq!(diff(&found, &strict).caveats.len(), 1);
}

#[test]
fn what_another_check_says_now_is_not_fixed() {
    let table = "registration/raia/table/contact";
    let held = format!("{table}/read");
    let before = with(vec![finding(
        "forbidden-privilege-held",
        &held,
        Severity::High,
    )]);
    let aside = |check: &str, resource: &str, why: &str| CheckQuestions {
        check: check.to_owned(),
        not_applicable: vec![Aside {
            said_by: None,
            cover: crate::model::assessment::Cover::Finding,
            why: why.to_owned().into(),
            resources: vec![resource.into()],
        }],
        ..CheckQuestions::default()
    };
    let mut after = with(vec![finding(
        "forbidden-access-granted",
        table,
        Severity::Critical,
    )]);
    let why = "another check says it, or no call was made";
    after.questions = vec![aside("forbidden-privilege-held", &held, why)];
    let found = diff(&before, &after);
    assert!(found.fixed.is_empty(), "{:?}", found.fixed);
    assert_eq!(found.changed.len(), 1);
    let why = found.changed[0].why.as_deref().unwrap();
    assert_eq!(
        why,
        "forbidden-access-granted of registration/raia/table/contact says it now"
    );
    assert!(!found.changed[0].regression);
    // Where nothing tells it any more, it is gone.
    after.findings.clear();
    let found = diff(&before, &after);
    assert_eq!((found.fixed.len(), found.changed.len()), (1, 0));

    let before = with(vec![finding(
        "credential-expiring",
        RESOURCE,
        Severity::High,
    )]);
    let mut after = with(vec![expired(Severity::Critical)]);
    let why = "it is past its end already (credential-expired)";
    after.questions = vec![aside("credential-expiring", RESOURCE, why)];
    let found = diff(&before, &after);
    assert_eq!(
        (found.fixed.len(), found.changed.len(), found.new.len()),
        (0, 1, 1)
    );
}

#[path = "since_tests.rs"]
mod since_tests;
