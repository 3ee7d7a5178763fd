//! One check, or all of them, on the tidy estate after it was spoilt.

use crate::checks::check::Check;
use crate::evidence::Snapshot;
use crate::facts::case::Context;
use crate::facts::index::Index;
pub(crate) use crate::facts::testing::tidy::*;
use crate::model::{Outcome, Verdict};

fn defaults<C: Check>() -> C::Params {
    serde_json::from_value(serde_json::json!({})).unwrap()
}

/// The check's verdicts on the tidy estate after `spoil`.
pub(super) fn judge_all<C: Check>(spoil: impl FnOnce(&mut Snapshot)) -> Vec<Verdict> {
    let mut snapshot = tidy();
    spoil(&mut snapshot);
    C::judge(
        &defaults::<C>(),
        &Context {
            snapshot: &snapshot,
            as_of: as_of(),
            index: &Index::of(&snapshot),
        },
    )
}

/// The worst outcome about `raia`.
pub(super) fn judge_raia<C: Check>(spoil: impl FnOnce(&mut Snapshot)) -> Outcome {
    let rank = |outcome: &Outcome| match outcome {
        Outcome::Fail(_) => 0,
        Outcome::Unknown(_) => 1,
        Outcome::Pass => 2,
        Outcome::NotApplicable(_) => 3,
    };
    judge_all::<C>(spoil)
        .into_iter()
        .filter(|verdict| verdict.subjects.contains(&"registration/raia".into()))
        .map(|verdict| verdict.outcome)
        .min_by_key(rank)
        .expect("a verdict about raia")
}

pub(super) fn assert_pass<C: Check>(spoil: impl FnOnce(&mut Snapshot)) {
    let outcome = judge_raia::<C>(spoil);
    assert!(matches!(outcome, Outcome::Pass), "{outcome:?}");
}

pub(super) fn assert_fail<C: Check>(spoil: impl FnOnce(&mut Snapshot)) {
    let outcome = judge_raia::<C>(spoil);
    assert!(matches!(outcome, Outcome::Fail(_)), "{outcome:?}");
}

pub(super) fn assert_unknown<C: Check>(spoil: impl FnOnce(&mut Snapshot)) {
    let outcome = judge_raia::<C>(spoil);
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
}

pub(super) fn assert_not_applicable<C: Check>(spoil: impl FnOnce(&mut Snapshot)) {
    let outcome = judge_raia::<C>(spoil);
    assert!(matches!(outcome, Outcome::NotApplicable(_)), "{outcome:?}");
}

/// What the check says of the development registration in production.
pub(super) fn cell_of<C: Check>(service: &str, spoil: impl FnOnce(&mut Snapshot)) -> Outcome {
    let resource = format!("registration/raia-dev/environment/prod/{service}");
    judge_all::<C>(spoil)
        .into_iter()
        .find(|verdict| verdict.resource.path() == resource)
        .expect("a verdict about it")
        .outcome
}
