//! Counting: the coverage ledger, the per-control summary, the per-check counts.

use std::collections::BTreeMap;

use super::gather::Asked;
use crate::evidence::Snapshot;
use crate::model::assessment::{CheckCount, ControlCount, Coverage, ListCount};
use crate::model::{Gap, GapKind, Outcome};

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

/// How far each list was read.
pub(super) fn lists(snapshot: &Snapshot) -> Vec<ListCount> {
    let line = |name: String, read: usize, gap: Option<&Gap>| ListCount {
        name,
        read,
        cut_short: gap.map(|gap| gap.seen.clone()),
    };
    let mut lists = Vec::new();
    for (name, tenant) in &snapshot.directories {
        let gap = tenant.applications_gap.as_ref();
        if tenant.applications_read == 0 && gap.is_none() {
            // Nothing was asked there: neither read whole nor cut short.
            continue;
        }
        lists.push(line(
            format!("applications of tenant {name}"),
            tenant.applications_read,
            gap,
        ));
    }
    for (name, vault) in &snapshot.vaults {
        lists.push(line(
            format!("secrets of vault {name}"),
            vault.secrets.items.len(),
            vault.secrets.gap.as_ref(),
        ));
    }
    for (name, environment) in &snapshot.environments {
        let users = &environment.application_users;
        lists.push(line(
            format!("application users of environment {name}"),
            users.items.len(),
            users.gap.as_ref(),
        ));
        if let Some(clients) = &environment.finops_clients {
            lists.push(line(
                format!("F&O clients of environment {name}"),
                clients.items.len(),
                clients.gap.as_ref(),
            ));
        }
    }
    lists
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
