//! The questions that no finding and no unknown tells of: passed, behind a failed step, not applicable.

use std::collections::{BTreeMap, BTreeSet};

use super::gather::Asked;
use crate::model::Outcome;
use crate::model::assessment::{Aside, CheckQuestions, UnknownItem};

type Asides<'a> = BTreeMap<&'a str, Vec<String>>;

/// Per check, by id; checks with nothing to add are left out. `unknowns` are those that are told elsewhere.
pub(super) fn rest(asked: &[Asked<'_>], unknowns: &[UnknownItem]) -> Vec<CheckQuestions> {
    let told: BTreeSet<(&str, &str)> = unknowns
        .iter()
        .map(|unknown| (unknown.check.as_str(), unknown.resource.as_str()))
        .collect();
    let mut checks: BTreeMap<&str, (Vec<String>, Asides<'_>, Asides<'_>)> = BTreeMap::new();
    for one in asked {
        let (check, resource) = (one.planned.meta.id, &one.verdict.resource);
        let (passed, behind, beside) = checks.entry(check).or_default();
        match &one.verdict.outcome {
            Outcome::Pass => passed.push(resource.clone()),
            Outcome::Unknown(gap) if !told.contains(&(check, resource.as_str())) => {
                behind.entry(&gap.seen).or_default().push(resource.clone());
            }
            Outcome::NotApplicable(why) => beside.entry(why).or_default().push(resource.clone()),
            Outcome::Fail(_) | Outcome::Unknown(_) => {}
        }
    }
    checks
        .into_iter()
        .filter(|(_, (passed, behind, beside))| {
            !(passed.is_empty() && behind.is_empty() && beside.is_empty())
        })
        .map(|(check, (passed, behind, beside))| CheckQuestions {
            check: check.to_owned(),
            passed,
            behind_a_fail: asides(behind),
            not_applicable: asides(beside),
        })
        .collect()
}

fn asides(asides: Asides<'_>) -> Vec<Aside> {
    asides
        .into_iter()
        .map(|(why, resources)| Aside {
            why: why.to_owned(),
            resources,
        })
        .collect()
}
