//! What is open: questions without an answer, and the gaps behind them.

use std::collections::{BTreeMap, BTreeSet};

use super::gather::Asked;
use super::grants::standing;
use super::hits::registrations;
use crate::evidence::Snapshot;
use crate::model::assessment::{Cover, GapItem, UnknownItem};
use crate::model::{GapId, GapKind, Grant, Outcome, Prose, Resource};

/// The questions without an answer.
pub(super) struct Open {
    /// Those that stand for themselves, by check and resource.
    pub unknowns: Vec<UnknownItem>,
    /// Those behind a failed step, by their place among all that was asked.
    pub behind: BTreeMap<usize, Cover>,
}

/// Tells what stands for itself from what lies behind a failed step. `cover` says what the Fail at a place
/// answers for.
pub(super) fn open(asked: &[Asked<'_>], cover: impl Fn(usize) -> Cover) -> Open {
    let steps = steps(asked, cover);
    let (mut unknowns, mut behind) = (Vec::new(), BTreeMap::new());
    for (index, one) in asked.iter().enumerate() {
        let Outcome::Unknown(gap) = &one.verdict.outcome else {
            continue;
        };
        let counts = one.planned.unknown.counts(gap);
        let step = (gap.kind == GapKind::NotReached).then(|| before(&steps, one));
        match step.flatten() {
            Some(Cover::Nothing) if !counts => behind.insert(index, Cover::Policy),
            Some(cover) => behind.insert(index, cover),
            None => {
                unknowns.push(UnknownItem {
                    check: one.planned.meta.id.to_owned(),
                    resource: one.verdict.resource.clone(),
                    kind: gap.kind,
                    seen: gap.seen.clone(),
                    remedy: gap.remedy.clone(),
                    missing: gap.missing.as_deref().cloned(),
                    counts,
                    registrations: registrations(&one.verdict.subjects),
                    root: gap.root,
                });
                None
            }
        };
    }
    unknowns
        .sort_by(|left, right| (&left.check, &left.resource).cmp(&(&right.check, &right.resource)));
    Open { unknowns, behind }
}

/// What answers best for each subject whose way is broken: in Finance & Operations, or in all else.
type Steps<'a> = BTreeMap<(bool, &'a Resource), Cover>;

fn steps<'a>(asked: &'a [Asked<'_>], cover: impl Fn(usize) -> Cover) -> Steps<'a> {
    let mut steps = Steps::new();
    let failed = asked.iter().enumerate();
    for (index, one) in failed.filter(|(_, one)| one.failure().is_some()) {
        let stops = one.planned.check.stops;
        for finops in [false, true]
            .into_iter()
            .filter(|finops| stops.hides(*finops))
        {
            let cover = cover(index);
            for subject in &one.verdict.subjects {
                let best = steps.entry((finops, subject)).or_insert(cover);
                *best = cover.min(*best);
            }
        }
    }
    steps
}

/// What answers for a question; `None` where no step before it failed.
fn before(steps: &Steps<'_>, one: &Asked<'_>) -> Option<Cover> {
    let subjects = one.verdict.subjects.iter();
    let covers = subjects.filter_map(|subject| steps.get(&(one.verdict.finops, subject)));
    covers.min().copied()
}

/// What hangs on one gap.
#[derive(Default)]
struct Hanging<'a> {
    questions: usize,
    checks: BTreeSet<&'a String>,
    registrations: BTreeSet<&'a String>,
    root: Option<GapId>,
}

/// What tells one gap from another.
type Key<'a> = (GapKind, &'a Prose, Option<&'a Prose>, Option<&'a Grant>);

/// The gaps that stand in a snapshot whether or not a question hangs on them.
pub(super) fn standing_keys(snapshot: &Snapshot) -> impl Iterator<Item = Key<'_>> {
    standing(snapshot).map(|gap| {
        let remedy = gap.remedy.as_ref();
        (gap.kind, &gap.seen, remedy, gap.missing.as_deref())
    })
}

/// Every gap once, with the questions it leaves open; those of `standing` even where they leave none open.
pub(super) fn gaps<'a>(
    standing: impl Iterator<Item = Key<'a>>,
    unknowns: &'a [UnknownItem],
) -> Vec<GapItem> {
    let mut open: BTreeMap<Key<'_>, Hanging<'_>> = BTreeMap::new();
    for unknown in unknowns {
        let remedy = unknown.remedy.as_ref();
        let hanging = open
            .entry((
                unknown.kind,
                &unknown.seen,
                remedy,
                unknown.missing.as_ref(),
            ))
            .or_default();
        hanging.questions += 1;
        hanging.checks.insert(&unknown.check);
        hanging.registrations.extend(&unknown.registrations);
        hanging.root = hanging.root.or(unknown.root);
    }
    for gap in standing {
        open.entry(gap).or_default();
    }
    let mut gaps: Vec<GapItem> = open
        .into_iter()
        .map(|((kind, seen, remedy, missing), hanging)| GapItem {
            kind,
            seen: seen.clone(),
            remedy: remedy.cloned(),
            missing: missing.cloned(),
            questions: hanging.questions,
            registrations: hanging.registrations.into_iter().cloned().collect(),
            checks: hanging.checks.into_iter().cloned().collect(),
            root: hanging.root,
        })
        .collect();
    gaps.sort_by(|left, right| {
        (right.questions, left.kind, &left.seen).cmp(&(left.questions, right.kind, &right.seen))
    });
    gaps
}
