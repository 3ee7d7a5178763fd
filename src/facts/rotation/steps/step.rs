//! One step in words, and who shares the entry that it changes.

use crate::facts::case::Case;
use crate::facts::prelude::*;
use crate::model::command::Command;

/// What to do, with the command that does it where there is one.
pub(crate) fn step(say: impl Into<Prose>, run: Option<Command>) -> Step {
    match run {
        Some(command) => Step::of(say, Some(&command)),
        None => Step::of(say, None),
    }
}

/// The last step: an audit proves what was done.
pub(crate) fn again(then: &str) -> Step {
    step(format!("Run credaudit again: {then}"), None)
}

/// Other registrations (of another client id, or of one that is not known) that name the same entry.
pub(crate) fn sharers<'a>(case: &Case<'a>) -> Vec<&'a str> {
    let own = case.client_id().ok();
    let stored = case.registration.credential.iter();
    stored
        .flat_map(|stored| case.context.cases_of_entry(&stored.entry))
        .filter(|other| other.name() != case.name())
        .filter(|other| {
            let stored = &other.registration.credential;
            stored.is_some() && *stored == case.registration.credential
        })
        .filter(|other| own.is_none() || other.client_id().ok() != own)
        .map(|other| other.name())
        .collect()
}
