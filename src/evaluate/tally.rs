//! Counting: the coverage ledger, the per-control summary, the per-check counts.

use std::collections::BTreeMap;

use super::gather::Asked;
use crate::model::assessment::{CheckCount, ControlCount, Coverage};
use crate::model::{GapKind, Outcome};

/// The ledger without its waived, folded and registration counts.
pub(super) fn coverage(asked: &[Asked<'_>]) -> Coverage {
    let mut coverage = Coverage {
        asked: asked.len(),
        unknown_by_kind: GapKind::ALL.into_iter().map(|kind| (kind, 0)).collect(),
        ..Coverage::default()
    };
    for one in asked {
        match &one.verdict.outcome {
            Outcome::Pass => coverage.passed += 1,
            Outcome::Fail(_) => coverage.failed += 1,
            Outcome::NotApplicable(_) => coverage.not_applicable += 1,
            Outcome::Unknown(gap) => {
                coverage.unknown += 1;
                *coverage.unknown_by_kind.entry(gap.kind).or_default() += 1;
            }
        }
    }
    coverage
}

/// Per control reference; `waived` says which verdicts a waiver covers.
pub(super) fn controls(
    asked: &[Asked<'_>],
    waived: impl Fn(usize) -> bool,
) -> BTreeMap<String, ControlCount> {
    let mut controls: BTreeMap<String, ControlCount> = BTreeMap::new();
    for (index, one) in asked.iter().enumerate() {
        for control in one.planned.meta.controls {
            let count = controls.entry((*control).to_owned()).or_default();
            match &one.verdict.outcome {
                Outcome::Pass => count.passed += 1,
                Outcome::Fail(_) if waived(index) => count.waived += 1,
                Outcome::Fail(_) => count.failed += 1,
                Outcome::Unknown(_) => count.unknown += 1,
                Outcome::NotApplicable(_) => {}
            }
        }
    }
    controls
}

/// Per check, by id.
pub(super) fn checks(
    asked: &[Asked<'_>],
    ids: impl Iterator<Item = &'static str>,
) -> Vec<CheckCount> {
    let mut counts: BTreeMap<&str, CheckCount> = ids
        .map(|id| {
            let count = CheckCount {
                check: id.to_owned(),
                passed: 0,
                failed: 0,
                unknown: 0,
                not_applicable: 0,
            };
            (id, count)
        })
        .collect();
    for one in asked {
        if let Some(count) = counts.get_mut(one.planned.meta.id) {
            match &one.verdict.outcome {
                Outcome::Pass => count.passed += 1,
                Outcome::Fail(_) => count.failed += 1,
                Outcome::Unknown(_) => count.unknown += 1,
                Outcome::NotApplicable(_) => count.not_applicable += 1,
            }
        }
    }
    counts.into_values().collect()
}
