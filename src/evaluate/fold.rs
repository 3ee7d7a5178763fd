//! Root and consequence: which Fail is explained by which.

use super::gather::Asked;
use crate::model::Outcome;

/// For every verdict the index of the Fail that explains it in the end; `None` for roots and for what
/// is no Fail.
pub(super) fn roots(asked: &[Asked<'_>]) -> Vec<Option<usize>> {
    let causes: Vec<Option<usize>> = asked.iter().map(|one| cause(asked, one)).collect();
    causes
        .iter()
        .map(|first| {
            let mut root = (*first)?;
            // What explains what has no cycle (a test of the registry says so): the walk ends.
            while let Some(next) = causes.get(root).copied().flatten() {
                root = next;
            }
            Some(root)
        })
        .collect()
}

/// The first Fail, in the registry's order, whose check explains this one's and whose subjects include
/// all of this one's.
fn cause(asked: &[Asked<'_>], one: &Asked<'_>) -> Option<usize> {
    if !matches!(one.verdict.outcome, Outcome::Fail(_)) {
        return None;
    }
    asked.iter().position(|other| {
        matches!(other.verdict.outcome, Outcome::Fail(_))
            && other.planned.meta.explains.contains(&one.planned.meta.id)
            && one
                .verdict
                .subjects
                .iter()
                .all(|subject| other.verdict.subjects.contains(subject))
    })
}
