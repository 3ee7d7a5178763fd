//! Tests of what a cause weighs, and of what may lie hidden behind a Fail.

use std::collections::BTreeMap;

use crate::evaluate::{assess, plan};
use crate::evidence::{CollectionAnswer, EntryProblem, Snapshot};
use crate::facts::testing::tidy::*;
use crate::model::{Assessment, Observed, Severity};
use crate::policy::{CheckSettings, Policy, UnknownMode};

fn judged(
    checks: BTreeMap<String, CheckSettings>,
    spoil: impl FnOnce(&mut Snapshot),
) -> Assessment {
    let mut snapshot = tidy();
    spoil(&mut snapshot);
    let policy = Policy {
        name: "test".to_owned(),
        fail_on: Severity::High,
        unknown: UnknownMode::Incomplete,
        isolation: crate::model::IsolationProbe::default(),
        checks,
        waivers: Vec::new(),
    };
    assess(&plan(&policy).unwrap(), &snapshot, None)
}

fn lock_out(snapshot: &mut Snapshot) {
    content(snapshot).problems = vec![EntryProblem::SurroundingWhitespace];
    refuse_token(snapshot, "AADSTS7000215");
}

#[test]
fn a_small_cause_weighs_as_much_as_what_it_leads_to() {
    let assessment = judged(BTreeMap::new(), lock_out);
    let finding = &assessment.findings[0];
    assert_eq!(finding.check, "vault-entry-malformed");
    assert_eq!(finding.severity, Severity::Critical);
    assert_eq!(assessment.verdict.exit_code, 10);
    // Alone it stays what it is.
    let alone = judged(BTreeMap::new(), |snapshot| {
        content(snapshot).problems = vec![EntryProblem::SurroundingWhitespace];
    });
    assert_eq!(alone.findings[0].severity, Severity::Medium);
    // And the policy has the last word.
    let settings = CheckSettings {
        severity: Some(Severity::Low),
        ..CheckSettings::default()
    };
    let told = judged(
        [("vault-entry-malformed".to_owned(), settings)].into(),
        lock_out,
    );
    assert_eq!(told.findings[0].severity, Severity::Low);
}

#[test]
fn a_fail_beside_the_ladder_hides_no_hole_in_the_evidence() {
    let assessment =
        judged(BTreeMap::new(), |snapshot| {
            user(snapshot).business_unit = known("another".to_owned());
            for read in &mut finops(snapshot).reads {
                read.answer = known(refused_collection());
            }
            assert!(!finops(snapshot).reads.iter().any(|read| {
                matches!(read.answer.known(), Some(CollectionAnswer::Read { .. }))
            }));
        });
    assert_eq!(assessment.findings[0].check, "wrong-business-unit");
    assert_eq!(
        assessment.verdict.exit_code, 11,
        "a bare 403 proves nothing"
    );
}

#[test]
fn a_missing_user_of_dataverse_hides_no_question_about_finance_and_operations() {
    let assessment = judged(BTreeMap::new(), |snapshot| {
        refuse_whoami(snapshot, crate::evidence::UserRefusal::NotAMember);
        for read in &mut finops(snapshot).reads {
            read.answer = known(refused_collection());
        }
    });
    assert!(assessment.verdict.incomplete);
    assert!(
        assessment
            .unknowns
            .iter()
            .all(|unknown| unknown.resource.path().contains("/collection/")),
        "{:#?}",
        assessment.unknowns
    );
}

#[test]
fn a_missing_user_of_dataverse_leaves_open_who_the_client_is_in_finance_and_operations() {
    let assessment = judged(BTreeMap::new(), |snapshot| {
        refuse_whoami(snapshot, crate::evidence::UserRefusal::NotAMember);
        finops(snapshot).mapping = Observed::Unknown(a_gap());
    });
    let open: Vec<(&str, &str)> = assessment
        .unknowns
        .iter()
        .map(|one| (one.check.as_str(), one.resource.path()))
        .collect();
    for question in [
        ("finops-user-disabled", "registration/raia"),
        ("whoami-mismatch", "registration/raia/finops-user"),
    ] {
        assert!(open.contains(&question), "{question:?}: {open:?}");
    }
}

#[test]
fn numbers_below_zero_are_no_parameters() {
    for (id, params) in [
        (
            "credential-lifetime-too-long",
            serde_json::json!({ "max-days": { "secret": -1 } }),
        ),
        (
            "vault-expiry-after-entra",
            serde_json::json!({ "tolerance-hours": -1 }),
        ),
        (
            "credential-expiring",
            serde_json::json!({ "within-days": { "low": -1 } }),
        ),
    ] {
        let check = crate::checks::find(id).unwrap();
        assert!(check.prepare(params).is_err(), "{id}");
    }
}
