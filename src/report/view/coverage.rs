//! How many questions were asked, what became of them, and how far each list was read.

use crate::model::GapKind;
use crate::model::assessment::{Assessment, Coverage, ListCount};

/// The questions without an answer by kind, zeros as well: `denied 3`, `throttled 0`.
pub(crate) fn kinds(coverage: &Coverage) -> Vec<String> {
    let all = numbers(coverage);
    all.map(|(kind, number)| format!("{kind} {number}"))
        .collect()
}

/// Every kind with its number of questions.
pub(crate) fn numbers(coverage: &Coverage) -> impl Iterator<Item = (GapKind, usize)> + '_ {
    GapKind::ALL.into_iter().map(|kind| {
        let number = coverage.unknown_by_kind.get(&kind).copied();
        (kind, number.unwrap_or(0))
    })
}

/// Expectations beyond reading that nothing can try.
pub(crate) fn not_tried(assessment: &Assessment) -> usize {
    let views = &assessment.registrations;
    views.iter().map(|view| view.not_tried.len()).sum()
}

/// The lists that were read to their end, and those that were not, each with why.
pub(crate) fn lists(coverage: &Coverage) -> (Vec<&ListCount>, Vec<(&ListCount, &str)>) {
    let (mut complete, mut incomplete) = (Vec::new(), Vec::new());
    for list in &coverage.lists {
        match &list.cut_short {
            None => complete.push(list),
            Some(why) => incomplete.push((list, why.as_str())),
        }
    }
    (complete, incomplete)
}
