//! Tests about the checks themselves: complete, well named, silent where nothing is wrong.

use std::collections::BTreeSet;

use super::{ALL, EXPIRED_WAIVER, UNUSED_WAIVER, find};
use crate::checks::testing::{all_unknown, as_of, principal, raia, tidy};
use crate::estate::Unstored;
use crate::evidence::{PrincipalKind, Snapshot};
use crate::facts::case::Context;
use crate::facts::index::Index;
use crate::model::{
    Gap, GapKind, Listing, Observed, Outcome, Presence, Resource, Unasked, Verdict,
};

/// The defaults; a check that asks for nothing by default is told to ask.
fn params(id: &str) -> serde_json::Value {
    match id {
        "secret-where-certificate-expected" => serde_json::json!({ "expect": "certificate" }),
        "auditor-spans-tiers" => serde_json::json!({ "one-for-each-tier": true }),
        _ => serde_json::json!({}),
    }
}

/// Questions about a tenant, an environment or an auditor rather than each registration.
const BESIDE_REGISTRATIONS: [&str; 6] = [
    "app-management-policy-missing",
    "auditor-credential-expiring",
    "auditor-overprivileged",
    "auditor-spans-tiers",
    "organisation-shared",
    "unknown-application-user",
];

/// Told to ask, these find what the tidy estate does by intention.
const ASKED_BY_A_POLICY_ONLY: [&str; 2] =
    ["secret-where-certificate-expected", "auditor-spans-tiers"];

/// Answered from the estate alone, which is known whatever could not be read.
const FROM_THE_ESTATE: [&str; 1] = ["vault-shared-across-tiers"];
/// Questions that no snapshot answers.
const OF_THE_POLICY: [&str; 2] = [UNUSED_WAIVER, EXPIRED_WAIVER];

fn verdicts(snapshot: &Snapshot) -> Vec<(&'static str, Verdict)> {
    let context = Context {
        snapshot,
        as_of: as_of(),
        index: &Index::of(snapshot),
    };
    ALL.iter()
        .flat_map(|check| {
            let judge = check.prepare(params(check.meta.id)).unwrap();
            judge(&context)
                .into_iter()
                .map(|verdict| (check.meta.id, verdict))
        })
        .collect()
}

#[test]
fn ids_are_unique_kebab_case_and_told_in_words() {
    let mut ids = BTreeSet::new();
    for check in ALL {
        let meta = check.meta;
        assert!(ids.insert(meta.id), "{} is defined twice", meta.id);
        assert!(
            meta.id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
            "{}",
            meta.id
        );
        assert!(!meta.title.ends_with('.'), "{}", meta.id);
        for text in [meta.rationale, meta.remediation] {
            assert!(text.ends_with('.'), "{}: {text}", meta.id);
        }
        assert!(
            !meta.controls.is_empty() && !meta.evidence.is_empty(),
            "{}",
            meta.id
        );
        assert!(meta.controls.is_sorted(), "{}", meta.id);
    }
}

#[test]
fn what_a_check_explains_exists_and_never_explains_it_back() {
    for check in ALL {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&str> = check.meta.explains.to_vec();
        while let Some(id) = open.pop() {
            let explained = find(id).unwrap_or_else(|| panic!("{} explains {id}", check.meta.id));
            if reached.insert(id) {
                open.extend(explained.meta.explains);
            }
        }
        assert!(!reached.contains(check.meta.id), "{}", check.meta.id);
    }
}

#[test]
fn a_tidy_estate_passes_and_never_fails() {
    for (id, verdict) in verdicts(&tidy()) {
        if ASKED_BY_A_POLICY_ONLY.contains(&id) {
            continue;
        }
        assert!(
            matches!(verdict.outcome, Outcome::Pass | Outcome::NotApplicable(_)),
            "{id}: {verdict:?}"
        );
    }
}

/// `raia` as it is where nothing of it is stored, and so nothing was tried with it.
fn stored_nowhere(unstored: Unstored) -> Snapshot {
    let mut snapshot = tidy();
    let registration = &mut snapshot.estate.registrations[0];
    (registration.credential, registration.unstored) = (None, unstored);
    let untried = || Gap::unasked(Unasked::NothingStored, unstored.cannot_be_proven());
    let evidence = raia(&mut snapshot);
    evidence.entry = Observed::Unknown(untried());
    for token in &mut evidence.tokens {
        token.answer = Observed::Unknown(untried());
    }
    for proof in &mut evidence.foreign {
        if let Some(tried) = &mut proof.tried {
            tried.token = Observed::Unknown(untried());
            tried.answer = Observed::Unknown(untried());
        }
    }
    if let Some(proof) = &mut evidence.dataverse {
        proof.whoami = Observed::Unknown(untried());
        for read in &mut proof.reads {
            read.answer = Observed::Unknown(untried());
        }
        for read in &mut proof.metadata {
            read.answer = Observed::Unknown(untried());
        }
    }
    if let Some(proof) = &mut evidence.finops {
        proof.client = Observed::Unknown(untried());
        for read in &mut proof.reads {
            read.answer = Observed::Unknown(untried());
        }
    }
    if let Observed::Known(Presence::Present(application)) = &mut evidence.application {
        application.credentials = Observed::Known(Vec::new());
    }
    snapshot
}

#[test]
fn a_registration_without_a_stored_credential_leaves_nothing_open() {
    for unstored in Unstored::ALL {
        let verdicts = verdicts(&stored_nowhere(unstored));
        let about = "registration/raia".into();
        for (id, verdict) in &verdicts {
            if !verdict.subjects.contains(&about) || ASKED_BY_A_POLICY_ONLY.contains(id) {
                continue;
            }
            assert!(
                matches!(verdict.outcome, Outcome::Pass | Outcome::NotApplicable(_)),
                "{id}: {verdict:?}"
            );
        }
        // What the auditor sees is judged as before.
        for id in [
            "application-user-disabled",
            "finops-client-missing",
            "forbidden-privilege-held",
            "missing-role",
            "registration-missing",
            "service-principal-missing",
            "wrong-business-unit",
        ] {
            let passed = verdicts.iter().any(|(check, verdict)| {
                *check == id
                    && verdict.subjects.contains(&about)
                    && matches!(verdict.outcome, Outcome::Pass)
            });
            assert!(passed, "{id} was not judged");
        }
    }
}

#[test]
fn a_registration_of_another_tenant_leaves_nothing_open() {
    let mut snapshot = tidy();
    snapshot.estate.registrations[0].home_tenant = Some("home-1".to_owned());
    raia(&mut snapshot).application = Observed::Known(Presence::Absent);
    let absent = Gap::new(GapKind::NotReached, "there is no application");
    raia(&mut snapshot).owners = Listing::cut_short(Vec::new(), absent);
    snapshot.estate.registrations[0].owner = None;
    principal(&mut snapshot).kind = Observed::Known(PrincipalKind::Foreign);
    let verdicts = verdicts(&snapshot);
    let about = "registration/raia".into();
    for (id, verdict) in &verdicts {
        if !verdict.subjects.contains(&about) || ASKED_BY_A_POLICY_ONLY.contains(id) {
            continue;
        }
        assert!(
            matches!(verdict.outcome, Outcome::Pass | Outcome::NotApplicable(_)),
            "{id}: {verdict:?}"
        );
    }
}

#[test]
fn a_snapshot_of_gaps_gives_no_pass_and_no_fail() {
    let mut snapshot = all_unknown();
    for registration in &mut snapshot.estate.registrations {
        // Without one the estate alone answers that nobody is pinned.
        registration.stored_mut().version = Some("v1".to_owned());
    }
    let verdicts = verdicts(&snapshot);
    for (id, verdict) in &verdicts {
        assert!(
            matches!(verdict.outcome, Outcome::Unknown(_)) || FROM_THE_ESTATE.contains(id),
            "{id}: {verdict:?}"
        );
    }
    let asked: BTreeSet<_> = verdicts.iter().map(|(id, _)| *id).collect();
    assert_eq!(asked.len(), ALL.len() - OF_THE_POLICY.len());
}

#[test]
fn an_empty_estate_gives_no_verdict_at_all() {
    let mut snapshot = tidy();
    snapshot.estate.registrations.clear();
    snapshot.registrations.clear();
    snapshot.estate.environments.clear();
    snapshot.estate.vaults.clear();
    snapshot.environments.clear();
    snapshot.directories.clear();
    snapshot.auditors.clear();
    assert_eq!(verdicts(&snapshot), []);
}

#[test]
fn every_check_speaks_about_every_registration() {
    for check in ALL {
        let snapshot = tidy();
        let judge = check.prepare(serde_json::json!({})).unwrap();
        let spoken: BTreeSet<Resource> = judge(&Context {
            snapshot: &snapshot,
            as_of: as_of(),
            index: &Index::of(&snapshot),
        })
        .into_iter()
        .flat_map(|verdict| verdict.subjects)
        .collect();
        if OF_THE_POLICY.contains(&check.meta.id) {
            assert!(spoken.is_empty(), "{} speaks", check.meta.id);
            continue;
        }
        if BESIDE_REGISTRATIONS.contains(&check.meta.id) {
            assert!(!spoken.is_empty(), "{} is silent", check.meta.id);
            continue;
        }
        for name in ["registration/raia", "registration/raia-dev"] {
            assert!(
                spoken.contains(&name.into()),
                "{} is silent about {name}",
                check.meta.id
            );
        }
    }
}

#[test]
fn unknown_parameters_are_refused() {
    for check in ALL {
        let refused = check.prepare(serde_json::json!({ "no-such-parameter": 1 }));
        assert!(refused.is_err(), "{}", check.meta.id);
    }
}
