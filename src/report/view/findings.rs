//! What a finding says, whom and what it is about, and what a waiver says of it.

use crate::model::assessment::{Assessment, Finding, Waived};
use crate::model::plural::count;

/// A label and its text.
pub(crate) type Fact<'a> = (&'static str, &'a str);

/// What was seen, whom it hits, where its credential is used, and what to do.
pub(crate) fn facts(finding: &Finding) -> Vec<Fact<'_>> {
    let hits = Some(finding.hits.letters()).filter(|hits| !hits.is_empty());
    let used = finding
        .used
        .iter()
        .map(|line| ("Used in", line.said.letters()));
    [("Evidence", finding.seen.letters())]
        .into_iter()
        .chain(hits.map(|hits| ("Affects", hits)))
        .chain(used)
        .chain([("Fix", finding.remedy.letters())])
        .collect()
}

/// What follows from it: `3 findings; fixing this one clears them`.
pub(crate) fn also_causes(finding: &Finding) -> String {
    let number = finding.consequences.len();
    let them = if number == 1 { "it" } else { "them" };
    format!(
        "{}; fixing this one clears {them}",
        count(number, "finding")
    )
}

/// Every finding, then every waived one with its waiver.
pub(crate) fn all(
    assessment: &Assessment,
) -> impl Iterator<Item = (&Finding, Option<&Waived>)> + Clone {
    let findings = assessment.findings.iter().map(|finding| (finding, None));
    let waived = assessment.waived.iter();
    findings.chain(waived.map(|waived| (&waived.finding, Some(waived))))
}

/// Why it is waived, by whom and until when.
pub(crate) fn waiver(waived: &Waived) -> [(&'static str, String); 2] {
    let until = format!("by {} until the end of {}", waived.owner, waived.expires);
    [("Reason", waived.reason.clone()), ("Waived", until)]
}

/// Whom a finding is about and where: `raia in prod, erp in test and 3 more`; its resource where it is about no
/// registration.
pub(crate) fn whose(assessment: &Assessment, finding: &Finding, most: usize) -> String {
    if finding.registrations.is_empty() {
        return finding.resource.to_string();
    }
    let views = &assessment.registrations;
    named(&finding.registrations, most, |name| {
        match views.iter().find(|view| view.name == *name) {
            Some(view) => format!("{name} in {}", view.environment),
            None => name.clone(),
        }
    })
}

/// The first of a list, and how many there are besides: `raia, erp and 3 more`.
pub(crate) fn named<T>(all: &[T], most: usize, name: impl Fn(&T) -> String) -> String {
    let names: Vec<String> = all.iter().take(most).map(name).collect();
    match all.len().saturating_sub(most) {
        0 => names.join(", "),
        others => format!("{} and {others} more", names.join(", ")),
    }
}

/// Whom or what it is about, in short.
pub(crate) fn who(finding: &Finding) -> String {
    if finding.registrations.is_empty() {
        finding.resource.to_string()
    } else {
        finding.registrations.join(", ")
    }
}
