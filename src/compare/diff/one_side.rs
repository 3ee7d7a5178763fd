//! What is open, or was not read to its end, on one side only.

use std::collections::BTreeSet;

use super::open;
use crate::model::diff::{CutShort, Question};
use crate::model::{Assessment, Resource};

/// Open questions that are not open in `other`.
pub(crate) fn only_in(this: &Assessment, other: &Assessment) -> Vec<Question> {
    let known: BTreeSet<(String, Resource)> =
        open(other).map(|one| (one.check, one.resource)).collect();
    let mut questions: Vec<Question> = open(this)
        .filter(|one| !known.contains(&(one.check.clone(), one.resource.clone())))
        .collect();
    questions.sort();
    questions
}

/// Lists that make this run incomplete and not `other`.
pub(crate) fn cut_short_only_in(this: &Assessment, other: &Assessment) -> Vec<CutShort> {
    let lists = other.coverage.lists.iter().filter(|list| list.counts);
    let known: BTreeSet<&str> = lists.map(|list| list.name.as_str()).collect();
    let lists = this.coverage.lists.iter().filter(|list| list.counts);
    lists
        .filter(|list| !known.contains(list.name.as_str()))
        .map(|list| CutShort {
            list: list.name.clone(),
            read: list.read,
            seen: list.cut_short.clone().unwrap_or_default(),
        })
        .collect()
}
