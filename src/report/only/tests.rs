//! What is left for one owner: nothing of the others, counted anew, and marked as a part.

use super::*;
use crate::report::fixture;
use crate::report::random::assessments;
use proptest::prelude::*;

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
            .starts_with("1 of 4 registrations, of a run with --env prod; the whole: FINDINGS 3"),
        "{narrowed}"
    );
    let other = only(&whole, &names(&["tidy"]));
    assert!(other.findings.is_empty() && other.waived.is_empty());
    assert!(other.unknowns.is_empty(), "{:?}", other.unknowns);
    assert_eq!((other.verdict.exit_code, other.coverage.proven), (0, 1));
    let json = serde_json::to_string(&other).expect("JSON");
    assert!(!json.contains("raia-contact-sync"), "{json}");
    assert_eq!(other.gaps.len(), 1, "the one that no question owns");
}

#[test]
fn names_that_begin_alike_are_told_apart() {
    let mut whole = fixture::rich();
    whole.registrations = vec![
        fixture::proven("erp", "prod", "production"),
        fixture::proven("erp/bridge", "prod", "production"),
        fixture::proven("erp-test", "test", "test"),
    ];
    for (resource, whose) in [
        ("registration/erp/table/account", "erp"),
        ("registration/erp/bridge/table/account", "erp/bridge"),
        ("registration/erp-test", "erp-test"),
    ] {
        for view in &whole.registrations {
            let kept = names(&[&view.name]);
            let own = Own::of(&whole, &kept);
            assert_eq!(
                own.has(resource),
                view.name == whose,
                "{resource} {}",
                view.name
            );
        }
    }
}

#[test]
fn a_vault_entry_goes_with_whoever_uses_it() {
    let line = "vault crm-prod, secret raia-json: its credential (named in the estate)";
    assert_eq!(
        entry(line).as_deref(),
        Some("vault-entry/crm-prod/raia-json")
    );
    let mut whole = fixture::rich();
    whole.registrations[3].whereabouts.lines = vec![line.into()];
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
        prop_assert!(cut.findings.iter().all(|one| whole.findings.contains(one)));
        prop_assert!(cut.run.narrowed.is_some());
    }
}
