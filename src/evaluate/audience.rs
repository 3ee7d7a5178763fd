//! The part of an assessment that is about some registrations: what one owner may see.

mod foreign;

use std::collections::{BTreeMap, BTreeSet};

use super::grants::items;
use super::tally::{Counted, Tally};
use crate::model::assessment::{
    Answer, Assessment, CheckQuestions, Coverage, Finding, GapItem, GrantItem, ListCount, Run,
    UnknownItem,
};
use crate::model::{GapKind, Grant, Resource, plural};
use foreign::Foreign;

/// `assessment` cut to `registrations` (names): their views, findings, questions and holes, counted anew.
/// It is marked as narrowed and says what the `verdict` of the whole was. Of the vault entries those
/// stay that a kept registration uses; what is about no registration at all is left out, unless it is a hole
/// that no single question owns: that may hide anything. A finding that is about others, too, keeps what concerns
/// the kept ones: neither names nor addresses nor places of the others are left.
#[must_use]
pub fn audience(
    assessment: &Assessment,
    registrations: &BTreeSet<String>,
    verdict: &str,
) -> Assessment {
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
    cut.run = run(assessment, cut.registrations.len(), &foreign, verdict);
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
    let mut waiting: BTreeMap<&Grant, (BTreeSet<&str>, usize)> = BTreeMap::new();
    for one in unknowns {
        if let Some(grant) = &one.missing {
            let (checks, questions) = waiting.entry(grant).or_default();
            checks.insert(&one.check);
            *questions += 1;
        }
    }
    items(waiting)
}

fn run(whole: &Assessment, kept: usize, foreign: &Foreign<'_>, verdict: &str) -> Run {
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
    narrowed.push_str(verdict);
    Run {
        narrowed: Some(narrowed),
        ..whole.run.clone()
    }
}

/// Counts the questions that are left: in all, by check and by control.
fn count(cut: &mut Assessment) {
    let mut tally = Tally::new(std::iter::empty());
    let (mut consequences, mut behind) = (0, 0);
    for (check, resources) in cut.answers() {
        let rule = cut.rules.iter().find(|rule| rule.check == check);
        let controls = rule.map_or(&[][..], |rule| rule.controls.as_slice());
        for answer in resources.into_values() {
            let counted = match answer {
                Answer::Passed => Counted::Passed,
                Answer::Failed(_) | Answer::Consequence(..) => Counted::Failed,
                Answer::Waived(_) | Answer::WaivedConsequence(..) => Counted::Waived,
                Answer::Unknown(one) => Counted::Unknown(one.kind),
                Answer::BehindAFail(..) => Counted::Unknown(GapKind::NotReached),
                Answer::NotApplicable(_) => Counted::NotApplicable,
            };
            match answer {
                Answer::Consequence(..) | Answer::WaivedConsequence(..) => consequences += 1,
                Answer::BehindAFail(..) => behind += 1,
                _ => {}
            }
            tally.add(check, controls.iter().map(String::as_str), counted);
        }
    }
    let (coverage, controls, checks) = tally.counts();
    let views = &cut.registrations;
    cut.coverage = Coverage {
        consequences,
        waived: cut.waived.len(),
        behind_a_fail: behind,
        registrations: views.len(),
        proven: views.iter().filter(|view| view.is_proven()).count(),
        lists: lists(cut),
        ..coverage
    };
    (cut.checks, cut.controls) = (checks, controls);
    cut.rules
        .retain(|rule| cut.checks.iter().any(|one| one.check == rule.check));
}

/// Lists that were cut short and may hide something of the kept ones: of theirs, or of anybody.
fn lists(cut: &Assessment) -> Vec<ListCount> {
    let mut lists = cut.coverage.lists.clone();
    let kept = |name: &String| cut.registrations.iter().any(|view| view.name == *name);
    lists.retain(|list| list.cut_short.is_some() && list.registration.as_ref().is_none_or(kept));
    lists
}

#[cfg(test)]
mod tests;
