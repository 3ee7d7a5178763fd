//! Tests of the judging: consequences, waivers, exit codes, and that a lost fact never helps.

mod clock;
mod ending;
mod lists;
mod lost_fact;
mod lost_foreign;
mod lost_life;
mod lost_privilege;
mod questions;
mod waiver;
mod weight;

use std::collections::BTreeMap;

use serde_json::json;

use super::{Plan, assess, plan};
use crate::evidence::{LastUse, ReadRefusal, Snapshot};
use crate::facts::testing::tidy::*;
use crate::model::{Assessment, GapKind, Listing, Observed, Severity, Tier};
use crate::policy::{CheckSettings, Policy, UnknownMode, Waiver};

pub(super) fn policy() -> Policy {
    Policy {
        name: "test".to_owned(),
        fail_on: Severity::High,
        unknown: UnknownMode::Incomplete,
        isolation: crate::model::IsolationProbe::default(),
        checks: BTreeMap::new(),
        waivers: Vec::new(),
    }
}

pub(super) fn judged(policy: &Policy, spoil: impl FnOnce(&mut Snapshot)) -> Assessment {
    let mut snapshot = tidy();
    spoil(&mut snapshot);
    assess(&plan(policy).unwrap(), &snapshot, None)
}

fn ids(assessment: &Assessment) -> Vec<&str> {
    assessment
        .findings
        .iter()
        .map(|finding| finding.check.as_str())
        .collect()
}

pub(super) fn expire(snapshot: &mut Snapshot) {
    credential(snapshot, 0).end = known(days_from_now(-3));
    attributes(snapshot).expires = Some(days_from_now(90));
    refuse_token(snapshot, "AADSTS7000222");
    dataverse(snapshot).whoami = Observed::not_reached("no token");
    for read in &mut dataverse(snapshot).reads {
        read.answer = Observed::not_reached("no token");
    }
    finops(snapshot).client = Observed::not_reached("no token");
    for read in &mut finops(snapshot).reads {
        read.answer = Observed::not_reached("no token");
    }
    for read in &mut dataverse(snapshot).metadata {
        read.answer = Observed::not_reached("no token");
    }
}

#[test]
fn a_tidy_estate_is_clean() {
    let assessment = judged(&policy(), |_| {});
    assert_eq!(assessment.findings, []);
    assert_eq!(assessment.unknowns, []);
    assert_eq!(assessment.verdict.exit_code, 0);
    assert_eq!(
        (
            assessment.coverage.proven,
            assessment.coverage.registrations
        ),
        (2, 2)
    );
}

#[test]
fn consequences_are_listed_inside_their_cause() {
    let assessment = judged(&policy(), expire);
    assert_eq!(ids(&assessment), ["credential-expired"]);
    let inside: Vec<&str> = assessment.findings[0]
        .consequences
        .iter()
        .map(|consequence| consequence.check.as_str())
        .collect();
    assert_eq!(inside, ["vault-expiry-after-entra", "token-refused"]);
    assert_eq!(assessment.coverage.consequences, 2);
}

#[test]
fn a_missing_role_explains_what_is_refused_in_dataverse_and_nothing_elsewhere() {
    let without = |roles: &[&str]| {
        judged(&policy(), |snapshot| {
            let declared = roles.iter().map(|role| (*role).to_owned()).collect();
            expectations(snapshot).roles = Some(declared);
            *read(snapshot, "contact") = known(refused(ReadRefusal::Privilege));
            let beside = collection(snapshot, "CustomersV3").clone();
            *collection(snapshot, "LedgerJournalHeaders") = beside;
            *collection(snapshot, "CustomersV3") = known(refused_collection());
        })
    };
    let assessment = without(&["Raia Contact Sync", "Extra"]);
    let root = |check: &str| {
        let mut found = assessment.findings.iter();
        found.find(|one| one.check == check).expect(check)
    };
    let inside = &root("missing-role").consequences;
    let tables: Vec<&str> = inside.iter().map(|one| one.resource.path()).collect();
    assert_eq!(tables, ["registration/raia/table/contact"]);
    // What follows from it is heavier than it is, and counts.
    assert_eq!(root("missing-role").severity, Severity::High);
    let elsewhere = "registration/raia/collection/CustomersV3";
    assert_eq!(root("expected-access-refused").resource, elsewhere);
    assert_eq!(assessment.verdict.exit_code, 10);
    let assessment = without(&["Raia Contact Sync"]);
    let alone = ids(&assessment);
    let refused = alone.iter().filter(|id| **id == "expected-access-refused");
    assert_eq!(refused.count(), 2, "{alone:?}");
}

#[test]
fn what_is_about_another_credential_than_its_cause_stands_for_itself() {
    let assessment = judged(&policy(), |snapshot| {
        let stored = credential(snapshot, 0);
        stored.start = Some(days_from_now(-120));
        stored.last_use = known(LastUse::At(days_from_now(-100)));
        add_credential(snapshot, "old", -150, 20);
    });
    let about = |check: &str| {
        let of_check = assessment.findings.iter().filter(|one| one.check == check);
        let found: Vec<_> = of_check.collect();
        assert_eq!(found.len(), 1, "{check}: {:#?}", assessment.findings);
        found[0]
    };
    let inside: Vec<_> = about("rotation-unfinished")
        .consequences
        .iter()
        .map(|inside| (inside.check.as_str(), inside.resource.path()))
        .collect();
    let old = "registration/raia/credential/old";
    assert_eq!(inside, [("unused-credential", old)]);
    assert_ne!(about("unused-credential").resource, old);
}

#[test]
fn a_cause_about_fewer_registrations_does_not_swallow_what_is_about_more() {
    let assessment = judged(&policy(), |snapshot| {
        // Both registrations read one vault entry, which ends later than either's credential.
        let shared = snapshot.estate.registrations[0].credential.clone();
        snapshot.estate.registrations[1].credential = shared;
        let mut entry = raia(snapshot).entry.clone();
        expire(snapshot);
        attributes(snapshot).expires = Some(days_from_now(120));
        std::mem::swap(&mut entry, &mut raia(snapshot).entry);
        snapshot.registrations.get_mut("raia-dev").unwrap().entry = entry.clone();
        raia(snapshot).entry = entry;
    });
    let mut found = ids(&assessment);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "credential-expired",
            "vault-expiry-after-entra",
            "vault-shared-across-tiers"
        ]
    );
    assert_eq!(assessment.findings[1].registrations, ["raia", "raia-dev"]);
}

#[test]
fn what_a_failed_rung_hides_is_no_hole_in_the_evidence() {
    let assessment = judged(&policy(), expire);
    assert_eq!(assessment.unknowns, []);
    assert!(assessment.coverage.behind_a_fail > 0);
    assert_eq!(assessment.verdict.exit_code, 10);
    assert!(!assessment.verdict.incomplete);
}

#[test]
fn not_reached_without_a_fail_is_incomplete() {
    let assessment = judged(&policy(), |snapshot| {
        for proof in &mut raia(snapshot).tokens {
            proof.answer = Observed::not_reached("no value");
        }
    });
    assert_eq!(assessment.verdict.exit_code, 11);
}

#[test]
fn ten_wins_over_eleven_and_both_are_said() {
    let assessment = judged(&policy(), |snapshot| {
        expire(snapshot);
        raia(snapshot).owners = Listing::cut_short(Vec::new(), a_gap());
        snapshot.estate.registrations[0].owner = None;
    });
    assert_eq!(assessment.verdict.exit_code, 10);
    assert!(assessment.verdict.incomplete);
}

/// A stored snapshot from which a part was cut: every question about it is open.
#[test]
fn what_a_snapshot_leaves_out_of_its_estate_is_incomplete() {
    type Spoil = fn(&mut Snapshot);
    let spoils: [(&str, Spoil); 8] = [
        ("registration/raia", |snapshot| {
            snapshot.registrations.clear()
        }),
        ("registration/raia-dev", |snapshot| {
            snapshot.registrations.remove("raia-dev");
        }),
        ("environment/prod", |snapshot| {
            snapshot.environments.remove("prod");
        }),
        ("environment/dev", |snapshot| snapshot.environments.clear()),
        ("tenant/contoso", |snapshot| snapshot.directories.clear()),
        ("auditor/contoso", |snapshot| snapshot.auditors.clear()),
        ("vault/prod", |snapshot| {
            snapshot.vaults.remove("prod");
            snapshot.estate.auditor.scope = crate::estate::Scope::Tenant;
            let directory = snapshot.directories.get_mut("contoso").unwrap();
            directory.inventory = Some(Listing::complete(Vec::new()));
        }),
        ("auditor/environment/prod", |snapshot| {
            environment(snapshot).auditor = Some(crate::estate::Auditor::default());
        }),
    ];
    for (name, spoil) in spoils {
        let assessment = judged(&policy(), spoil);
        assert_eq!(assessment.verdict.exit_code, 11, "{name}");
        let says = |seen: &str| seen.contains(&format!("says nothing of {name},"));
        let open = assessment.unknowns.iter().any(|open| says(&open.seen));
        let told = assessment.gaps.iter().any(|gap| says(&gap.seen));
        assert!(open && told, "{name}: {:#?}", assessment.unknowns);
    }
    // One without Dataverse has no evidence of its own.
    let assessment = judged(&policy(), |snapshot| {
        let mut hub = environment(snapshot).clone();
        (hub.dataverse, hub.finops) = (None, None);
        snapshot.estate.environments.insert("hub".to_owned(), hub);
    });
    assert_eq!(assessment.verdict.exit_code, 0);
}

#[test]
fn a_policy_that_only_reports_unknowns_is_not_incomplete() {
    let mut lenient = policy();
    lenient.unknown = UnknownMode::Report;
    let assessment = judged(&lenient, |snapshot| raia(snapshot).application = gap());
    assert_eq!(assessment.verdict.exit_code, 0);
    assert!(!assessment.unknowns.is_empty());
}

fn waiver(expires: &str) -> Waiver {
    Waiver {
        check: "multi-tenant-registration".to_owned(),
        resource: "registration/raia".into(),
        reason: "a vendor's".to_owned(),
        owner: "erp".to_owned(),
        expires: expires.parse().unwrap(),
        place: None,
    }
}

pub(super) fn multi_tenant(snapshot: &mut Snapshot) {
    application(snapshot).audience = known("AzureADMultipleOrgs".to_owned());
}

#[test]
fn a_waiver_counts_through_its_last_day_and_then_says_so() {
    let mut waiving = policy();
    waiving.fail_on = Severity::Medium;
    waiving.waivers = vec![waiver("2026-11-21")];
    let assessment = judged(&waiving, multi_tenant);
    assert_eq!((assessment.findings.len(), assessment.waived.len()), (0, 1));
    assert_eq!(assessment.verdict.exit_code, 0);
    waiving.waivers = vec![waiver("2026-11-20")];
    let assessment = judged(&waiving, multi_tenant);
    let found = ["multi-tenant-registration", "expired-waiver"];
    assert_eq!(
        (ids(&assessment).as_slice(), assessment.waived.len()),
        (&found[..], 0)
    );
    assert!(
        assessment.findings[0]
            .seen
            .contains("waiver expired on 2026-11-20")
    );
    assert_eq!(assessment.verdict.exit_code, 10);
}

#[test]
fn severity_tiers_and_switches_come_from_the_policy() {
    let with = |settings: CheckSettings| {
        let mut policy = policy();
        policy
            .checks
            .insert("multi-tenant-registration".to_owned(), settings);
        judged(&policy, multi_tenant)
    };
    let raised = with(CheckSettings {
        severity: Some(Severity::Critical),
        ..CheckSettings::default()
    });
    assert_eq!(raised.findings[0].severity, Severity::Critical);
    let off = with(CheckSettings {
        enabled: Some(false),
        ..CheckSettings::default()
    });
    assert_eq!(ids(&off), [] as [&str; 0]);
    let elsewhere = with(CheckSettings {
        tiers: Some(vec![Tier::Development]),
        ..CheckSettings::default()
    });
    assert_eq!(ids(&elsewhere), [] as [&str; 0]);
}

#[test]
fn unknown_check_ids_and_parameters_are_problems() {
    let mut wrong = policy();
    wrong
        .checks
        .insert("credential-expird".to_owned(), CheckSettings::default());
    wrong.checks.insert(
        "credential-expiring".to_owned(),
        CheckSettings {
            params: json!({ "within-day": 3 }).as_object().unwrap().clone(),
            ..CheckSettings::default()
        },
    );
    let problems = plan(&wrong).map(|_: Plan| ()).unwrap_err();
    assert_eq!(problems.len(), 2);
    assert_eq!(
        problems[0].help.as_deref(),
        Some("did you mean `credential-expired`?")
    );
    assert!(problems[1].message.contains("within-day"), "{problems:?}");
}

#[test]
fn the_same_input_gives_the_same_bytes_and_fingerprints_survive_the_date() {
    let text = |assessment: &Assessment| serde_json::to_string(assessment).unwrap();
    let (one, two) = (judged(&policy(), expire), judged(&policy(), expire));
    assert_eq!(text(&one), text(&two));
    let mut snapshot = tidy();
    expire(&mut snapshot);
    let later = assess(&plan(&policy()).unwrap(), &snapshot, Some(days_from_now(7)));
    assert_eq!(later.findings[0].fingerprint, one.findings[0].fingerprint);
    assert!(later.run.as_of_given);
}

#[test]
fn gaps_are_shown_once_with_the_questions_they_leave_open() {
    let assessment = judged(&policy(), |snapshot| raia(snapshot).application = gap());
    assert_eq!(assessment.gaps.len(), 1);
    assert_eq!(assessment.gaps[0].kind, GapKind::Denied);
    assert_eq!(assessment.gaps[0].questions, assessment.unknowns.len());
    assert!(assessment.gaps[0].questions > 1);
}
