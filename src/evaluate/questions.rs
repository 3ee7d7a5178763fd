//! The questions that no finding and no unknown tells of: passed, behind a failed step, not applicable.

use std::collections::BTreeMap;

use super::gather::Asked;
use crate::model::assessment::{Aside, CheckQuestions, Cover};
use crate::model::{Outcome, Prose, Resource, SaidBy};

/// By the words of the reason, what answers for it, and who says it instead.
type Asides = BTreeMap<(Prose, Cover, Option<SaidBy>), Vec<Resource>>;

/// Per check, by id; checks with nothing to add are left out. `behind` are those behind a failed step.
pub(super) fn besides_findings(
    asked: &[Asked<'_>],
    behind: &BTreeMap<usize, Cover>,
) -> Vec<CheckQuestions> {
    let mut checks: BTreeMap<&str, (Vec<Resource>, Asides, Asides)> = BTreeMap::new();
    for (index, one) in asked.iter().enumerate() {
        let resource = || one.verdict.resource.clone();
        let (passed, hidden, beside) = checks.entry(one.planned.meta.id).or_default();
        match (&one.verdict.outcome, behind.get(&index)) {
            (Outcome::Pass, _) => passed.push(resource()),
            (Outcome::Unknown(gap), Some(cover)) => {
                hidden
                    .entry((gap.seen.clone(), *cover, None))
                    .or_default()
                    .push(resource());
            }
            (Outcome::NotApplicable(why), _) => {
                let why = (
                    Prose::from(why.to_string()),
                    Cover::default(),
                    why.by().cloned(),
                );
                beside.entry(why).or_default().push(resource());
            }
            (Outcome::Fail(_) | Outcome::Unknown(_), _) => {}
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

fn asides(asides: Asides) -> Vec<Aside> {
    asides
        .into_iter()
        .map(|((why, cover, said_by), resources)| Aside {
            why,
            resources,
            cover,
            said_by,
        })
        .collect()
}
