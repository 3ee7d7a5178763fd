//! Root and consequence: which Fail is explained by which.

use std::collections::HashMap;

use super::gather::Asked;
use crate::model::Resource;

/// For every verdict the index of the Fail that explains it in the end; `None` for roots and for what
/// is no Fail. `apart(root, inside)` says that `inside` is no mere part of `root`: it stands on its own then,
/// and what follows from it is listed in it.
pub(super) fn roots(
    failed: &Failed<'_>,
    apart: impl Fn(usize, usize) -> bool,
) -> Vec<Option<usize>> {
    let asked = failed.asked;
    let causes: Vec<Option<usize>> = asked.iter().map(|one| failed.cause(one)).collect();
    (0..asked.len())
        .map(|index| root(&causes, &apart, index))
        .collect()
}

/// What explains what has no cycle (a test of the registry says so): the walk ends.
fn root(
    causes: &[Option<usize>],
    apart: &impl Fn(usize, usize) -> bool,
    index: usize,
) -> Option<usize> {
    let cause = causes.get(index).copied().flatten()?;
    let root = root(causes, apart, cause).unwrap_or(cause);
    (!apart(root, index)).then_some(root)
}

/// Whether what is about `all` of these credentials is about `some` of them: none named are all there are.
fn covers(all: &[Resource], some: &[Resource]) -> bool {
    all.is_empty() || some.is_empty() || includes(all, some)
}

fn includes(all: &[Resource], some: &[Resource]) -> bool {
    some.iter().all(|one| all.contains(one))
}

/// The Fails among the answers, by what they are about.
pub(super) struct Failed<'a> {
    asked: &'a [Asked<'a>],
    /// Places of those about a subject, in the registry's order.
    about: HashMap<&'a Resource, Vec<usize>>,
}

impl<'a> Failed<'a> {
    pub(super) fn of(asked: &'a [Asked<'a>]) -> Self {
        let mut about: HashMap<&Resource, Vec<usize>> = HashMap::new();
        for (place, one) in asked.iter().enumerate() {
            if one.failure().is_some() {
                for subject in &one.verdict.subjects {
                    about.entry(subject).or_default().push(place);
                }
            }
        }
        Self { asked, about }
    }

    /// The first Fail, in the registry's order, whose check explains this one's and whose subjects and
    /// credentials include all of this one's. What Dataverse lacks explains nothing in Finance & Operations,
    /// nor the other way round.
    pub(super) fn cause(&self, one: &Asked<'_>) -> Option<usize> {
        one.failure()?;
        let explains = |other: &Asked<'_>| {
            other.planned.meta.explains.contains(&one.planned.meta.id)
                && other.verdict.finops == one.verdict.finops
                && includes(&other.verdict.subjects, &one.verdict.subjects)
                && covers(&other.verdict.credentials, &one.verdict.credentials)
        };
        // Whatever explains it is about its first subject, too.
        let mut near = self.about.get(one.verdict.subjects.first()?)?.iter();
        near.find(|place| self.asked.get(**place).is_some_and(explains))
            .copied()
    }
}
