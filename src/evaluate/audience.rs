//! The part of an assessment that is about some registrations: what one owner may see.

mod foreign;

use std::collections::BTreeSet;

use super::grants::items;
use super::{open, tally};
use crate::facts::granting::Granting;
use crate::model::assessment::{Assessment, Finding, GrantItem, Run};
use crate::model::{GapKind, Grant, Resource, plural};
use foreign::{Foreign, LEFT_OUT};

/// `assessment` cut to `registrations` (names): their views, findings, questions and holes, counted anew.
/// It is marked as narrowed and says what the `verdict` of the whole was. Of the vault entries those
/// stay that a kept registration uses; what is about no registration at all is left out, unless it is a hole
/// that no single question owns: that may hide anything. A finding that is about others, too, keeps what concerns
/// the kept ones: neither names nor addresses nor places of the others are left.
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
        let mut rules = assessment.rules.iter();
        rules.find(|rule| rule.check == check)
    };
    let waived = cut.waived.iter_mut().map(|waived| &mut waived.finding);
    for finding in cut.findings.iter_mut().chain(waived) {
        foreign.finding(finding, rule(&finding.check.clone()), &kept);
    }
    for view in &mut cut.registrations {
        foreign.view(view);
    }
    cut_questions(&mut cut, &own);
    // A gap that no question owns may hide anything.
    let unowned = assessment.gaps.iter().filter(|gap| gap.questions == 0);
    let unowned = unowned.map(|gap| {
        let remedy = gap.remedy.as_ref();
        (gap.kind, &gap.seen, remedy, gap.missing.as_ref())
    });
    cut.gaps = open::gaps(unowned, &cut.unknowns);
    let unknowns = cut.unknowns.iter();
    let missing =
        unknowns.filter_map(|one| Some((one.missing.as_ref()?, Some(one.check.as_str()))));
    cut.grants = items(missing, |grant| of_the_whole(assessment, grant));
    if let Some(estate) = &mut cut.estate {
        estate.lines.retain(|name, _| registrations.contains(name));
    }
    cut.run = run(assessment, cut.registrations.len(), &foreign, verdict);
    // A list that was cut short may hide something of theirs, or of anybody.
    cut.coverage.lists.retain(|list| {
        let whose = list.registration.as_ref();
        list.cut_short.is_some() && whose.is_none_or(|name| registrations.contains(name))
    });
    cut_reasons(&mut cut, &foreign);
    // What is new since an earlier run is told of the whole only.
    tally::count(&mut cut);
    cut.checks.retain(|one| one.asked() > 0);
    let checks = &cut.checks;
    cut.rules
        .retain(|rule| checks.iter().any(|one| one.check == rule.check));
    cut
}

/// Of the questions and their answers, those about what is kept.
fn cut_questions(cut: &mut Assessment, own: &Own<'_>) {
    let kept = |resource: &Resource| own.has(resource);
    cut.unknowns.retain(|one| kept(&one.resource));
    for one in &mut cut.unknowns {
        one.registrations.retain(|name| own.kept.contains(name));
    }
    for check in &mut cut.questions {
        check.passed.retain(kept);
        for asides in [&mut check.behind_a_fail, &mut check.not_applicable] {
            for aside in &mut *asides {
                aside.resources.retain(kept);
            }
            asides.retain(|aside| !aside.resources.is_empty());
        }
    }
    cut.questions.retain(|check| {
        let asides = [&check.behind_a_fail, &check.not_applicable];
        !check.passed.is_empty() || asides.iter().any(|asides| !asides.is_empty())
    });
}

/// Of the reasons why something is not known or does not arise, those that speak of others.
fn cut_reasons(cut: &mut Assessment, foreign: &Foreign<'_>) {
    for gap in &mut cut.gaps {
        if foreign.told(&mut gap.seen, gap.kind.as_str()) {
            gap.root = None;
        }
    }
    for open in &mut cut.unknowns {
        if foreign.told(&mut open.seen, open.kind.as_str()) {
            open.root = None;
        }
    }
    for list in &mut cut.coverage.lists {
        if let Some(why) = &mut list.cut_short {
            foreign.told(why, list.kind.map_or(LEFT_OUT, GapKind::as_str));
        }
    }
    for check in &mut cut.questions {
        let asides = check.behind_a_fail.iter_mut();
        for aside in asides.chain(&mut check.not_applicable) {
            foreign.told(&mut aside.why, LEFT_OUT);
        }
    }
}

/// Which resources belong to the kept registrations.
struct Own<'a> {
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
            .flat_map(|view| view.whereabouts.entries.iter().cloned());
        let found = assessment
            .findings
            .iter()
            .chain(assessment.waived.iter().map(|waived| &waived.finding))
            .filter(|finding| finding.registrations.iter().any(|name| kept.contains(name)))
            .map(|finding| finding.resource.clone())
            .filter(|resource| !foreign.speaks(resource.path()));
        Self {
            kept,
            entries: told.chain(found).collect(),
        }
    }

    fn has(&self, resource: &Resource) -> bool {
        let Some(whose) = resource.registration_name() else {
            return self.entries.contains(resource);
        };
        self.kept.contains(whose)
    }
}

fn run(whole: &Assessment, kept: usize, foreign: &Foreign<'_>, verdict: &str) -> Run {
    let mut narrowed = format!(
        "{kept} of {}",
        plural::count(whole.registrations.len(), "registration")
    );
    if let Some(already) = &whole.run.narrowed {
        let mut already = already.into();
        foreign.told(&mut already, "a part of the estate");
        narrowed.push_str(&format!(", of a run with {already}"));
    }
    narrowed.push_str("; in total: ");
    narrowed.push_str(verdict);
    Run {
        narrowed: Some(narrowed),
        ..whole.run.clone()
    }
}

/// How the whole report says that a right is given.
fn of_the_whole(whole: &Assessment, grant: &Grant) -> Granting {
    let same = |one: &&GrantItem| {
        one.role == grant.role && one.scope == grant.scope && one.identity == grant.identity
    };
    let found = whole.grants.iter().find(same);
    found.map_or_else(Granting::default, |one| Granting {
        steps: one.steps.clone(),
        links: one.links.clone(),
    })
}

#[cfg(test)]
mod tests;
