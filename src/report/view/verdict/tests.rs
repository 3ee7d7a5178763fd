//! The verdict in words: never clean where something is open.

use super::*;
use crate::report::fixture;

#[test]
fn ten_wins_over_eleven_and_both_are_said() {
    let line = verdict(&fixture::rich()).join(" · ");
    assert_eq!(
        line,
        "FINDINGS 3 at or above high · 1 below · 1 waived finding (worst: high) · INCOMPLETE 2 checks without an \
         answer, 1 incomplete list (applications) · 1 optional check without an answer · exit code 10"
    );
}

#[test]
fn what_is_and_what_is_new_are_both_said() {
    let mut assessment = fixture::rich();
    assessment.verdict.exit_code = 0;
    let mut since = Since {
        run: Some("3f0e8c1a".to_owned()),
        collected: Some("2026-11-14T06:00:00Z".parse().unwrap()),
        unread: false,
        findings: 0,
        unanswered: 0,
    };
    let mut end = |since: &Since| {
        assessment.verdict.since = Some(since.clone());
        let parts = verdict(&assessment);
        assert!(parts[0].starts_with("FINDINGS 3"), "{parts:?}");
        parts[parts.len() - 2].clone()
    };
    assert_eq!(end(&since), "NOTHING NEW since 2026-11-14 06:00 UTC");
    (since.findings, since.unanswered) = (1, 2);
    assert_eq!(
        end(&since),
        "NEW 1 finding and 2 checks without an answer since 2026-11-14 06:00 UTC"
    );
    since.collected = None;
    assert_eq!(end(&since), "NEW all of it, for no earlier run is kept");
    since.unread = true;
    assert_eq!(
        end(&since),
        "NEW all of it, for the kept runs could not be read"
    );
}

#[test]
fn incomplete_without_findings_is_never_called_clean() {
    let mut assessment = fixture::empty();
    assessment.verdict.incomplete = true;
    assessment.verdict.exit_code = 11;
    let line = verdict(&assessment).join(" · ");
    assert_eq!(
        line,
        "INCOMPLETE not everything could be checked · no findings at or above high · exit code 11"
    );
}

#[test]
fn clean_is_said_with_its_code() {
    let line = verdict(&fixture::empty()).join(" · ");
    assert_eq!(line, "CLEAN nothing at or above high · exit code 0");
}

#[test]
fn clean_by_a_waiver_says_so() {
    let mut assessment = fixture::empty();
    assessment.waived = fixture::rich().waived;
    let line = verdict(&assessment).join(" · ");
    assert_eq!(
        line,
        "CLEAN but for 1 waived finding (worst: high), nothing else at or above high · exit code 0"
    );
    assessment.waived[0].finding.severity = crate::model::Severity::Low;
    let line = verdict(&assessment).join(" · ");
    assert!(
        line.contains("(worst: low), nothing at or above high"),
        "{line}"
    );
}

#[test]
fn the_headline_is_never_clean_where_something_is_open() {
    let mut assessment = fixture::empty();
    assert_eq!(headline(&assessment), "Clean: nothing at or above high");
    assessment.verdict.incomplete = true;
    assert_eq!(
        headline(&assessment),
        "Incomplete: not everything could be checked; nothing found at or above high"
    );
    assert_eq!(
        headline(&fixture::rich()),
        "3 findings at or above high, and 2 checks have no answer, 1 list is incomplete (applications); \
         1 waived finding (worst: high)"
    );
}

#[test]
fn what_costs_nothing_is_said_and_what_is_many_is_not_all_named() {
    let mut assessment = fixture::empty();
    let list = fixture::rich().coverage.lists[0].clone();
    for number in 0..5 {
        let mut list = list.clone();
        list.name = format!("owners of r-{number}");
        assessment.coverage.lists.push(list.clone());
        (list.counts, list.refused) = (false, true);
        assessment.coverage.lists.push(list);
    }
    assessment.coverage.behind_and_waived = 7;
    assessment.coverage.cannot_be_proven = 2;
    assessment.verdict.incomplete = true;
    assessment.verdict.exit_code = 11;
    let names = "owners of r-0, owners of r-1, owners of r-2, 2 more";
    assert_eq!(
        verdict(&assessment),
        [
            format!("INCOMPLETE 5 incomplete lists ({names})"),
            "no findings at or above high".to_owned(),
            "7 checks skipped because of a waived finding".to_owned(),
            format!("5 refused lists that no check needs ({names})"),
            "2 cannot be proven: no stored credential".to_owned(),
            "exit code 11".to_owned(),
        ]
    );
    assert!(!nameless_verdict(&assessment).join(" ").contains("r-0"));
}

#[test]
fn a_demo_says_that_it_ends_with_0() {
    let mut assessment = fixture::rich();
    assessment.verdict.ended = Some(0);
    let last = verdict(&assessment).pop();
    assert_eq!(last.as_deref(), Some("exit code 10 (this run ends with 0)"));
}

#[test]
fn a_headline_clean_by_a_waiver_says_so() {
    let mut assessment = fixture::empty();
    assessment.waived = fixture::rich().waived;
    assert_eq!(
        headline(&assessment),
        "Clean but for 1 waived finding (worst: high): nothing else at or above high"
    );
    assessment.verdict.incomplete = true;
    assert_eq!(
        headline(&assessment),
        "Incomplete: not everything could be checked; nothing found at or above high; 1 waived finding (worst: high)"
    );
}
