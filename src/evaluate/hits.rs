//! Whom a finding hits: who uses the credential, who answers for it.

use super::gather::Asked;
use super::placeholders::{commands, filled, links};
use crate::estate::{Estate, Registration};
use crate::model::assessment::{Link, Step};
use crate::model::outcome::Failure;
use crate::model::plural::count;
use crate::model::{Prose, Resource};
use crate::where_used::map::Map;

/// The names of the registrations among a verdict's subjects.
pub(super) fn registrations(subjects: &[Resource]) -> Vec<String> {
    subjects
        .iter()
        .filter_map(Resource::registration_name)
        .map(str::to_owned)
        .collect()
}

/// From so many on only their names are listed: each has a line of its own elsewhere.
const MANY: usize = 4;

/// Of many: so many are named.
const NAMED: usize = 3;

/// One line about everyone who is affected, by what each registration says of whom its defect hits; empty where
/// nobody is known: `55 registrations: a, b, c and 52 more`.
pub(super) fn hits(registrations: &[String], hit: impl Fn(&str) -> Option<String>) -> Prose {
    if registrations.len() >= MANY {
        let all = count(registrations.len(), "registration");
        let named = registrations[..NAMED].join(", ");
        let more = registrations.len() - NAMED;
        return format_args!("{all}: {named} and {more} more").into();
    }
    let each = registrations.iter().filter_map(|name| hit(name));
    each.collect::<Vec<_>>().join("; ").into()
}

/// What to do about a Fail.
pub(super) struct Remedy {
    pub prose: Prose,
    pub commands: Vec<Step>,
    pub links: Vec<Link>,
}

/// What to do about a Fail: in words, with what is the same of all whom it is about, and as commands. Where the case
/// has no words of its own, the check's own count, with the check's own commands.
/// What the next steps run already is no command of the remedy.
pub(super) fn remedy(map: &Map<'_>, one: &Asked<'_>, failure: &Failure, steps: &[Step]) -> Remedy {
    let (verdict, planned) = (&one.verdict, one.planned);
    let found: Vec<&Registration> = registrations(&verdict.subjects)
        .iter()
        .filter_map(|name| map.registration(name))
        .collect();
    let (words, fixes) = match &failure.remedy {
        Some(words) => (words.to_string(), failure.fixes.clone()),
        None => (planned.meta.remediation.to_owned(), (planned.check.fixes)()),
    };
    let mut commands = commands(map, verdict, &found, &fixes);
    commands.retain(|one| steps.iter().all(|step| step.run != one.run));
    Remedy {
        prose: filled(map, verdict, &found, &words).into(),
        commands,
        links: links(map, verdict, &found, planned.check.page),
    }
}

/// Who uses the credential of one registration, and who answers for it.
pub(super) fn of_one(estate: &Estate, registration: &Registration) -> String {
    let environment = estate.environment_of(registration);
    let mut words = format!("{} in {}", registration.name, registration.environment);
    if let Some(environment) = environment {
        words.push_str(&format!(" ({})", environment.tier));
    }
    if !registration.consumers.is_empty() {
        let consumers = registration.consumers.iter();
        let holders = consumers.map(|consumer| match &consumer.contact {
            Some(contact) => format!("{} <{contact}>", consumer.name),
            None => consumer.name.clone(),
        });
        let holders: Vec<String> = holders.collect();
        words.push_str(&format!(", also held by {}", holders.join(", ")));
    }
    let contact = environment.and_then(|environment| environment.contact.as_deref());
    match (&registration.owner, contact) {
        (Some(owner), _) => words.push_str(&format!(", owner {owner}")),
        (None, Some(contact)) => words.push_str(&format!(", no owner, contact {contact}")),
        (None, None) => words.push_str(", no owner"),
    }
    words
}
