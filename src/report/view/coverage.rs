//! How many questions were asked, what became of them, and how far each list was read.

use super::route::orphans;
use super::run::Fact;
use crate::model::GapKind;
use crate::model::assessment::{Assessment, Coverage};
use crate::model::plural::count;

/// Every kind with its number of questions.
pub(crate) fn numbers(coverage: &Coverage) -> impl Iterator<Item = (GapKind, usize)> + '_ {
    GapKind::ALL.into_iter().map(|kind| {
        let number = coverage.unknown_by_kind.get(&kind).copied();
        (kind, number.unwrap_or(0))
    })
}

/// What stands beside the ledger of questions: zeros are shown as well.
pub(crate) fn facts(assessment: &Assessment) -> Vec<Fact> {
    let coverage = &assessment.coverage;
    let kinds: Vec<String> = numbers(coverage)
        .map(|(kind, number)| format!("{kind} {number}"))
        .collect();
    let proven = count(coverage.registrations, "registration");
    let proven = format!("{} of {proven} end to end", coverage.proven);
    let mut facts = vec![
        ("not checked", kinds.join(" \u{b7} "), false),
        ("proven", proven, false),
    ];
    let views = &assessment.registrations;
    let not_tried: usize = views.iter().map(|view| view.not_tried.len()).sum();
    if not_tried > 0 {
        let expectations = count(not_tried, "expectation");
        let text = format!(
            "{expectations} beyond reading in F&O: only a real write would show, see below"
        );
        facts.push(("not tried", text, false));
    }
    let orphans = orphans(assessment);
    if !orphans.is_empty() {
        let text = format!("no owner or contact for {}", orphans.join(", "));
        facts.push(("orphans", text, true));
    }
    let lists = coverage.lists.iter();
    let complete = lists.filter(|list| list.cut_short.is_none());
    let complete: Vec<String> = complete
        .map(|list| format!("{} {}", list.name, list.read))
        .collect();
    let whole = match complete.as_slice() {
        [] => "none".to_owned(),
        all => all.join(" \u{b7} "),
    };
    facts.push(("complete", whole, false));
    // From these nothing was concluded by absence.
    facts.extend(coverage.lists.iter().filter_map(|list| {
        let why = list.cut_short.as_ref()?;
        let text = format!("{} ({} read): {why}", list.name, list.read);
        Some(("incomplete", text, true))
    }));
    facts
}
