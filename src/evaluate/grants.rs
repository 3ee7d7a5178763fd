//! What would be seen with one grant more: the missing rights and the questions that wait for each.

use std::collections::{BTreeMap, BTreeSet};

use super::gather::Asked;
use crate::evidence::Snapshot;
use crate::model::assessment::GrantItem;
use crate::model::{Gap, Grant, Outcome};

/// Every missing grant once: the one that most questions wait for first.
pub(super) fn grants(asked: &[Asked<'_>], snapshot: &Snapshot) -> Vec<GrantItem> {
    let mut waiting: BTreeMap<&Grant, (BTreeSet<&str>, usize)> = BTreeMap::new();
    for one in asked {
        if let Outcome::Unknown(Gap {
            missing: Some(grant),
            ..
        }) = &one.verdict.outcome
        {
            let (checks, questions) = waiting.entry(grant).or_default();
            checks.insert(one.planned.meta.id);
            *questions += 1;
        }
    }
    for grant in standing(snapshot).filter_map(|gap| gap.missing.as_deref()) {
        waiting.entry(grant).or_default();
    }
    items(waiting)
}

/// By right, the checks and the number of questions that wait for it.
pub(super) fn items(waiting: BTreeMap<&Grant, (BTreeSet<&str>, usize)>) -> Vec<GrantItem> {
    let mut items: Vec<GrantItem> = waiting
        .into_iter()
        .map(|(grant, (checks, questions))| GrantItem {
            role: grant.role.clone(),
            scope: grant.scope.clone(),
            identity: grant.identity.clone(),
            checks: checks.into_iter().map(str::to_owned).collect(),
            questions,
        })
        .collect();
    // Stable: equal ones stay in the order of role, scope and identity.
    items.sort_by_key(|item| std::cmp::Reverse(item.questions));
    items
}

/// Gaps that stand in the snapshot whether or not a question hangs on them.
pub(super) fn standing(snapshot: &Snapshot) -> impl Iterator<Item = &Gap> {
    let signed = snapshot
        .auditors
        .values()
        .filter_map(|auditor| auditor.signed_in.gap());
    let vaults = snapshot
        .vaults
        .values()
        .filter_map(|vault| vault.secrets.gap.as_ref());
    let directories = snapshot
        .directories
        .values()
        .filter_map(|directory| directory.applications_gap.as_ref());
    let users = snapshot
        .environments
        .values()
        .filter_map(|environment| environment.application_users.gap.as_ref());
    signed.chain(vaults).chain(directories).chain(users)
}
