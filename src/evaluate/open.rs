//! What is open: questions without an answer, and the gaps behind them.

use std::collections::{BTreeMap, BTreeSet};

use super::gather::Asked;
use super::grants::standing;
use super::ladder;
use crate::evidence::Snapshot;
use crate::model::assessment::{GapItem, UnknownItem};
use crate::model::{GapKind, Grant, Outcome};

/// What could not be judged, without what lies behind a failed rung.
pub(super) fn unknowns(asked: &[Asked<'_>]) -> Vec<UnknownItem> {
    let broken: Vec<&Asked<'_>> = asked
        .iter()
        .filter(|one| matches!(one.verdict.outcome, Outcome::Fail(_)))
        .filter(|one| ladder::breaks(one.planned.meta))
        .collect();
    let broken_for = |finops: bool| -> BTreeSet<&String> {
        let reaches = |one: &&&Asked<'_>| !finops || ladder::breaks_finops(one.planned.meta);
        let broken = broken.iter().filter(reaches);
        broken.flat_map(|one| &one.verdict.subjects).collect()
    };
    let (in_general, in_finops) = (broken_for(false), broken_for(true));
    let mut unknowns: Vec<UnknownItem> = asked
        .iter()
        .filter_map(|one| {
            let Outcome::Unknown(gap) = &one.verdict.outcome else {
                return None;
            };
            let broken = if ladder::is_about_finops(one.planned.meta, &one.verdict.resource) {
                &in_finops
            } else {
                &in_general
            };
            let behind = gap.kind == GapKind::NotReached
                && one
                    .verdict
                    .subjects
                    .iter()
                    .any(|subject| broken.contains(subject));
            (!behind).then(|| UnknownItem {
                check: one.planned.meta.id.to_owned(),
                resource: one.verdict.resource.clone(),
                kind: gap.kind,
                seen: gap.seen.clone(),
                remedy: gap.remedy.clone(),
                missing: gap.missing.as_deref().cloned(),
                counts: one.planned.unknown_counts,
                registrations: named(&one.verdict.subjects),
            })
        })
        .collect();
    unknowns
        .sort_by(|left, right| (&left.check, &left.resource).cmp(&(&right.check, &right.resource)));
    unknowns
}

/// The registrations among the subjects, by name.
fn named(subjects: &[String]) -> Vec<String> {
    let names = subjects
        .iter()
        .filter_map(|subject| subject.strip_prefix("registration/"));
    names.map(str::to_owned).collect()
}

/// What hangs on one gap.
#[derive(Default)]
struct Hanging<'a> {
    checks: Vec<&'a str>,
    registrations: BTreeSet<&'a String>,
}

/// Every gap once, with the questions it leaves open; gaps that leave none open are shown too.
pub(super) fn gaps(snapshot: &Snapshot, unknowns: &[UnknownItem]) -> Vec<GapItem> {
    type Key<'a> = (GapKind, &'a str, Option<&'a str>, Option<&'a Grant>);
    let mut open: BTreeMap<Key<'_>, Hanging<'_>> = BTreeMap::new();
    for unknown in unknowns {
        let gap = (
            unknown.kind,
            unknown.seen.as_str(),
            unknown.remedy.as_deref(),
            unknown.missing.as_ref(),
        );
        let hanging = open.entry(gap).or_default();
        hanging.checks.push(&unknown.check);
        hanging.registrations.extend(&unknown.registrations);
    }
    for gap in standing(snapshot) {
        let (seen, remedy) = (gap.seen.as_str(), gap.remedy.as_deref());
        open.entry((gap.kind, seen, remedy, gap.missing.as_deref()))
            .or_default();
    }
    let mut gaps: Vec<GapItem> = open
        .into_iter()
        .map(|((kind, seen, remedy, missing), hanging)| GapItem {
            kind,
            seen: seen.to_owned(),
            remedy: remedy.map(str::to_owned),
            missing: missing.cloned(),
            questions: hanging.checks.len(),
            registrations: hanging.registrations.into_iter().cloned().collect(),
            checks: hanging
                .checks
                .into_iter()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .map(str::to_owned)
                .collect(),
        })
        .collect();
    gaps.sort_by(|left, right| {
        (right.questions, left.kind, &left.seen).cmp(&(left.questions, right.kind, &right.seen))
    });
    gaps
}
