//! Whom and what findings are about.

use crate::model::assessment::{Assessment, Finding};

/// Whom a finding is about and where: `raia in prod, erp in test and 3 more`; its resource where it is about no
/// registration.
#[must_use]
pub(crate) fn whose(assessment: &Assessment, finding: &Finding, most: usize) -> String {
    let names = &finding.registrations;
    if names.is_empty() {
        return finding.resource.to_string();
    }
    let place = |name: &String| {
        let view = assessment
            .registrations
            .iter()
            .find(|view| view.name == *name);
        view.map_or_else(
            || name.clone(),
            |view| format!("{name} in {}", view.environment),
        )
    };
    let told: Vec<String> = names.iter().take(most).map(place).collect();
    match names.len().saturating_sub(most) {
        0 => told.join(", "),
        more => format!("{} and {more} more", told.join(", ")),
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
