//! What a reader has to do: findings that are one task together, and the rights to grant.

use crate::model::plural::count;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::assessment::{Assessment, GrantItem, ProofStep, RungState};

/// Rungs without which an integration does nothing at all.
const STOPS: [ProofStep; 3] = [ProofStep::Vault, ProofStep::Token, ProofStep::WhoAmI];

/// The findings in their order, those of one question and one remedy together: one task, however many it hits.
pub(crate) fn tasks(assessment: &Assessment) -> Vec<Vec<usize>> {
    let mut tasks: Vec<Vec<usize>> = Vec::new();
    let mut places = BTreeMap::new();
    for (index, finding) in assessment.findings.iter().enumerate() {
        let same = (&finding.check, finding.severity, &finding.remedy);
        let place = *places.entry(same).or_insert_with(|| {
            tasks.push(Vec::new());
            tasks.len() - 1
        });
        tasks[place].push(index);
    }
    // What does not work now comes before what works and should not.
    let down: BTreeSet<&str> = assessment
        .registrations
        .iter()
        .filter(|view| {
            let mut rungs = view.rungs.iter();
            rungs.any(|rung| rung.state == RungState::Failed && STOPS.contains(&rung.name))
        })
        .map(|view| view.name.as_str())
        .collect();
    tasks.sort_by_key(|group| {
        let findings = || group.iter().map(|index| &assessment.findings[*index]);
        let mut names = findings().flat_map(|finding| &finding.registrations);
        let severity = findings().map(|finding| finding.severity).max();
        (
            std::cmp::Reverse(severity),
            !names.any(|name| down.contains(name.as_str())),
        )
    });
    tasks
}

/// A right that is missing, and what it would answer.
pub(crate) fn granting(grant: &GrantItem) -> String {
    format!(
        "Grant {} on {} to {}: answers {}",
        grant.role,
        grant.scope,
        grant.identity,
        count(grant.questions, "question")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Severity;
    use crate::report::fixture;

    #[test]
    fn what_is_down_comes_before_what_is_only_wrong() {
        let mut assessment = fixture::rich();
        let of = |name: &str, check: &str| {
            let mut finding = fixture::rich().findings[0].clone();
            finding.severity = Severity::Critical;
            finding.check = check.into();
            finding.registrations = vec![name.into()];
            finding
        };
        let works = fixture::proven("works", "prod", "production");
        let mut stands = fixture::proven("stands", "prod", "production");
        for rung in &mut stands.rungs {
            rung.state = RungState::Failed;
        }
        assessment.registrations = vec![works, stands];
        assessment.findings = vec![
            of("works", "administrator-role"),
            of("works", "administrator-role"),
            of("stands", "credential-expired"),
        ];
        assert_eq!(tasks(&assessment), [vec![2], vec![0, 1]]);
        assessment.findings[2].severity = Severity::Low;
        assert_eq!(tasks(&assessment), [vec![0, 1], vec![2]]);
    }
}
