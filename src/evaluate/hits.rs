//! Whom a finding hits: who uses the credential, who answers for it.

use super::placeholders::filled;
use crate::estate::{Estate, Registration};
use crate::model::{Resource, Verdict};
use crate::where_used::map::Map;

/// The names of the registrations among a verdict's subjects.
pub(super) fn registrations(subjects: &[Resource]) -> Vec<String> {
    subjects
        .iter()
        .filter_map(Resource::registration_name)
        .map(str::to_owned)
        .collect()
}

/// One line about everyone who is hit, empty where nobody is known.
pub(super) fn hits(map: &Map<'_>, registrations: &[String]) -> String {
    let estate = &map.snapshot.estate;
    registrations
        .iter()
        .filter_map(|name| map.registration(name))
        .map(|registration| of_one(estate, registration))
        .collect::<Vec<_>>()
        .join("; ")
}

/// Advice with its placeholders filled in, as far as they are the same of all whom the verdict is about.
pub(super) fn remedy(map: &Map<'_>, verdict: &Verdict, advice: &str) -> String {
    let found: Vec<&Registration> = registrations(&verdict.subjects)
        .iter()
        .filter_map(|name| map.registration(name))
        .collect();
    filled(map, verdict, &found, advice)
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
