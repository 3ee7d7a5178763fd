//! Exit 0 means it: over broken estates, thresholds, severities of the policy and waivers.

mod accepted;

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::evaluate::{assess, plan};
use crate::evidence::{EntryProblem, Snapshot, UserRefusal};
use crate::facts::testing::tidy::*;
use crate::model::assessment::{Answer, Cover};
use crate::model::{Assessment, Gap, GapKind, Listing, Observed, Presence, Severity};
use crate::policy::{BUILT_IN, CheckSettings, Policy, UnknownMode, Waiver, baseline, builtin};

/// Nothing was asked of the token endpoint, nor of what lies behind it.
fn never_asked(snapshot: &mut Snapshot) {
    for proof in &mut raia(snapshot).tokens {
        proof.answer = Observed::not_reached("no value");
    }
    behind_the_token(snapshot);
}

fn behind_the_token(snapshot: &mut Snapshot) {
    dataverse(snapshot).whoami = Observed::not_reached("no token");
    for read in &mut dataverse(snapshot).reads {
        read.answer = Observed::not_reached("no token");
    }
    dataverse(snapshot).metadata[0].answer = Observed::not_reached("no token");
    finops(snapshot).client = Observed::not_reached("no token");
    for read in &mut finops(snapshot).reads {
        read.answer = Observed::not_reached("no token");
    }
}

fn malformed(problem: EntryProblem) -> impl Fn(&mut Snapshot) {
    move |snapshot| {
        content(snapshot).problems = vec![problem];
        never_asked(snapshot);
    }
}

type Spoil = (&'static str, Box<dyn Fn(&mut Snapshot)>);

fn named(name: &'static str, spoil: impl Fn(&mut Snapshot) + 'static) -> Spoil {
    (name, Box::new(spoil))
}

/// Every way to keep an integration from signing in as it is stored.
fn locked_out() -> Vec<Spoil> {
    let mut ways: Vec<Spoil> = [
        ("empty", EntryProblem::Empty),
        ("an id for a value", EntryProblem::SecretIdInsteadOfValue),
        ("too long", EntryProblem::TooLong),
        ("no JSON", EntryProblem::NoJson),
        ("a missing field", EntryProblem::FieldMissing),
        (
            "a certificate for a secret",
            EntryProblem::CertificateInsteadOfSecret,
        ),
        ("no certificate", EntryProblem::NoCertificate),
        ("behind a password", EntryProblem::PasswordProtected),
        ("without its key", EntryProblem::PrivateKeyMissing),
        ("a key of another kind", EntryProblem::KeyNotRsa),
        ("several keys", EntryProblem::SeveralKeys),
    ]
    .into_iter()
    .map(|(name, problem)| named(name, malformed(problem)))
    .collect();
    ways.extend([
        named("missing", |snapshot| {
            raia(snapshot).entry = known(Presence::Absent);
            never_asked(snapshot);
        }),
        named("deleted", |snapshot| {
            delete_entry(snapshot, None);
            never_asked(snapshot);
        }),
        named("disabled", |snapshot| {
            disable_entry(snapshot);
            never_asked(snapshot);
        }),
        named("not yet valid", |snapshot| {
            attributes(snapshot).not_before = Some(days_from_now(3));
            never_asked(snapshot);
        }),
        named("not live", |snapshot| {
            refuse_token(snapshot, "AADSTS7000215");
            behind_the_token(snapshot);
        }),
        named("expired", super::expire),
        named("no registration", |snapshot| {
            raia(snapshot).application = known(Presence::Absent);
            refuse_token(snapshot, "AADSTS700016");
            behind_the_token(snapshot);
        }),
        named("switched off", |snapshot| {
            application(snapshot).disabled = known(true);
            refuse_token(snapshot, "AADSTS7000112");
            behind_the_token(snapshot);
        }),
        named("no service principal", |snapshot| {
            raia(snapshot).service_principal = known(Presence::Absent);
            refuse_token(snapshot, "AADSTS7000229");
            behind_the_token(snapshot);
        }),
    ]);
    ways
}

/// Steps that fail with less than critical, and hide what lies behind.
fn lesser() -> Vec<Spoil> {
    vec![
        named("a user without roles", |snapshot| {
            refuse_whoami(snapshot, UserRefusal::NoRoles);
            dataverse(snapshot).roles.items.clear();
            for read in &mut dataverse(snapshot).reads {
                read.answer = Observed::not_reached("no roles");
            }
            dataverse(snapshot).metadata[0].answer = Observed::not_reached("no roles");
        }),
        named("a disabled user of Finance & Operations", |snapshot| {
            finops_user(snapshot).enabled = known(false);
            for read in &mut finops(snapshot).reads {
                read.answer = Observed::not_reached("its user is disabled");
            }
        }),
    ]
}

/// What leaves questions open without a failed step.
fn holes() -> Vec<Spoil> {
    let lost = |kind: GapKind| {
        move |snapshot: &mut Snapshot| {
            raia(snapshot).application = Observed::Unknown(Gap::new(kind, "Graph did not tell"));
        }
    };
    vec![
        named("refused", lost(GapKind::Denied)),
        named("a 5xx", lost(GapKind::Unrecognised)),
        named("throttled", lost(GapKind::Throttled)),
        named("malformed", lost(GapKind::Malformed)),
        named("a list cut short", |snapshot| {
            let gap = Gap::new(GapKind::Truncated, "page 2 answered 500");
            environment_of(snapshot).gap = Some(gap);
        }),
        named("a list that was refused", |snapshot| {
            let vault = snapshot.vaults.get_mut("prod").unwrap();
            vault.secrets = Listing::cut_short(Vec::new(), a_gap());
        }),
        named("never asked", never_asked),
        named("a multi-tenant registration", |snapshot| {
            if let Observed::Known(Presence::Present(application)) = &mut raia(snapshot).application
            {
                application.audience = known("AzureADMultipleOrgs".to_owned());
            }
        }),
    ]
}

fn environment_of(snapshot: &mut Snapshot) -> &mut Listing<crate::evidence::ApplicationUser> {
    let environment = snapshot.environments.get_mut("prod").unwrap();
    &mut environment.application_users
}

fn judged(policy: &Policy, spoil: &dyn Fn(&mut Snapshot)) -> Assessment {
    let mut snapshot = tidy();
    spoil(&mut snapshot);
    assess(&plan(policy).unwrap(), &snapshot, None)
}

fn with_threshold(fail_on: Severity) -> Policy {
    Policy {
        fail_on,
        ..baseline()
    }
}

#[test]
fn what_cannot_sign_in_as_stored_is_critical_and_ends_with_10() {
    for (name, spoil) in locked_out() {
        for fail_on in [Severity::High, Severity::Critical] {
            let assessment = judged(&with_threshold(fail_on), &spoil);
            let worst = assessment.findings.first().map(|one| one.severity);
            assert_eq!(worst, Some(Severity::Critical), "{name}");
            assert_eq!(assessment.verdict.exit_code, 10, "{name}, {fail_on}");
            let seen = &assessment.unknowns;
            assert!(!assessment.verdict.incomplete, "{name}: {seen:#?}");
        }
    }
}

#[test]
fn what_signs_in_all_the_same_keeps_its_lesser_weight() {
    for problem in [
        EntryProblem::SurroundingWhitespace,
        EntryProblem::SecretIdInsteadOfValue,
        EntryProblem::CertificateInsteadOfSecret,
    ] {
        let assessment = judged(&baseline(), &|snapshot| {
            content(snapshot).problems = vec![problem];
        });
        assert_eq!(assessment.findings[0].severity, Severity::Medium);
    }
    let early = judged(&baseline(), &|snapshot| {
        attributes(snapshot).not_before = Some(days_from_now(3));
    });
    assert_eq!(early.findings[0].severity, Severity::High);
}

#[test]
fn a_lesser_failed_step_answers_for_nothing_behind_it() {
    for (name, spoil) in lesser() {
        let high = judged(&with_threshold(Severity::High), &spoil);
        assert_eq!(high.verdict.exit_code, 10, "{name}");
        assert!(!high.verdict.incomplete, "{name}: {:#?}", high.unknowns);
        let critical = judged(&with_threshold(Severity::Critical), &spoil);
        assert_eq!(critical.verdict.exit_code, 11, "{name}");
        assert!(critical.coverage.behind_and_open > 0, "{name}");
        assert_eq!(critical.verdict.failing, 0, "{name}");
    }
    // Nor does one that the policy makes little of.
    let mut policy = baseline();
    let settings = CheckSettings {
        severity: Some(Severity::Low),
        ..CheckSettings::default()
    };
    policy
        .checks
        .insert("vault-entry-malformed".to_owned(), settings);
    let little = judged(&policy, &malformed(EntryProblem::NoCertificate));
    assert_eq!(little.findings[0].severity, Severity::Low);
    assert_eq!(little.verdict.exit_code, 11);
}

#[test]
fn only_what_the_ladder_rests_on_hides_anything() {
    // An entry that can be purged stands beside the ladder: what was not reached is a hole of its own.
    let assessment = judged(&baseline(), &|snapshot| {
        attributes(snapshot).recovery_level = Some("Purgeable".to_owned());
        never_asked(snapshot);
    });
    assert_eq!(assessment.coverage.behind_a_fail, 0);
    assert_eq!(assessment.verdict.exit_code, 11);
}
