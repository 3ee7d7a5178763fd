//! Counting: the coverage ledger, the per-control summary, the per-check counts.

use std::collections::BTreeMap;

use crate::model::GapKind;
use crate::model::assessment::{Answer, Assessment, CheckCount, ControlCount, Coverage};

/// Counts what the lists of an assessment hold, and settles what it comes to. How far each list was read stays;
/// a check that ran is counted even where nothing was asked of it.
pub(super) fn count(assessment: &mut Assessment) {
    let none = |check: &str| CheckCount {
        check: check.to_owned(),
        ..CheckCount::default()
    };
    let rules = assessment.rules.iter();
    let of_rule: BTreeMap<&str, &[String]> = rules
        .map(|rule| (rule.check.as_str(), rule.controls.as_slice()))
        .collect();
    let ran = of_rule.keys().map(|check| (*check, none(check)));
    let mut checks: BTreeMap<&str, CheckCount> = ran.collect();
    let mut controls: BTreeMap<String, ControlCount> = BTreeMap::new();
    let views = &assessment.registrations;
    let mut coverage = Coverage {
        waived: assessment.waived.len(),
        unknown_by_kind: GapKind::ALL.into_iter().map(|kind| (kind, 0)).collect(),
        registrations: views.len(),
        proven: views.iter().filter(|view| view.is_proven()).count(),
        lists: assessment.coverage.lists.clone(),
        ..Coverage::default()
    };
    for (check, _, answer) in assessment.each_answer() {
        let of_check = checks.entry(check).or_insert_with(|| none(check));
        coverage.asked += 1;
        let (all, own, in_control): (_, _, Option<fn(&mut ControlCount) -> &mut usize>) =
            match answer {
                Answer::Passed => (
                    &mut coverage.passed,
                    &mut of_check.passed,
                    Some(|one| &mut one.passed),
                ),
                Answer::Failed(_) | Answer::Consequence(..) => (
                    &mut coverage.failed,
                    &mut of_check.failed,
                    Some(|one| &mut one.failed),
                ),
                Answer::Waived(_) | Answer::WaivedConsequence(..) => (
                    &mut coverage.failed,
                    &mut of_check.failed,
                    Some(|one| &mut one.waived),
                ),
                Answer::Unknown(_) | Answer::BehindAFail(..) => (
                    &mut coverage.unknown,
                    &mut of_check.unknown,
                    Some(|one| &mut one.unknown),
                ),
                Answer::NotApplicable(_) => (
                    &mut coverage.not_applicable,
                    &mut of_check.not_applicable,
                    None,
                ),
            };
        *all += 1;
        *own += 1;
        let mut unknown = |kind| *coverage.unknown_by_kind.entry(kind).or_default() += 1;
        match answer {
            Answer::Unknown(one) => unknown(one.kind),
            Answer::BehindAFail(..) => {
                unknown(GapKind::NotReached);
                coverage.behind_a_fail += 1;
            }
            Answer::Consequence(..) | Answer::WaivedConsequence(..) => coverage.consequences += 1,
            _ => {}
        }
        for id in of_rule.get(check).copied().unwrap_or_default() {
            let all = controls.entry(id.clone()).or_default();
            if let Some(count) = in_control {
                *count(all) += 1;
            }
        }
    }
    let checks = checks.into_values().collect();
    (assessment.coverage, assessment.controls, assessment.checks) = (coverage, controls, checks);
    assessment.settle();
}
