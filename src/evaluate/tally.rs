//! Counting: the coverage ledger, the per-control summary, the per-check counts.

use std::collections::BTreeMap;

use crate::model::GapKind;
use crate::model::assessment::{CheckCount, ControlCount, Coverage};

/// What became of one check, as far as counting goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    Passed,
    Failed,
    /// Failed, under a waiver by itself or within its cause.
    Waived,
    Unknown(GapKind),
    NotApplicable,
}

/// The counts as they grow.
#[derive(Debug)]
pub(super) struct Tally {
    /// Without its waived, folded and registration counts.
    coverage: Coverage,
    /// Per control reference.
    controls: BTreeMap<String, ControlCount>,
    /// Per check, by id.
    checks: BTreeMap<String, CheckCount>,
}

impl Tally {
    /// `ids` are counted even where nothing was asked of them.
    pub fn new<'a>(ids: impl Iterator<Item = &'a str>) -> Self {
        Self {
            coverage: Coverage {
                unknown_by_kind: GapKind::ALL.into_iter().map(|kind| (kind, 0)).collect(),
                ..Coverage::default()
            },
            controls: BTreeMap::new(),
            checks: ids.map(|id| (id.to_owned(), none_of(id))).collect(),
        }
    }

    pub fn add<'a>(
        &mut self,
        check: &str,
        controls: impl IntoIterator<Item = &'a str>,
        counted: Counted,
    ) {
        let coverage = &mut self.coverage;
        let of_check = self
            .checks
            .entry(check.to_owned())
            .or_insert_with(|| none_of(check));
        coverage.asked += 1;
        let (all, own) = match counted {
            Counted::Passed => (&mut coverage.passed, &mut of_check.passed),
            Counted::Failed | Counted::Waived => (&mut coverage.failed, &mut of_check.failed),
            Counted::Unknown(kind) => {
                *coverage.unknown_by_kind.entry(kind).or_default() += 1;
                (&mut coverage.unknown, &mut of_check.unknown)
            }
            Counted::NotApplicable => (&mut coverage.not_applicable, &mut of_check.not_applicable),
        };
        *all += 1;
        *own += 1;
        for control in controls {
            let count = self.controls.entry(control.to_owned()).or_default();
            match counted {
                Counted::Passed => count.passed += 1,
                Counted::Failed => count.failed += 1,
                Counted::Waived => count.waived += 1,
                Counted::Unknown(_) => count.unknown += 1,
                Counted::NotApplicable => {}
            }
        }
    }

    /// The ledger, the counts per control reference, and those per check.
    pub fn counts(self) -> (Coverage, BTreeMap<String, ControlCount>, Vec<CheckCount>) {
        (
            self.coverage,
            self.controls,
            self.checks.into_values().collect(),
        )
    }
}

fn none_of(check: &str) -> CheckCount {
    CheckCount {
        check: check.to_owned(),
        passed: 0,
        failed: 0,
        unknown: 0,
        not_applicable: 0,
    }
}
