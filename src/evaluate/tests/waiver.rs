//! Tests of the questions about waivers: of no use, past its end, or nothing to be said.

use super::multi_tenant;
use crate::evaluate::{assess, plan};
use crate::evidence::Snapshot;
use crate::facts::testing::tidy::*;
use crate::model::{Assessment, GapKind, Severity};
use crate::policy::{self, CheckSettings, Policy, Waiver};

fn waiver(check: &str, resource: &str, expires: &str) -> Waiver {
    Waiver {
        check: check.to_owned(),
        resource: resource.into(),
        reason: "a vendor's".to_owned(),
        owner: "erp".to_owned(),
        expires: expires.parse().unwrap(),
        place: None,
    }
}

/// A waiver of `multi-tenant-registration` that holds for years.
fn of(resource: &str) -> Waiver {
    waiver("multi-tenant-registration", resource, "2030-01-01")
}

fn with(waivers: Vec<Waiver>) -> Policy {
    Policy {
        waivers,
        ..policy::baseline()
    }
}

fn judged(policy: &Policy, spoil: impl FnOnce(&mut Snapshot)) -> Assessment {
    let mut snapshot = tidy();
    spoil(&mut snapshot);
    assess(&plan(policy).unwrap(), &snapshot, Some(as_of()))
}

/// Passed, failed, unknown, not applicable.
fn counts(assessment: &Assessment, check: &str) -> [usize; 4] {
    let count = assessment.checks.iter().find(|one| one.check == check);
    let count = count.expect("it was asked");
    [
        count.passed,
        count.failed,
        count.unknown,
        count.not_applicable,
    ]
}

fn unused(assessment: &Assessment) -> [usize; 4] {
    counts(assessment, "unused-waiver")
}

#[test]
fn a_waiver_that_covers_something_is_of_use() {
    let assessment = judged(&with(vec![of("registration/raia")]), multi_tenant);
    assert_eq!(assessment.findings, []);
    assert_eq!(unused(&assessment), [1, 0, 0, 0]);
    assert_eq!(counts(&assessment, "expired-waiver"), [1, 0, 0, 0]);
    assert_eq!(unused(&judged(&with(vec![]), multi_tenant)), [0; 4]);
}

#[test]
fn a_waiver_that_covers_nothing_is_a_finding() {
    let mended = judged(&with(vec![of("registration/raia")]), |_| {});
    let finding = &mended.findings[0];
    assert_eq!(finding.check, "unused-waiver");
    assert_eq!(finding.severity, Severity::Low);
    assert_eq!(
        finding.resource,
        "waiver/multi-tenant-registration/registration/raia"
    );
    assert!(
        finding.seen.ends_with("and nothing is wrong there."),
        "{}",
        finding.seen
    );
    // Misspelt: what it should cover counts, and the finding names it.
    let misspelt = judged(&with(vec![of("registration/rai")]), multi_tenant);
    assert_eq!(misspelt.findings.len(), 2);
    let seen = &misspelt.findings[1].seen;
    assert!(seen.contains("did you mean `registration/raia`?"), "{seen}");
    let nowhere = judged(&with(vec![of("registration/nobody-like-that")]), |_| {});
    assert_eq!(unused(&nowhere), [0, 1, 0, 0]);
}

#[test]
fn what_cannot_be_read_says_nothing_about_its_waiver() {
    let policy = with(vec![of("registration/raia")]);
    let unread = judged(&policy, |snapshot| raia(snapshot).application = gap());
    assert_eq!(unused(&unread), [0, 0, 1, 0]);
    assert_eq!(unread.verdict.exit_code, 11);
    // What belongs to what was not read is as unread.
    let credential = "registration/raia/credential/key-1";
    let policy = with(vec![waiver(
        "credential-lifetime-too-long",
        credential,
        "2030-01-01",
    )]);
    let unread = judged(&policy, |snapshot| raia(snapshot).application = gap());
    assert_eq!(unused(&unread)[2], 1);
    assert_eq!(unused(&judged(&policy, |_| {})), [0, 1, 0, 0]);
    // Behind a failed step it is not one more hole in the evidence.
    let table = "registration/raia/table/contact";
    let policy = with(vec![waiver("expected-access-refused", table, "2030-01-01")]);
    let behind = judged(&policy, super::expire);
    assert_eq!(unused(&behind), [0, 0, 1, 0]);
    assert!(!behind.verdict.incomplete, "{:?}", behind.unknowns);
    let questions = behind
        .questions
        .iter()
        .find(|one| one.check == "unused-waiver");
    assert_eq!(questions.expect("it was asked").behind_a_fail.len(), 1);
    assert!(
        behind
            .unknowns
            .iter()
            .all(|one| one.kind != GapKind::NotReached)
    );
}

#[test]
fn what_is_not_asked_says_nothing_about_its_waiver() {
    let mut off = with(vec![of("registration/raia")]);
    off.checks.insert(
        "multi-tenant-registration".to_owned(),
        CheckSettings {
            enabled: Some(false),
            ..CheckSettings::default()
        },
    );
    assert_eq!(unused(&judged(&off, multi_tenant)), [0, 0, 0, 1]);
    // A part of the estate says nothing about the rest, and speaks for itself.
    let part = |snapshot: &mut Snapshot| {
        snapshot.narrowed = Some("only registrations raia".to_owned());
        snapshot
            .estate
            .registrations
            .retain(|one| one.name == "raia");
        snapshot.registrations.retain(|name, _| name == "raia");
    };
    let rest = [
        "registration/raia-dev",
        "vault-entry/crm/x",
        "tenant/contoso",
    ];
    for resource in rest {
        let assessment = judged(&with(vec![of(resource)]), part);
        assert_eq!(unused(&assessment), [0, 0, 0, 1], "{resource}");
        assert_eq!(counts(&assessment, "expired-waiver"), [0, 0, 0, 1]);
    }
    let own = judged(&with(vec![of("registration/raia")]), part);
    assert_eq!(unused(&own), [0, 1, 0, 0]);
}

#[test]
fn a_waiver_past_its_end_is_told_once() {
    let over = waiver(
        "multi-tenant-registration",
        "registration/raia",
        "2026-11-01",
    );
    let assessment = judged(&with(vec![over.clone()]), multi_tenant);
    assert_eq!(unused(&assessment), [0, 0, 0, 1]);
    let told = assessment
        .findings
        .iter()
        .find(|one| one.check == "expired-waiver");
    let told = told.expect("it is over");
    assert_eq!(told.severity, Severity::Info);
    assert_eq!(
        told.seen,
        "The waiver of multi-tenant-registration for registration/raia expired on 2026-11-01; what it covered \
         counts again (reason: a vendor's; owner: erp)."
    );
    let mended = judged(&with(vec![over]), |_| {});
    assert!(!mended.findings[0].seen.contains("counts again"));
    assert_eq!(mended.findings.len(), 1);
}

#[test]
fn a_finding_about_a_waiver_can_be_waived() {
    let idle = of("registration/raia");
    let about = waiver(
        "unused-waiver",
        "waiver/multi-tenant-registration/registration/raia",
        "2030-01-01",
    );
    let assessment = judged(&with(vec![about, idle]), |_| {});
    assert_eq!(assessment.findings, []);
    assert_eq!(assessment.waived.len(), 1);
    assert_eq!(unused(&assessment), [1, 1, 0, 0]);
}

#[test]
fn a_refused_observation_is_still_unknown() {
    // The gap of the waiver's question is that of the question it waives.
    let policy = with(vec![of("registration/raia")]);
    let unread = judged(&policy, |snapshot| raia(snapshot).application = gap());
    let of_waiver = unread
        .unknowns
        .iter()
        .find(|one| one.check == "unused-waiver");
    let of_question = unread
        .unknowns
        .iter()
        .find(|one| one.check == "multi-tenant-registration");
    assert_eq!(
        of_waiver.map(|one| &one.seen),
        of_question.map(|one| &one.seen)
    );
}

fn lock_out(snapshot: &mut Snapshot) {
    content(snapshot).problems = vec![crate::evidence::EntryProblem::SurroundingWhitespace];
    refuse_token(snapshot, "AADSTS7000215");
}

fn of_malformed(assessment: &Assessment) -> String {
    let named = |one: &&crate::model::assessment::Finding| one.check == "vault-entry-malformed";
    let found = assessment.findings.iter().find(named);
    found.expect("it is malformed").resource.to_string()
}

#[test]
fn a_waiver_of_a_small_cause_does_not_cover_what_weighs_more() {
    let resource = of_malformed(&judged(&with(vec![]), lock_out));
    let newline = waiver("vault-entry-malformed", &resource, "2030-01-01");
    let policy = with(vec![newline.clone()]);
    // Alone it is covered.
    let harmless = judged(&policy, |snapshot| {
        content(snapshot).problems = vec![crate::evidence::EntryProblem::SurroundingWhitespace];
    });
    assert_eq!(harmless.verdict.exit_code, 0);
    // What it locks out is not.
    let locked = judged(&policy, lock_out);
    let found: Vec<&str> = locked
        .findings
        .iter()
        .map(|one| one.check.as_str())
        .collect();
    assert_eq!(found, ["token-refused"]);
    assert_eq!(locked.findings[0].severity, Severity::Critical);
    assert!(
        locked.findings[0]
            .seen
            .ends_with("is waived as a medium, and this weighs more."),
        "{}",
        locked.findings[0].seen
    );
    assert_eq!(locked.verdict.exit_code, 10);
    // The waived cause is told as what it is by itself.
    assert_eq!(locked.waived[0].finding.severity, Severity::Medium);
    assert_eq!(locked.waived[0].finding.consequences, []);
    assert_eq!(locked.coverage.consequences, 0);
    // Whoever means the refused token, too, says so.
    let refused = waiver(
        "token-refused",
        locked.findings[0].resource.path(),
        "2030-01-01",
    );
    let both = judged(&with(vec![newline, refused]), lock_out);
    assert_eq!(both.findings, []);
    assert_eq!(both.waived.len(), 2);
    assert_eq!(both.verdict.exit_code, 0);
}

#[test]
fn a_waiver_covers_what_weighs_no_more_than_its_cause() {
    let mut policy = with(vec![]);
    let settings = CheckSettings {
        severity: Some(Severity::Critical),
        ..CheckSettings::default()
    };
    policy
        .checks
        .insert("vault-entry-malformed".to_owned(), settings);
    let resource = of_malformed(&judged(&policy, lock_out));
    policy.waivers = vec![waiver("vault-entry-malformed", &resource, "2030-01-01")];
    let covered = judged(&policy, lock_out);
    assert_eq!(covered.findings, []);
    assert_eq!(
        covered.waived[0].finding.consequences[0].check,
        "token-refused"
    );
    assert_eq!(covered.verdict.exit_code, 0);
}
