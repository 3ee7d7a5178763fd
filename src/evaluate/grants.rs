//! What would be seen with one grant more: the missing rights and the questions that wait for each.

use std::collections::{BTreeMap, BTreeSet};

use super::gather::Asked;
use crate::evidence::Snapshot;
use crate::facts::granting::{Granting, granting};
use crate::model::assessment::GrantItem;
use crate::model::{Gap, Grant, Outcome};

/// Every right that is missing in an audit, by questions and by what else was to be read.
pub(super) fn grants(asked: &[Asked<'_>], snapshot: &Snapshot) -> Vec<GrantItem> {
    let asked = asked.iter().filter_map(|one| match &one.verdict.outcome {
        Outcome::Unknown(gap) => Some((gap.missing.as_deref()?, Some(one.planned.meta.id))),
        _ => None,
    });
    let standing = standing(snapshot).filter_map(|gap| Some((gap.missing.as_deref()?, None)));
    items(asked.chain(standing), |grant| {
        granting(grant, &snapshot.estate)
    })
}

/// Every missing right once, the one that most questions wait for first: each question by its check. `how` tells what
/// gives it.
pub(super) fn items<'a>(
    missing: impl Iterator<Item = (&'a Grant, Option<&'a str>)>,
    how: impl Fn(&Grant) -> Granting,
) -> Vec<GrantItem> {
    let mut waiting: BTreeMap<&Grant, (BTreeSet<&str>, usize)> = BTreeMap::new();
    for (grant, check) in missing {
        let (checks, questions) = waiting.entry(grant).or_default();
        checks.extend(check);
        *questions += usize::from(check.is_some());
    }
    let mut items: Vec<GrantItem> = waiting
        .into_iter()
        .map(|(grant, (checks, questions))| {
            let Granting { steps, links } = how(grant);
            GrantItem {
                role: grant.role.clone(),
                scope: grant.scope.clone(),
                identity: grant.identity.clone(),
                checks: checks.into_iter().map(str::to_owned).collect(),
                questions,
                steps,
                links,
            }
        })
        .collect();
    // Stable: equal ones stay in the order of role, scope and identity.
    items.sort_by_key(|item| std::cmp::Reverse(item.questions));
    items
}

/// Gaps that stand in the snapshot whether or not a question hangs on them.
pub(super) fn standing(snapshot: &Snapshot) -> impl Iterator<Item = &Gap> {
    let auditors = snapshot.auditors.values();
    let vaults = snapshot.vaults.values();
    let directories = snapshot.directories.values();
    let environments = snapshot.environments.values();
    (auditors.filter_map(|one| one.signed_in.gap()))
        .chain(vaults.filter_map(|one| one.secrets.gap.as_ref()))
        .chain(directories.filter_map(|one| one.applications_gap.as_ref()))
        .chain(environments.filter_map(|one| one.application_users.gap.as_ref()))
}
