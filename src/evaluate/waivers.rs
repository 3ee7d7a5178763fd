//! The checks of the policy's own waivers: is each of use, and has it expired?
//!
//! They stand in the registry as every other, and their verdicts are made here: `checks` knows no policy.

use super::gather::Asked;
use super::plan::{Plan, Planned};
use crate::checks::{EXPIRED_WAIVER, UNUSED_WAIVER};
use crate::facts::case::Context;
use crate::model::outcome::Failure;
use crate::model::{Outcome, Resource, Verdict};
use crate::policy::Waiver;
use crate::source::{Place, did_you_mean};

/// Asks both, where the policy plans them, after everything else is asked.
pub(super) fn ask<'p>(plan: &'p Plan, context: &Context<'_>, asked: &mut Vec<Asked<'p>>) {
    // A waiver may cover a finding about another waiver: that one has to be there first.
    let about_waivers =
        |waiver: &&Waiver| [EXPIRED_WAIVER, UNUSED_WAIVER].contains(&waiver.check.as_str());
    let (second, first): (Vec<&Waiver>, Vec<&Waiver>) =
        plan.waivers.iter().partition(about_waivers);
    for waivers in [first, second] {
        let mut verdicts = Vec::new();
        for planned in &plan.checks {
            let judge = match planned.meta.id {
                UNUSED_WAIVER => unused,
                EXPIRED_WAIVER => expired,
                _ => continue,
            };
            verdicts.extend(waivers.iter().map(|waiver| Asked {
                planned,
                verdict: judge(waiver, plan, context, asked),
            }));
        }
        asked.extend(verdicts);
    }
    // In the registry's order, as everything else.
    let place = |planned: &Planned| {
        plan.checks
            .iter()
            .position(|one| std::ptr::eq(one, planned))
    };
    asked.sort_by_key(|one| place(one.planned));
}

fn on(waiver: &Waiver, outcome: Outcome) -> Verdict {
    Verdict::on(
        Resource::waiver(&waiver.check, &waiver.resource.to_string()),
        outcome,
    )
}

fn is_over(waiver: &Waiver, context: &Context<'_>) -> bool {
    context.as_of.date_naive() > waiver.expires
}

fn expired(waiver: &Waiver, plan: &Plan, context: &Context<'_>, asked: &[Asked<'_>]) -> Verdict {
    let outcome = match beside(waiver, plan, context) {
        Some(why) => Outcome::NotApplicable(why.into()),
        None if !is_over(waiver, context) => Outcome::Pass,
        None => {
            let counts = asked
                .iter()
                .any(|one| one.failure().is_some() && covers(waiver, one));
            let counts = if counts {
                "; what it covered counts again"
            } else {
                ""
            };
            Outcome::Fail(
                Failure::new(format!(
                    "{} for {} expired on {}{counts} (reason: {}; owner: {})",
                    called(waiver),
                    waiver.resource,
                    waiver.expires,
                    waiver.reason,
                    waiver.owner
                ))
                .what(format!("expired on {}", waiver.expires))
                .remedy(format!(
                    "Fix what it covered and remove {}, or let its owner ({}) decide again and set a new `expires`.",
                    called(waiver),
                    waiver.owner
                )),
            )
        }
    };
    on(waiver, outcome)
}

fn unused(waiver: &Waiver, plan: &Plan, context: &Context<'_>, asked: &[Asked<'_>]) -> Verdict {
    if let Some(why) = beside(waiver, plan, context) {
        return on(waiver, Outcome::NotApplicable(why.into()));
    }
    if is_over(waiver, context) {
        let why = format!("it expired on {}", waiver.expires);
        return on(waiver, Outcome::NotApplicable(why.into()));
    }
    let same = |one: &&Asked<'_>| one.planned.meta.id == waiver.check;
    let exact = asked.iter().find(|one| covers(waiver, one));
    match exact.map(|one| &one.verdict.outcome) {
        Some(Outcome::Fail(_)) => return on(waiver, Outcome::Pass),
        // Its question does not arise now; whether it will again, who can tell?
        Some(Outcome::NotApplicable(why)) => {
            return on(waiver, Outcome::NotApplicable(why.clone()));
        }
        Some(Outcome::Pass) => return on(waiver, needless(waiver, "and nothing is wrong there")),
        Some(Outcome::Unknown(_)) | None => {}
    }
    // What it belongs to may not have been read, or not been asked about.
    let wider = asked
        .iter()
        .filter(same)
        .filter(|one| one.verdict.resource.holds(&waiver.resource));
    let mut not_asked = None;
    for one in wider {
        match &one.verdict.outcome {
            Outcome::Unknown(_) => {
                // About whatever the open question is about, so that the same failed step explains both.
                return Verdict {
                    subjects: one.verdict.subjects.clone(),
                    ..on(waiver, one.verdict.outcome.clone())
                };
            }
            Outcome::NotApplicable(why) => not_asked = Some(why.clone()),
            Outcome::Pass | Outcome::Fail(_) => {}
        }
    }
    if let Some(why) = not_asked {
        return on(waiver, Outcome::NotApplicable(why));
    }
    let failing = asked
        .iter()
        .filter(same)
        .filter(|one| one.failure().is_some());
    let failing = failing.map(|one| one.verdict.resource.path());
    let nearest = match did_you_mean(waiver.resource.path(), failing) {
        Some(nearest) => format!("and nothing of this name was found; did you mean `{nearest}`?"),
        None => "and this check has no finding about it".to_owned(),
    };
    on(waiver, needless(waiver, &nearest))
}

/// Why nothing can be said about a waiver: its check is off, or it is about what this run left out.
fn beside(waiver: &Waiver, plan: &Plan, context: &Context<'_>) -> Option<String> {
    if !plan.checks.iter().any(|one| one.meta.id == waiver.check) {
        return Some(format!("{} is switched off in the policy", waiver.check));
    }
    let narrowed = context.snapshot.narrowed.as_ref()?;
    let of_this_part = waiver
        .resource
        .registration_name()
        .is_some_and(|name| context.case(name).is_some());
    (!of_this_part).then(|| format!("this run covered only a part of the estate: {narrowed}"))
}

fn covers(waiver: &Waiver, one: &Asked<'_>) -> bool {
    one.planned.meta.id == waiver.check && one.verdict.resource == waiver.resource
}

fn needless(waiver: &Waiver, why: &str) -> Outcome {
    Outcome::Fail(
        Failure::new(format!(
            "{} covers nothing: it names {}, {why}",
            called(waiver),
            waiver.resource
        ))
        .what("covers nothing")
        .remedy(format!(
            "Remove {} from the policy, or write its `resource` exactly as the report prints it.",
            called(waiver)
        )),
    )
}

/// `the waiver of secret-shared on line 12 of policy.toml`.
fn called(waiver: &Waiver) -> String {
    let place = |place: &Place| format!(" on line {} of {}", place.line(), place.file.name);
    format!(
        "the waiver of {}{}",
        waiver.check,
        waiver.place.as_ref().map(place).unwrap_or_default()
    )
}
