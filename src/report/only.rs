//! The part of an assessment that is about some registrations: what one owner gets to see.

mod foreign;

use crate::model::Resource;
use crate::model::plural;
use std::collections::{BTreeMap, BTreeSet};

use super::view::verdict;
use crate::model::GapKind;
use crate::model::assessment::{
    Answer, Assessment, CheckCount, CheckQuestions, ControlCount, Coverage, Finding, GapItem,
    GrantItem, Run, UnknownItem,
};
use foreign::Foreign;

/// `assessment` cut to `registrations` (names): their views, findings, questions and holes, counted anew.
/// It is marked as narrowed and says in words what the verdict of the whole was. Of the vault entries those
/// stay that a kept registration uses; what is about no registration at all is left out, unless it is a hole
/// that no single question owns: that may hide anything. A finding that is about others, too, keeps what concerns
/// the kept ones: neither names nor addresses nor places of the others are left.
#[must_use]
pub fn only(assessment: &Assessment, registrations: &BTreeSet<String>) -> Assessment {
    let foreign = Foreign::of(assessment, registrations);
    let own = Own::of(assessment, registrations, &foreign);
    let finding = |finding: &Finding| {
        let mut names = finding.registrations.iter();
        names.any(|name| registrations.contains(name))
    };
    let kept = |resource: &Resource| own.has(resource);
    let mut cut = assessment.clone();
    cut.registrations
        .retain(|view| registrations.contains(&view.name));
    cut.findings.retain(finding);
    cut.waived.retain(|waived| finding(&waived.finding));
    let rule = |check: &str| {
        let rule = assessment.rules.iter().find(|rule| rule.check == check);
        rule.map(|rule| rule.remediation.as_str())
    };
    let waived = cut.waived.iter_mut().map(|waived| &mut waived.finding);
    for finding in cut.findings.iter_mut().chain(waived) {
        foreign.finding(finding, rule(&finding.check.clone()), &kept);
    }
    for view in &mut cut.registrations {
        foreign.view(view);
    }
    cut.unknowns.retain(|one| kept(&one.resource));
    for one in &mut cut.unknowns {
        one.registrations
            .retain(|name| registrations.contains(name));
    }
    for check in &mut cut.questions {
        check.passed.retain(|resource| kept(resource));
        for aside in check
            .behind_a_fail
            .iter_mut()
            .chain(&mut check.not_applicable)
        {
            aside.resources.retain(|resource| kept(resource));
        }
        check
            .behind_a_fail
            .retain(|aside| !aside.resources.is_empty());
        check
            .not_applicable
            .retain(|aside| !aside.resources.is_empty());
    }
    cut.questions.retain(|check| *check != empty(&check.check));
    cut.gaps = gaps(&assessment.gaps, &cut.unknowns);
    cut.grants = grants(&cut.unknowns);
    for gap in &mut cut.gaps {
        foreign.told(&mut gap.seen, gap.kind.as_str());
    }
    for open in &mut cut.unknowns {
        foreign.told(&mut open.seen, open.kind.as_str());
    }
    if let Some(estate) = &mut cut.estate {
        estate.lines.retain(|name, _| registrations.contains(name));
    }
    cut.run = run(assessment, cut.registrations.len(), &foreign);
    count(&mut cut);
    // What is new since an earlier run is told of the whole only.
    cut.settle();
    cut
}

fn empty(check: &str) -> CheckQuestions {
    CheckQuestions {
        check: check.to_owned(),
        ..CheckQuestions::default()
    }
}

/// Which resources belong to the kept registrations.
struct Own<'a> {
    whole: &'a Assessment,
    kept: &'a BTreeSet<String>,
    /// `vault-entry/crm-prod/raia-secret`.
    entries: BTreeSet<Resource>,
}

impl<'a> Own<'a> {
    fn of(assessment: &'a Assessment, kept: &'a BTreeSet<String>, foreign: &Foreign<'_>) -> Self {
        let views = &assessment.registrations;
        let told = views
            .iter()
            .filter(|view| kept.contains(&view.name))
            .flat_map(|view| &view.whereabouts.lines)
            .filter_map(|line| entry(line));
        let found = assessment
            .findings
            .iter()
            .chain(assessment.waived.iter().map(|waived| &waived.finding))
            .filter(|finding| finding.registrations.iter().any(|name| kept.contains(name)))
            .map(|finding| finding.resource.clone())
            .filter(|resource| !foreign.speaks(resource.path()));
        Self {
            whole: assessment,
            kept,
            entries: told.chain(found).collect(),
        }
    }

    fn has(&self, resource: &Resource) -> bool {
        if resource.registration_name().is_none() {
            return self.entries.contains(resource);
        }
        let whose = self.whole.registration_of(resource);
        whose.is_some_and(|view| self.kept.contains(&view.name))
    }
}

/// The resource of `vault crm-prod, secret raia-secret: its credential (named in the estate)`.
fn entry(line: &str) -> Option<Resource> {
    let (vault, rest) = line.strip_prefix("vault ")?.split_once(", ")?;
    let (_, name) = rest.split_once(' ')?;
    // The names of vault entries are letters, digits and hyphens.
    let end = name
        .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-')
        .unwrap_or(name.len());
    Some(Resource::vault_entry(vault, &name[..end]))
}

/// Holes with a question that is kept, and those that no question owns.
fn gaps(all: &[GapItem], unknowns: &[UnknownItem]) -> Vec<GapItem> {
    all.iter()
        .filter_map(|gap| {
            let behind: Vec<&UnknownItem> = unknowns
                .iter()
                .filter(|one| {
                    (one.kind, &one.seen, &one.remedy, &one.missing)
                        == (gap.kind, &gap.seen, &gap.remedy, &gap.missing)
                })
                .collect();
            if behind.is_empty() && gap.questions > 0 {
                return None;
            }
            let checks: BTreeSet<&String> = behind.iter().map(|one| &one.check).collect();
            let names: BTreeSet<&String> =
                behind.iter().flat_map(|one| &one.registrations).collect();
            Some(GapItem {
                questions: behind.len(),
                checks: checks.into_iter().cloned().collect(),
                registrations: names.into_iter().cloned().collect(),
                ..gap.clone()
            })
        })
        .collect()
}

/// The rights that kept questions wait for, the one that most wait for first.
fn grants(unknowns: &[UnknownItem]) -> Vec<GrantItem> {
    let mut waiting = BTreeMap::new();
    for one in unknowns {
        if let Some(grant) = &one.missing {
            waiting
                .entry(grant)
                .or_insert_with(Vec::new)
                .push(&one.check);
        }
    }
    let mut grants: Vec<GrantItem> = waiting
        .into_iter()
        .map(|(grant, checks)| GrantItem {
            role: grant.role.clone(),
            scope: grant.scope.clone(),
            identity: grant.identity.clone(),
            questions: checks.len(),
            checks: checks
                .into_iter()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .cloned()
                .collect(),
        })
        .collect();
    grants.sort_by_key(|grant| std::cmp::Reverse(grant.questions));
    grants
}

fn run(whole: &Assessment, kept: usize, foreign: &Foreign<'_>) -> Run {
    let mut narrowed = format!(
        "{kept} of {}",
        plural::count(whole.registrations.len(), "registration")
    );
    if let Some(already) = &whole.run.narrowed {
        let mut already = already.clone();
        foreign.told(&mut already, "a part of the estate");
        narrowed.push_str(&format!(", of a run with {already}"));
    }
    narrowed.push_str("; the whole: ");
    narrowed.push_str(&verdict::nameless_verdict(whole).join(", "));
    Run {
        narrowed: Some(narrowed),
        ..whole.run.clone()
    }
}

/// Counts the questions that are left: in all, by check and by control.
fn count(cut: &mut Assessment) {
    let mut checks: BTreeMap<String, CheckCount> = BTreeMap::new();
    let mut controls: BTreeMap<String, ControlCount> = BTreeMap::new();
    let mut coverage = Coverage {
        registrations: cut.registrations.len(),
        proven: cut
            .registrations
            .iter()
            .filter(|view| view.is_proven())
            .count(),
        unknown_by_kind: GapKind::ALL.into_iter().map(|kind| (kind, 0)).collect(),
        ..Coverage::default()
    };
    for (check, resources) in cut.answers() {
        let of_check = checks
            .entry(check.to_owned())
            .or_insert_with(|| CheckCount {
                check: check.to_owned(),
                passed: 0,
                failed: 0,
                unknown: 0,
                not_applicable: 0,
            });
        let rule = cut.rules.iter().find(|rule| rule.check == check);
        for answer in resources.into_values() {
            coverage.asked += 1;
            let mut control = ControlCount::default();
            match answer {
                Answer::Passed => {
                    coverage.passed += 1;
                    of_check.passed += 1;
                    control.passed = 1;
                }
                Answer::Failed(_) | Answer::Consequence(..) => {
                    coverage.failed += 1;
                    of_check.failed += 1;
                    control.failed = 1;
                    coverage.consequences += usize::from(matches!(answer, Answer::Consequence(..)));
                }
                Answer::Waived(_) | Answer::WaivedConsequence(..) => {
                    coverage.failed += 1;
                    of_check.failed += 1;
                    control.waived = 1;
                    if matches!(answer, Answer::Waived(_)) {
                        coverage.waived += 1;
                    } else {
                        coverage.consequences += 1;
                    }
                }
                Answer::Unknown(_) | Answer::BehindAFail(..) => {
                    let kind = match answer {
                        Answer::Unknown(one) => one.kind,
                        _ => GapKind::NotReached,
                    };
                    coverage.unknown += 1;
                    coverage.behind_a_fail +=
                        usize::from(matches!(answer, Answer::BehindAFail(..)));
                    *coverage.unknown_by_kind.entry(kind).or_default() += 1;
                    of_check.unknown += 1;
                    control.unknown = 1;
                }
                Answer::NotApplicable(_) => {
                    coverage.not_applicable += 1;
                    of_check.not_applicable += 1;
                }
            }
            for id in rule
                .map(|rule| rule.controls.as_slice())
                .unwrap_or_default()
            {
                let all = controls.entry(id.clone()).or_default();
                all.passed += control.passed;
                all.failed += control.failed;
                all.unknown += control.unknown;
                all.waived += control.waived;
            }
        }
    }
    // A list cut short may hide something of anybody.
    coverage.lists = cut
        .coverage
        .lists
        .iter()
        .filter(|list| list.cut_short.is_some())
        .filter(|list| match &list.registration {
            Some(name) => cut.registrations.iter().any(|view| view.name == *name),
            None => true,
        })
        .cloned()
        .collect();
    cut.coverage = coverage;
    cut.checks = checks.into_values().collect();
    cut.controls = controls;
    cut.rules
        .retain(|rule| cut.checks.iter().any(|one| one.check == rule.check));
}

#[cfg(test)]
mod tests;
