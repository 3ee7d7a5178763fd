//! Two assessments of one estate, compared by fingerprint and by question.

mod one_side;

use crate::model::Prose;
use one_side::{cut_short_only_in, only_in};
use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::model::assessment::{Aside, CheckQuestions, Cover, Finding, Waived};
use crate::model::diff::{Change, DIFF_FORMAT, Diff, Question, Regressions, Side};
use crate::model::{Assessment, Resource, SaidBy, Severity};

/// How a defect stands in one assessment.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Standing<'a> {
    Own,
    Waived(&'a Waived),
    /// Listed inside another finding, which a waiver may cover.
    Within(&'a Finding, Option<&'a Waived>),
}

/// A defect of one assessment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Defect<'a> {
    standing: Standing<'a>,
    fingerprint: &'a str,
    pub(crate) check: &'a str,
    resource: &'a Resource,
    seen: &'a Prose,
    severity: Severity,
    /// Of a consequence: those of its cause.
    registrations: &'a [String],
}

impl Defect<'_> {
    fn change(&self) -> Change {
        Change {
            fingerprint: self.fingerprint.to_owned(),
            check: self.check.to_owned(),
            severity: self.severity,
            severity_before: None,
            resource: self.resource.clone(),
            seen: self.seen.clone(),
            why: None,
            regression: false,
        }
    }
}

/// The defects of two assessments, by what became of them.
#[derive(Default)]
struct Changes {
    new: Vec<Change>,
    changed: Vec<Change>,
    fixed: Vec<Change>,
    lost: Vec<Change>,
    unchanged: usize,
}

impl Changes {
    fn between(from: &Assessment, to: &Assessment) -> Self {
        let (before, after) = (defects(from), defects(to));
        let fail_on = to.run.fail_on;
        let mut changes = Self::default();
        for (fingerprint, now) in &after {
            match before.get(fingerprint) {
                None => changes.new.extend(appeared(now, from, fail_on)),
                Some(was) => match altered(was, now, fail_on) {
                    Some(change) => changes.changed.push(change),
                    None if matches!(now.standing, Standing::Own) => changes.unchanged += 1,
                    None => {}
                },
            }
        }
        for (fingerprint, was) in &before {
            let within = matches!(was.standing, Standing::Within(..));
            if !within && !after.contains_key(fingerprint) {
                changes.vanished(was, to, &after);
            }
        }
        changes.sort();
        changes
    }

    fn vanished(&mut self, was: &Defect<'_>, to: &Assessment, after: &BTreeMap<&str, Defect<'_>>) {
        let (list, why) = if let Some(why) = unsaid(was, to) {
            (&mut self.lost, Some(why))
        } else if let Some(why) = moved(was, to, after) {
            (&mut self.changed, Some(why))
        } else {
            (&mut self.fixed, gone(was, to))
        };
        list.push(Change {
            why: why.map(Prose::from),
            ..was.change()
        });
    }

    fn sort(&mut self) {
        let lists = [
            &mut self.new,
            &mut self.changed,
            &mut self.fixed,
            &mut self.lost,
        ];
        for list in lists {
            list.sort_by_cached_key(|one| {
                (
                    Reverse(one.severity),
                    one.check.clone(),
                    one.resource.clone(),
                )
            });
        }
    }
}

/// Compares two assessments. What is new or worse is judged by the threshold of `to`.
pub(crate) fn diff(from: &Assessment, to: &Assessment) -> Diff {
    let Changes {
        new,
        changed,
        fixed,
        lost,
        unchanged,
    } = Changes::between(from, to);
    let newly_unreadable = only_in(to, from);
    let mut newly_readable = only_in(from, to);
    newly_readable.retain(|one| {
        // Behind a failed step nothing is read, and what is no longer asked is not read either.
        !asides(to, &one.check, |questions| &questions.behind_a_fail)
            .any(|(resource, _)| *resource == one.resource)
            && asks(to, &one.check)
    });
    for one in &mut newly_readable {
        one.regression = false;
    }
    let newly_cut_short = cut_short_only_in(to, from);
    let regressed = |list: &[Change]| list.iter().filter(|one| one.regression).count();
    Diff {
        format: DIFF_FORMAT.to_owned(),
        from: side(from),
        to: side(to),
        caveats: caveats(from, to),
        regressions: Regressions {
            findings: regressed(&new) + regressed(&changed),
            unanswered: newly_unreadable.iter().filter(|one| one.regression).count()
                + newly_cut_short.len(),
        },
        new,
        changed,
        fixed,
        lost,
        newly_unreadable,
        newly_readable,
        newly_cut_short,
        unchanged,
    }
}

fn side(assessment: &Assessment) -> Side {
    Side {
        run: assessment.run.id.clone(),
        collected: assessment.run.collected,
        as_of: assessment.run.as_of,
        policy: assessment.run.policy.clone(),
        exit_code: assessment.verdict.exit_code,
    }
}

fn caveats(from: &Assessment, to: &Assessment) -> Vec<String> {
    let mut caveats = Vec::new();
    if from.run.policy != to.run.policy {
        caveats.push(format!(
            "the first was judged under the policy {}, the second under {}: a difference may be the policy's",
            from.run.policy, to.run.policy
        ));
    }
    if from.tool != to.tool {
        caveats.push(format!(
            "the first was judged by {}, the second by {}: a difference may be the tool's",
            from.tool, to.tool
        ));
    }
    if from.run.collected > to.run.collected {
        caveats.push("the first is the later of the two".to_owned());
    }
    for (which, assessment) in [("first", from), ("second", to)] {
        if assessment.run.as_of_given {
            caveats.push(format!("the {which} was judged as of a date given by hand"));
        }
    }
    caveats
}

/// Every defect by fingerprint. One that stands on its own hides the same inside another.
pub(crate) fn defects(assessment: &Assessment) -> BTreeMap<&str, Defect<'_>> {
    let mut all = BTreeMap::new();
    let waived = assessment.waived.iter();
    let waived = waived.map(|waived| (&waived.finding, Some(waived)));
    let own = assessment.findings.iter().map(|finding| (finding, None));
    let roots: Vec<(&Finding, Option<&Waived>)> = own.chain(waived).collect();
    for (root, waived) in &roots {
        for inside in &root.consequences {
            let defect = Defect {
                standing: Standing::Within(root, *waived),
                fingerprint: &inside.fingerprint,
                check: &inside.check,
                resource: &inside.resource,
                seen: &inside.seen,
                severity: inside.severity,
                registrations: &root.registrations,
            };
            all.insert(inside.fingerprint.as_str(), defect);
        }
    }
    for (finding, waived) in roots {
        let defect = Defect {
            standing: waived.map_or(Standing::Own, Standing::Waived),
            fingerprint: &finding.fingerprint,
            check: &finding.check,
            resource: &finding.resource,
            seen: &finding.seen,
            severity: finding.severity,
            registrations: &finding.registrations,
        };
        all.insert(finding.fingerprint.as_str(), defect);
    }
    all
}

/// A defect that was not there. One inside another finding is told by that one.
fn appeared(now: &Defect<'_>, from: &Assessment, fail_on: Severity) -> Option<Change> {
    let mut change = now.change();
    match now.standing {
        Standing::Within(..) => return None,
        Standing::Waived(waived) => {
            change.why = Some(format!("waived until {}", waived.expires).into());
        }
        Standing::Own => {
            change.regression = now.severity >= fail_on;
            let before = unsaid(now, from)
                .map(|why| format!("it may have been there before: {why}"))
                .or_else(|| (!asks(from, now.check)).then(|| "it was not asked before".to_owned()));
            change.why = before.map(Prose::from);
        }
    }
    Some(change)
}

/// A defect of both that weighs or counts otherwise.
pub(crate) fn altered(was: &Defect<'_>, now: &Defect<'_>, fail_on: Severity) -> Option<Change> {
    let mut change = now.change();
    change.severity_before = (was.severity != now.severity).then_some(was.severity);
    let mut worse = now.severity > was.severity;
    let why = match (was.standing, now.standing) {
        (Standing::Own, Standing::Own) | (Standing::Waived(_), Standing::Waived(_)) => None,
        // Inside another, its weight is told by that one.
        (Standing::Within(..), Standing::Within(..)) => return None,
        (Standing::Waived(waived), Standing::Own) => {
            worse = true;
            Some(format!(
                "it counts again: it was waived until {} ({})",
                waived.expires, waived.reason
            ))
        }
        (_, Standing::Waived(waived)) => Some(format!(
            "waived until {} by {} ({})",
            waived.expires, waived.owner, waived.reason
        )),
        (Standing::Within(root, waived), Standing::Own) => {
            // It counted as much as its cause did: not at all where that was waived.
            worse = worse || now.severity > root.severity || waived.is_some();
            let until = waived.map(|waived| format!(", and was waived until {}", waived.expires));
            Some(format!(
                "it is a finding of its own now; before, {} of {} caused it{}",
                root.check,
                root.resource,
                until.unwrap_or_default()
            ))
        }
        (_, Standing::Within(root, _)) => Some(format!(
            "{} of {} explains it now",
            root.check, root.resource
        )),
    };
    change.why = why.map(Prose::from);
    change.regression = worse && now.severity >= fail_on && matches!(now.standing, Standing::Own);
    (change.why.is_some() || change.severity_before.is_some()).then_some(change)
}

/// Why `assessment` cannot tell whether a defect is there: its own question, or the one about what it
/// belongs to, is open. A list that was not read to its end speaks about everything that could stand in it.
pub(crate) fn unsaid(defect: &Defect<'_>, assessment: &Assessment) -> Option<String> {
    let about =
        |check: &str, resource: &Resource| check == defect.check && resource.holds(defect.resource);
    let mut unknowns = assessment.unknowns.iter();
    if let Some(open) = unknowns.find(|open| about(&open.check, &open.resource)) {
        return Some(format!("it could not be read: {}", open.seen));
    }
    asides(assessment, defect.check, |questions| {
        &questions.behind_a_fail
    })
    .any(|(resource, _)| about(defect.check, resource))
    .then(|| "an earlier step failed".to_owned())
}

/// The questions of one check that share a fate, each with the reason.
fn asides<'a>(
    assessment: &'a Assessment,
    check: &str,
    of: impl Fn(&'a CheckQuestions) -> &'a [Aside],
) -> impl Iterator<Item = (&'a Resource, &'a Aside)> {
    let questions = assessment.questions.iter().find(|one| one.check == check);
    questions.map_or(&[][..], of).iter().flat_map(|aside| {
        let resources = aside.resources.iter();
        resources.map(move |resource| (resource, aside))
    })
}

/// Why a question no longer arises, where that can be told from a defect that was mended.
fn gone(was: &Defect<'_>, to: &Assessment) -> Option<String> {
    if !asks(to, was.check) {
        return Some("the policy no longer asks for it".to_owned());
    }
    let is_here = |name: &String| to.registrations.iter().any(|one| one.name == *name);
    if !was.registrations.is_empty() && !was.registrations.iter().any(is_here) {
        return Some("its registration is no longer among those looked at".to_owned());
    }
    asides(to, was.check, |questions| &questions.not_applicable)
        .find(|(resource, _)| *resource == was.resource)
        .map(|(_, aside)| format!("the check no longer applies: {}", aside.why))
}

/// Which finding tells a defect now, where its own question does not arise since another check's does: it is
/// there as it was.
fn moved(was: &Defect<'_>, to: &Assessment, after: &BTreeMap<&str, Defect<'_>>) -> Option<String> {
    let (_, aside) = asides(to, was.check, |questions| &questions.not_applicable)
        .find(|(resource, _)| *resource == was.resource)?;
    let here = |other: &&Defect<'_>| {
        other.resource.holds(was.resource) || was.resource.holds(other.resource)
    };
    let theirs = |other: &&Defect<'_>| {
        let mut names = other.registrations.iter();
        names.any(|name| was.registrations.contains(name))
    };
    let said_by = aside.who_says_it()?;
    let mut others = after.values().filter(|other| other.check != was.check);
    let other = others.find(|other| match &said_by {
        SaidBy::Another => here(other),
        SaidBy::Check(check) => *check == other.check && theirs(other),
    })?;
    Some(format!("{} of {} says it now", other.check, other.resource))
}

pub(crate) fn asks(assessment: &Assessment, check: &str) -> bool {
    assessment.checks.iter().any(|one| one.check == check)
}

/// Every open question: those without an answer, and those behind a failed step for which nothing answers.
pub(crate) fn open(assessment: &Assessment) -> impl Iterator<Item = Question> {
    let unknowns = assessment.unknowns.iter().map(|one| Question {
        check: one.check.clone(),
        resource: one.resource.clone(),
        seen: one.seen.clone(),
        regression: one.counts,
    });
    let behind = assessment.questions.iter().flat_map(|check| {
        let asides = check.behind_a_fail.iter();
        let asides = asides.filter(|aside| aside.cover == Cover::Nothing);
        asides.flat_map(|aside| {
            aside.resources.iter().map(|resource| Question {
                check: check.check.clone(),
                resource: resource.clone(),
                seen: aside.why.clone(),
                regression: true,
            })
        })
    });
    unknowns.chain(behind)
}
