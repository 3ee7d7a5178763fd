//! Counting: the coverage ledger, the per-control summary, the per-check counts.

use std::collections::BTreeMap;

use crate::model::GapKind;
use crate::model::assessment::{Answer, Assessment, CheckCount, ControlCount, Coverage};

/// Counts what the lists of an assessment hold, and settles what it comes to. How far each list was read stays;
/// a check that ran is counted even where nothing was asked of it.
pub(super) fn count(assessment: &mut Assessment) {
    let rules = assessment.rules.iter();
    let of_rule: BTreeMap<&str, &[String]> = rules
        .map(|rule| (rule.check.as_str(), rule.controls.as_slice()))
        .collect();
    let ran = of_rule.keys().map(|check| (*check, uncounted(check)));
    let mut checks: BTreeMap<&str, CheckCount> = ran.collect();
    let mut controls: BTreeMap<String, ControlCount> = BTreeMap::new();
    let mut coverage = nothing_asked(assessment);
    for (check, _, answer) in assessment.each_answer() {
        let of_check = checks.entry(check).or_insert_with(|| uncounted(check));
        add(&answer, &mut coverage, of_check);
        for id in of_rule.get(check).copied().unwrap_or_default() {
            let all = controls.entry(id.clone()).or_default();
            if let Some(count) = of_control(&answer, all) {
                *count += 1;
            }
        }
    }
    let checks = checks.into_values().collect();
    (assessment.coverage, assessment.controls, assessment.checks) = (coverage, controls, checks);
    assessment.settle();
}

fn uncounted(check: &str) -> CheckCount {
    CheckCount {
        check: check.to_owned(),
        ..CheckCount::default()
    }
}

/// What is known before the first answer is counted.
fn nothing_asked(assessment: &Assessment) -> Coverage {
    let views = &assessment.registrations;
    Coverage {
        waived: assessment.waived.len(),
        unknown_by_kind: GapKind::ALL.into_iter().map(|kind| (kind, 0)).collect(),
        registrations: views.len(),
        proven: views.iter().filter(|view| view.is_proven()).count(),
        lists: assessment.coverage.lists.clone(),
        ..Coverage::default()
    }
}

fn add(answer: &Answer<'_>, coverage: &mut Coverage, of_check: &mut CheckCount) {
    coverage.asked += 1;
    let (all, own) = match answer {
        Answer::Passed => (&mut coverage.passed, &mut of_check.passed),
        Answer::Failed(_)
        | Answer::Consequence(..)
        | Answer::Waived(_)
        | Answer::WaivedConsequence(..) => (&mut coverage.failed, &mut of_check.failed),
        Answer::Unknown(_) | Answer::BehindAFail(..) => {
            (&mut coverage.unknown, &mut of_check.unknown)
        }
        Answer::NotApplicable(_) => (&mut coverage.not_applicable, &mut of_check.not_applicable),
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
}

/// Where a control counts an answer; it does not count what does not apply.
fn of_control<'a>(answer: &Answer<'_>, count: &'a mut ControlCount) -> Option<&'a mut usize> {
    match answer {
        Answer::Passed => Some(&mut count.passed),
        Answer::Failed(_) | Answer::Consequence(..) => Some(&mut count.failed),
        Answer::Waived(_) | Answer::WaivedConsequence(..) => Some(&mut count.waived),
        Answer::Unknown(_) | Answer::BehindAFail(..) => Some(&mut count.unknown),
        Answer::NotApplicable(_) => None,
    }
}
