//! What is left for one owner: nothing of the others, counted anew, and marked as a part.

use super::*;
use crate::model::assessment::{Line, Step};
use crate::report::random::assessments;
use crate::report::{fixture, nameless_verdict_line};
use proptest::prelude::*;

fn only(whole: &Assessment, kept: &BTreeSet<String>) -> Assessment {
    audience(whole, kept, &nameless_verdict_line(whole))
}

fn names(of: &[&str]) -> BTreeSet<String> {
    of.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn nothing_of_the_others_is_left_and_the_whole_is_told_in_words() {
    let whole = fixture::rich();
    let cut = only(&whole, &names(&["raia-contact-sync"]));
    assert_eq!(cut.registrations.len(), 1);
    assert_eq!(cut.coverage.registrations, 1);
    assert_eq!(cut.coverage.proven, 0);
    assert_eq!(cut.verdict.failing, 3);
    let narrowed = cut.run.narrowed.expect("it says so");
    assert!(
        narrowed
            .starts_with("1 of 4 registrations, of a run with --env prod; in total: FINDINGS 3"),
        "{narrowed}"
    );
    let other = only(&whole, &names(&["tidy"]));
    assert!(other.findings.is_empty() && other.waived.is_empty());
    assert!(other.unknowns.is_empty(), "{:?}", other.unknowns);
    // The list that was not read to its end may hide something of anybody.
    assert_eq!((other.verdict.exit_code, other.coverage.proven), (11, 1));
    let json = serde_json::to_string(&other).expect("JSON");
    assert!(!json.contains("raia-contact-sync"), "{json}");
    assert_eq!(other.gaps.len(), 1, "the one that no question owns");
}

#[test]
fn a_list_of_others_neither_counts_nor_is_named() {
    let mut whole = fixture::rich();
    whole.coverage.lists[0].name = "owners of raia-contact-sync".into();
    whole.coverage.lists[0].registration = Some("raia-contact-sync".into());
    let own = only(&whole, &names(&["raia-contact-sync"]));
    assert_eq!(own.ending().lists, 1);
    let other = only(&whole, &names(&["tidy"]));
    assert_eq!(other.verdict.exit_code, 0);
    let json = serde_json::to_string(&other).expect("JSON");
    assert!(!json.contains("raia-contact-sync"), "{json}");
}

/// `vault-shared-across-tiers`, as everybody's finding reads.
fn shared(assessment: &mut Assessment) {
    let mut finding = fixture::rich().findings[0].clone();
    finding.check = "vault-shared-across-tiers".into();
    finding.resource = "vault/crm".into();
    finding.registrations = vec!["raia-contact-sync".into(), "tidy".into()];
    finding.title = "raia-contact-sync and tidy share one vault".into();
    finding.what = "share one vault with raia-contact-sync".into();
    finding.seen = "The vault crm holds credentials of raia-contact-sync (production) and tidy \
                    (development)"
        .into();
    finding.hits = "raia-contact-sync in prod (production), also held by Raia; in prod <integrations@raia.example>, \
                    owner other-owner@contoso.com; tidy in dev (development), also held by Tidy Ltd \
                    <me@tidy.example>, owner mine@contoso.com"
        .into();
    finding.used = vec![
        "vault crm, secret raia-client-secret: its credential (of raia-contact-sync)".into(),
        "vault crm, secret tidy-secret: its credential (named in the estate)".into(),
    ];
    finding.steps.truncate(1);
    finding.remedy = "Give each tier a vault of its own".into();
    finding.consequences[0].resource = "registration/raia-contact-sync".into();
    let mut inside = finding.consequences[0].clone();
    inside.resource = "registration/tidy".into();
    inside.seen = "its own".into();
    finding.consequences.push(inside);
    assessment.findings.push(finding);
}

#[test]
fn a_finding_of_several_tells_each_of_their_own_part_only() {
    let mut whole = fixture::rich();
    whole.registrations[0].route.to = vec!["other-owner@contoso.com".into()];
    whole.registrations[0].client_id = Some("11111111-2d35-4a55-8a64-0d3a51c60001".into());
    whole.registrations[3].hits =
        "tidy in dev (development), also held by Tidy Ltd <me@tidy.example>, owner mine@contoso.com".into();
    whole.registrations[3].whereabouts.lines = vec![
        "the same value as vault crm, secret x of raia-contact-sync".into(),
        "vault crm, secret tidy-secret: its credential (named in the estate)".into(),
    ];
    shared(&mut whole);
    let cut = only(&whole, &names(&["tidy"]));
    let finding = &cut.findings[0];
    assert_eq!(finding.check, "vault-shared-across-tiers");
    assert_eq!(finding.registrations, ["tidy"]);
    assert_eq!(
        finding.hits,
        "tidy in dev (development), also held by Tidy Ltd <me@tidy.example>, owner mine@contoso.com"
    );
    assert_eq!(finding.used.len(), 1, "{finding:?}");
    assert_eq!(finding.consequences.len(), 1, "{finding:?}");
    assert!(finding.seen.contains("1 more registration"), "{finding:?}");
    let json = serde_json::to_string(&cut).expect("JSON");
    for foreign in ["raia", "other-owner", "11111111-2d35"] {
        assert!(!json.contains(foreign), "{foreign} in {json}");
    }
    let both = only(&whole, &names(&["tidy", "raia-contact-sync"]));
    assert_eq!(
        both.findings.last(),
        whole.findings.last(),
        "all of it is theirs"
    );
}

#[test]
fn what_speaks_of_others_is_left_out_by_whom_it_names_and_not_by_its_words() {
    let mut whole = fixture::rich();
    let others = names(&["raia-contact-sync"]);
    let bridge = Line {
        said: "the bridge of the vendor".into(),
        others: others.clone(),
    };
    let mut wait = Step::of("Wait until the vendor has moved", None);
    let own_step = Step::of("Store the new one", None);
    wait.others = others;
    let tidy = &mut whole.registrations[3];
    tidy.whereabouts.lines = vec![bridge.clone(), "F&O dev: client".into()];
    tidy.rotation.steps = vec![wait.clone(), own_step.clone()];
    let mut finding = whole.findings[0].clone();
    finding.registrations = vec!["tidy".into()];
    finding.used = vec!["F&O dev: client".into(), bridge];
    finding.steps = vec![wait, own_step.clone()];
    whole.findings = vec![finding];
    // As it was kept, too.
    let stored = serde_json::to_string(&whole).expect("JSON");
    let stored: Assessment = serde_json::from_str(&stored).expect("an assessment");
    for whole in [whole, stored] {
        let cut = only(&whole, &names(&["tidy"]));
        let view = &cut.registrations[0];
        assert_eq!(view.whereabouts.lines, [LEFT_OUT, "F&O dev: client"]);
        assert_eq!(view.rotation.steps, std::slice::from_ref(&own_step));
        assert_eq!(cut.findings[0].used, ["F&O dev: client", LEFT_OUT]);
        assert_eq!(cut.findings[0].steps, std::slice::from_ref(&own_step));
        let both = only(&whole, &names(&["tidy", "raia-contact-sync"]));
        assert_eq!(both.findings[0].used, whole.findings[0].used, "of both");
        assert_eq!(both.findings[0].steps, whole.findings[0].steps);
    }
}

#[test]
fn a_name_that_stands_in_what_somebody_else_wrote_is_left_out_by_the_guard() {
    let mut whole = fixture::rich();
    let tidy = &mut whole.registrations[3];
    tidy.whereabouts.lines = vec![
        "Dataverse dev: application user raia-contact-sync (enabled)".into(),
        "Dataverse dev: application user tidy (enabled)".into(),
    ];
    tidy.whereabouts.unread = vec!["secrets of vault dev: raia-contact-sync was refused".into()];
    let cut = only(&whole, &names(&["tidy"]));
    let places = &cut.registrations[0].whereabouts;
    assert_eq!(
        places.lines,
        [LEFT_OUT, "Dataverse dev: application user tidy (enabled)"]
    );
    assert_eq!(places.unread, [LEFT_OUT]);
}

#[test]
fn whom_a_finding_of_several_hits_is_known_of_a_kept_file_and_counted_alike() {
    let mut whole = fixture::rich();
    whole.registrations[3].hits = "tidy in dev, no owner".into();
    shared(&mut whole);
    let stored = serde_json::to_string(&whole).expect("JSON");
    let stored: Assessment = serde_json::from_str(&stored).expect("an assessment");
    let cut = only(&stored, &names(&["tidy"]));
    assert_eq!(cut.findings[0].hits, "tidy in dev, no owner");

    let many = ["a", "b", "c", "d", "e"];
    let views = many.map(|name| fixture::proven(name, "prod", "production"));
    whole.registrations = views.into();
    let finding = whole.findings.last_mut().expect("the shared one");
    finding.registrations = many.map(str::to_owned).into();
    let cut = only(&whole, &names(&many[..4]));
    assert_eq!(cut.findings[0].hits, "4 registrations: a, b, c and 1 more");
}

#[test]
fn names_that_begin_alike_are_told_apart() {
    let mut whole = fixture::rich();
    whole.registrations = vec![
        fixture::proven("erp", "prod", "production"),
        fixture::proven("erp.bridge", "prod", "production"),
        fixture::proven("erp-test", "test", "test"),
    ];
    for (resource, whose) in [
        ("registration/erp/table/account", "erp"),
        ("registration/erp.bridge/table/account", "erp.bridge"),
        ("registration/erp-test", "erp-test"),
    ] {
        for view in &whole.registrations {
            let kept = names(&[&view.name]);
            let own = Own::of(&whole, &kept, &Foreign::of(&whole, &kept));
            assert_eq!(
                own.has(&resource.into()),
                view.name == whose,
                "{resource} {}",
                view.name
            );
        }
    }
}

#[test]
fn a_vault_entry_goes_with_whoever_uses_it() {
    let mut whole = fixture::rich();
    let entry = "vault-entry/crm-prod/raia-json".into();
    whole.registrations[3].whereabouts.entries = [entry].into();
    let cut = only(&whole, &names(&["tidy"]));
    assert_eq!(cut.unknowns.len(), 3);
    assert_eq!((cut.verdict.exit_code, cut.verdict.incomplete), (11, true));
    assert_eq!(cut.coverage.unknown, 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_cut_adds_up(whole in assessments(), pick in any::<u64>()) {
        let kept: BTreeSet<String> = whole
            .registrations
            .iter()
            .enumerate()
            .filter(|(index, _)| pick >> (index % 64) & 1 == 1)
            .map(|(_, view)| view.name.clone())
            .collect();
        let cut = only(&whole, &kept);
        let coverage = &cut.coverage;
        prop_assert_eq!(
            coverage.asked,
            coverage.passed + coverage.failed + coverage.unknown + coverage.not_applicable
        );
        prop_assert!(coverage.asked <= whole.coverage.asked);
        prop_assert_eq!(coverage.unknown - coverage.behind_a_fail, cut.unknowns.len());
        prop_assert_eq!(coverage.waived, cut.waived.len());
        prop_assert_eq!(coverage.unknown_by_kind.values().sum::<usize>(), coverage.unknown);
        let of_checks: usize = cut.checks.iter().map(|one| one.failed).sum();
        prop_assert_eq!(of_checks, coverage.failed);
        let theirs = cut.findings.iter().all(|one| {
            whole.findings.iter().any(|other| other.fingerprint == one.fingerprint)
                && one.registrations.iter().all(|name| kept.contains(name))
        });
        prop_assert!(theirs);
        prop_assert!(cut.run.narrowed.is_some());
    }
}
