//! What a reader has to do: findings that are one task together, and the rights to grant.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::assessment::{
    Assessment, Finding, GrantItem, ProofStep, RegistrationView, RungState,
};
use crate::model::plural::count;

/// Rungs without which an integration does nothing at all.
const STOPS: [ProofStep; 3] = [ProofStep::Vault, ProofStep::Token, ProofStep::WhoAmI];

/// Findings of one question and one remedy: one thing to do, however many it hits.
pub(crate) struct Task<'a> {
    pub first: &'a Finding,
    /// Each with its place among the findings.
    pub all: Vec<(usize, &'a Finding)>,
}

/// The tasks, worst first; what does not work now comes before what works and should not.
pub(crate) fn tasks(assessment: &Assessment) -> Vec<Task<'_>> {
    let mut tasks: Vec<Task<'_>> = Vec::new();
    let mut places = BTreeMap::new();
    for (index, finding) in assessment.findings.iter().enumerate() {
        let same = (&finding.check, finding.severity, &finding.remedy);
        let place = *places.entry(same).or_insert_with(|| {
            tasks.push(Task {
                first: finding,
                all: Vec::new(),
            });
            tasks.len() - 1
        });
        tasks[place].all.push((index, finding));
    }
    let stopped = |view: &&RegistrationView| {
        let mut rungs = view.rungs.iter();
        rungs.any(|rung| rung.state == RungState::Failed && STOPS.contains(&rung.name))
    };
    let views = assessment.registrations.iter().filter(stopped);
    let down: BTreeSet<&str> = views.map(|view| view.name.as_str()).collect();
    tasks.sort_by_key(|task| {
        let all = task.all.iter();
        let mut names = all.flat_map(|(_, finding)| &finding.registrations);
        let is_down = names.any(|name| down.contains(name.as_str()));
        std::cmp::Reverse((task.first.severity, is_down))
    });
    tasks
}

/// A right that is missing, and what it would answer.
pub(crate) fn granting(grant: &GrantItem) -> String {
    format!(
        "Grant {} on {} to {}: {} need it",
        grant.role,
        grant.scope,
        grant.identity,
        count(grant.questions, "check")
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
        let places = |assessment: &Assessment| -> Vec<Vec<usize>> {
            let all = |task: &Task<'_>| task.all.iter().map(|(index, _)| *index).collect();
            tasks(assessment).iter().map(all).collect()
        };
        assert_eq!(places(&assessment), [vec![2], vec![0, 1]]);
        assessment.findings[2].severity = Severity::Low;
        assert_eq!(places(&assessment), [vec![0, 1], vec![2]]);
    }
}
