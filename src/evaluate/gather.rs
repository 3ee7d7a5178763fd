//! Asking every planned check, and bringing its verdicts into one order.

use std::collections::BTreeMap;

use super::plan::{Plan, Planned};
use crate::facts::case::Context;
use crate::model::outcome::Failure;
use crate::model::{Outcome, Resource, Verdict, Why};

/// One verdict with the check that gave it.
#[derive(Debug)]
pub(super) struct Asked<'p> {
    pub planned: &'p Planned,
    pub verdict: Verdict,
}

impl Asked<'_> {
    /// What it tells, where the check failed.
    pub(super) fn failure(&self) -> Option<&Failure> {
        self.verdict.outcome.failure()
    }
}

/// Every verdict of the plan, by check (in the registry's order), then resource; one a resource.
pub(super) fn gather<'p>(plan: &'p Plan, context: &Context<'_>) -> Vec<Asked<'p>> {
    plan.checks
        .iter()
        .flat_map(|planned| {
            let mut by_resource: BTreeMap<Resource, Verdict> = BTreeMap::new();
            for verdict in (planned.judge)(context) {
                let verdict = within_tiers(planned, context, verdict);
                match by_resource.get_mut(&verdict.resource) {
                    Some(known) => merge(known, verdict),
                    None => {
                        by_resource.insert(verdict.resource.clone(), verdict);
                    }
                }
            }
            by_resource
                .into_values()
                .map(move |verdict| Asked { planned, verdict })
        })
        .collect()
}

/// Two verdicts about one resource (a vault entry that two registrations use) are one: the worse
/// outcome about both.
fn merge(known: &mut Verdict, other: Verdict) {
    let rank = |outcome: &Outcome| match outcome {
        Outcome::Fail(_) => 0,
        Outcome::Unknown(_) => 1,
        Outcome::Pass => 2,
        Outcome::NotApplicable(_) => 3,
    };
    known.subjects.extend(other.subjects);
    known.subjects.sort();
    known.subjects.dedup();
    known.credentials = match (known.credentials.is_empty(), other.credentials.is_empty()) {
        (false, false) => [std::mem::take(&mut known.credentials), other.credentials].concat(),
        _ => Vec::new(),
    };
    if rank(&other.outcome) < rank(&known.outcome) {
        known.outcome = other.outcome;
    }
}

/// A check that the policy keeps to some tiers does not apply to registrations of the others.
fn within_tiers(planned: &Planned, context: &Context<'_>, mut verdict: Verdict) -> Verdict {
    let Some(tiers) = &planned.tiers else {
        return verdict;
    };
    let judged = verdict.subjects.iter().any(|subject| {
        subject
            .registration_name()
            .and_then(|name| context.case(name))
            .is_none_or(|case| tiers.contains(&case.environment.tier))
    });
    if !judged {
        let names: Vec<&str> = tiers.iter().map(|tier| tier.as_str()).collect();
        verdict.outcome = Outcome::NotApplicable(Why::from(format!(
            "the policy asks this of {} only",
            names.join(" and ")
        )));
    }
    verdict
}
