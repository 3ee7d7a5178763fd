//! From verdicts to the assessment: severities, consequences, waivers, gaps, the verdict.

use crate::model::Prose;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::fold::Failed;
use super::gather::{Asked, gather};
use super::grants::grants;
use super::hits::{hits, of_one, registrations, remedy};
use super::plan::Plan;
use super::views::views;
use super::{fold, lists, open, questions, tally, waivers};
use crate::checks::isolation::auditor_spans_tiers::tiers_read;
use crate::evidence::Snapshot;
use crate::facts::case::{Context, left_out};
use crate::facts::index::Index;
use crate::facts::rotation::view::next_steps;
use crate::model::assessment::{
    Consequence, Cover, Coverage, FORMAT, Finding, OverallVerdict, Rule, Run, Step, Urgency,
    Waived, fingerprint,
};
use crate::model::outcome::Failure;
use crate::model::{Assessment, NextSteps, Observed, Resource, Severity, Tier};
use crate::policy::Waiver;
use crate::where_used::map::Map;

/// Judges a snapshot. `as_of` moves the judging, never the collecting; without it the time of
/// collecting counts, by the services' clock. What the snapshot leaves out of its own estate is unknown, not passed over.
pub fn assess(plan: &Plan, snapshot: &Snapshot, as_of: Option<DateTime<Utc>>) -> Assessment {
    let snapshot = &*snapshot.whole(left_out);
    let context = Context {
        snapshot,
        as_of: as_of.unwrap_or_else(|| snapshot.as_of()),
        index: &Index::of(snapshot),
    };
    let mut asked = gather(plan, &context);
    waivers::ask(plan, &context, &mut asked);
    let failed = Failed::of(&asked);
    let mut judge = Judge {
        plan,
        context,
        asked: &asked,
        failed: &failed,
        roots: Vec::new(),
        inside: BTreeMap::new(),
        map: Map::new(snapshot),
    };
    judge.roots = fold::roots(&failed, |root, inside| judge.outweighs(root, inside));
    for (index, root) in judge.roots.iter().enumerate() {
        if let Some(root) = root {
            judge.inside.entry(*root).or_default().push(index);
        }
    }
    judge.assessment(as_of.is_some())
}

/// By the place of a root: what it weighs in the end, and whether a waiver covers it.
type Standing = BTreeMap<usize, (Severity, bool)>;

/// What was found.
#[derive(Default)]
struct Found {
    findings: Vec<Finding>,
    waived: Vec<Waived>,
    standing: Standing,
}

struct Judge<'a> {
    plan: &'a Plan,
    context: Context<'a>,
    asked: &'a [Asked<'a>],
    failed: &'a Failed<'a>,
    roots: Vec<Option<usize>>,
    /// What each root explains.
    inside: BTreeMap<usize, Vec<usize>>,
    map: Map<'a>,
}

impl Judge<'_> {
    fn assessment(&self, as_of_given: bool) -> Assessment {
        let snapshot = self.context.snapshot;
        let Found {
            findings,
            waived,
            standing,
        } = self.found();
        let open = open::open(self.asked, |index| self.cover(&standing, index));
        let views = views(&self.context, &self.plan.rotation, &findings, &self.map);
        let mut assessment = Assessment {
            format: FORMAT.to_owned(),
            tool: concat!("credaudit ", env!("CARGO_PKG_VERSION")).to_owned(),
            run: self.run(as_of_given),
            verdict: OverallVerdict::default(),
            coverage: Coverage {
                lists: lists::lists(snapshot, &open.unknowns),
                ..Coverage::default()
            },
            registrations: views,
            grants: grants(self.asked, snapshot),
            gaps: open::gaps(open::standing_keys(snapshot), &open.unknowns),
            questions: questions::besides_findings(self.asked, &open.behind),
            findings,
            waived,
            unknowns: open.unknowns,
            controls: BTreeMap::new(),
            checks: Vec::new(),
            rules: self.rules(),
            bands: self.plan.bands.clone(),
            estate: snapshot.estate.file.clone(),
        };
        tally::count(&mut assessment);
        assessment
    }

    /// Every Fail that is a root, as a finding or under its waiver.
    fn found(&self) -> Found {
        let mut found = Found::default();
        for index in 0..self.asked.len() {
            let Some((finding, waiver)) = self.finding(index) else {
                continue;
            };
            let standing = (finding.severity, waiver.is_some());
            found.standing.insert(index, standing);
            match waiver {
                Some(waiver) => found.waived.push(Waived {
                    finding,
                    reason: waiver.reason.clone(),
                    owner: waiver.owner.clone(),
                    expires: waiver.expires.to_string(),
                }),
                None => found.findings.push(finding),
            }
        }
        found.findings.sort_by_cached_key(|one| self.order(one));
        let by_number = |one: &Waived| one.finding.fingerprint.clone();
        found.waived.sort_by_cached_key(by_number);
        found
    }

    /// The one order of findings: by urgency, production first, then by weight, check and resource.
    fn order(&self, one: &Finding) -> (Urgency, bool, Reverse<Severity>, String, Resource) {
        let estate = &self.context.snapshot.estate;
        let mut names = one.registrations.iter();
        let is_production = names.any(|name| {
            let registration = self.map.registration(name);
            let environment = registration.and_then(|one| estate.environment_of(one));
            environment.is_some_and(|one| one.tier == Tier::Production)
        });
        let weight = Reverse(one.severity);
        (
            one.urgency,
            !is_production,
            weight,
            one.check.clone(),
            one.resource.clone(),
        )
    }

    /// What the Fail at `index` answers for: its root ends the run with 10, or would but for its waiver.
    /// Who waived a lesser one has accepted a small thing, not what it hides.
    fn cover(&self, standing: &Standing, index: usize) -> Cover {
        match standing.get(&self.root(index)) {
            Some((severity, _)) if *severity < self.plan.fail_on => Cover::Nothing,
            Some((_, true)) => Cover::Waiver,
            Some((_, false)) => Cover::Finding,
            None => Cover::Nothing,
        }
    }

    /// What explains the Fail at `index`: itself, where it stands on its own.
    fn root(&self, index: usize) -> usize {
        self.roots.get(index).copied().flatten().unwrap_or(index)
    }

    fn rules(&self) -> Vec<Rule> {
        let planned = self.plan.checks.iter();
        let mut rules: Vec<Rule> = planned
            .map(|one| Rule {
                says_an_end: one.check.says_an_end,
                ..Rule::of(one.meta, one.severity)
            })
            .collect();
        rules.sort_by_key(|rule| rule.check.clone());
        rules
    }

    fn run(&self, as_of_given: bool) -> Run {
        let snapshot = self.context.snapshot;
        let clock = snapshot.clock.as_ref();
        let auditors = snapshot.auditors.iter();
        Run {
            id: snapshot.run.clone(),
            collected: snapshot.started,
            as_of: self.context.as_of,
            as_of_given,
            no_identity: !snapshot.auditors.is_empty()
                && snapshot.auditors.values().all(|one| one.no_identity),
            cautions: self.plan.cautions.clone(),
            clock_ahead_seconds: clock
                .map(|one| one.ahead_seconds)
                .filter(|ahead| *ahead != 0),
            policy: self.plan.policy.clone(),
            fail_on: self.plan.fail_on,
            auditors: auditors
                .map(|(scope, auditor)| match &auditor.signed_in {
                    Observed::Known(identity) => format!(
                        "{scope}: {} ({}){}",
                        identity.link,
                        (identity.client_id.as_deref()).unwrap_or("client id unknown"),
                        self.spans(scope)
                    ),
                    Observed::Unknown(gap) => format!("{scope}: not signed in, {}", gap.seen),
                })
                .collect(),
            narrowed: snapshot.narrowed.clone(),
        }
    }

    /// That one auditor holds the secrets of production and of other tiers, which a reader should know.
    fn spans(&self, scope: &str) -> String {
        let Some(tiers) = tiers_read(&self.context, scope) else {
            return String::new();
        };
        let tiers: Vec<&str> = tiers.iter().map(|tier| tier.as_str()).collect();
        format!(", reads the vaults of {}", tiers.join(" and "))
    }

    /// The Fail at `index` where it is a root, with the waiver that covers it.
    fn finding(&self, index: usize) -> Option<(Finding, Option<&Waiver>)> {
        let one = self.asked.get(index)?;
        let failure = one.failure()?;
        if self.root(index) != index {
            return None;
        }
        let meta = one.planned.meta;
        let inside = self.inside.get(&index).into_iter().flatten();
        let inside = inside.filter_map(|other| consequence(self.asked.get(*other)?));
        let consequences: Vec<Consequence> = inside.collect();
        let names = registrations(&one.verdict.subjects);
        let severity = weight(one, failure, &consequences);
        let effect = one.planned.check.effect;
        let steps = self.steps(one.planned.check.steps, &one.verdict.resource, &names);
        let remedy = remedy(&self.map, one, failure, &steps);
        let mut finding = Finding {
            fingerprint: fingerprint(meta.id, &one.verdict.resource),
            check: meta.id.to_owned(),
            title: title(
                meta.title,
                failure,
                &self.who(&names, &one.verdict.resource),
            ),
            what: failure.what.clone().unwrap_or_default(),
            effect,
            urgency: Urgency::of(effect, severity, failure.ends, self.context.as_of),
            family: meta.family,
            severity,
            resource: one.verdict.resource.clone(),
            hits: hits(&names, |name| self.hit(name)),
            used: self.map.used(&names, &one.verdict.resource),
            steps,
            registrations: names,
            seen: failure.seen.sentence(),
            remedy: remedy.prose,
            commands: remedy.commands,
            links: remedy.links,
            controls: meta.controls.iter().map(|id| (*id).to_owned()).collect(),
            consequences,
        };
        let waiver = self.waiver(index);
        if waiver.is_none()
            && let Some(over) = self.matching_waivers(index).next()
        {
            finding.seen = finding.seen.and(format_args!(
                " Its waiver expired on {} ({}).",
                over.expires, over.reason
            ));
        }
        if let Some(cause) = self.outweighed(index)
            && let Some(weight) = self.own_weight(cause)
            && let Some(cause) = self.asked.get(cause)
        {
            finding.seen = finding.seen.and(format_args!(
                " Its cause, {} of {}, is waived as a {weight}, and this weighs more.",
                cause.planned.meta.id, cause.verdict.resource
            ));
        }
        Some((finding, waiver))
    }

    /// Whom a defect of one registration hits.
    fn hit(&self, name: &str) -> Option<String> {
        let registration = self.map.registration(name)?;
        Some(of_one(&self.map.snapshot.estate, registration))
    }

    /// Who accepted a small thing has not accepted what it leads to since: a waiver of `root` covers no
    /// consequence that is heavier than `root` is by itself.
    fn outweighs(&self, root: usize, inside: usize) -> bool {
        self.waiver(root).is_some() && self.own_weight(inside) > self.own_weight(root)
    }

    /// The waived cause that a Fail outweighs, where that is why it stands on its own.
    fn outweighed(&self, index: usize) -> Option<usize> {
        let cause = self.failed.cause(self.asked.get(index)?)?;
        Some(self.root(cause))
    }

    /// What a Fail weighs without what follows from it.
    fn own_weight(&self, index: usize) -> Option<Severity> {
        let one = self.asked.get(index)?;
        Some(severity(one, one.failure()?))
    }

    /// The next steps, where the finding is about one registration's credential.
    fn steps(&self, kind: NextSteps, resource: &Resource, names: &[String]) -> Vec<Step> {
        let [name] = names else {
            return Vec::new();
        };
        next_steps(&self.context, &self.plan.rotation, name, kind, resource)
    }

    /// Whom a title is about: the registrations, else what the resource is called.
    fn who(&self, names: &[String], resource: &Resource) -> String {
        match names {
            names if names.is_empty() || resource.is_shared() => {
                let id = resource.application_id();
                let name = id.and_then(|id| self.display_name(id));
                name.unwrap_or_else(|| resource.called())
            }
            [one] => one.clone(),
            [first, second] => format!("{first} and {second}"),
            [first, second, others @ ..] => format!("{first}, {second} and {} more", others.len()),
            [] => String::new(),
        }
    }

    /// What an application that the estate does not name is called in its tenant.
    fn display_name(&self, client_id: &str) -> Option<String> {
        let directories = self.context.snapshot.directories.values();
        let mut entries = directories
            .filter_map(|directory| directory.inventory.as_ref())
            .flat_map(|list| &list.items);
        let entry = entries.find(|entry| entry.client_id == client_id)?;
        entry.display_name.clone()
    }

    fn matching_waivers(&self, index: usize) -> impl Iterator<Item = &Waiver> {
        let one = self.asked.get(index);
        self.plan.waivers.iter().filter(move |waiver| {
            one.is_some_and(|one| {
                one.failure().is_some()
                    && waiver.check == one.planned.meta.id
                    && waiver.resource == one.verdict.resource
            })
        })
    }

    /// A waiver counts through its last day, in UTC.
    fn waiver(&self, index: usize) -> Option<&Waiver> {
        let today = self.context.as_of.date_naive();
        self.matching_waivers(index)
            .find(|waiver| today <= waiver.expires)
    }
}

/// `churn-score can read invoice, which it must not`; the check's own title where the failure says no more.
fn title(of_check: &str, failure: &Failure, who: &str) -> Prose {
    let Some(what) = &failure.what else {
        return of_check.into();
    };
    what.behind(who)
}

fn severity(one: &Asked<'_>, failure: &Failure) -> Severity {
    one.planned
        .severity
        .or(failure.severity)
        .unwrap_or(one.planned.meta.severity)
}

/// A cause weighs at least as much as the worst it leads to: a stray newline is a small thing until it
/// locks an integration out. A severity that the policy sets stands as it is.
fn weight(one: &Asked<'_>, failure: &Failure, consequences: &[Consequence]) -> Severity {
    let own = severity(one, failure);
    if one.planned.severity.is_some() {
        return own;
    }
    let worst = consequences.iter().map(|inside| inside.severity).max();
    worst.map_or(own, |worst| own.max(worst))
}

fn consequence(one: &Asked<'_>) -> Option<Consequence> {
    let failure = one.failure()?;
    Some(Consequence {
        fingerprint: fingerprint(one.planned.meta.id, &one.verdict.resource),
        check: one.planned.meta.id.to_owned(),
        resource: one.verdict.resource.clone(),
        severity: severity(one, failure),
        seen: failure.seen.sentence(),
    })
}
