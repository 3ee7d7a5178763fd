//! Which credential may be removed, and why another may not.

use super::params::RotationParams;
use super::state::{Rotation, is_newer};
use crate::facts::case::{Case, Stop};
use crate::facts::credentials::held::Held;
use crate::facts::credentials::last_use::{days_before, idle_words};
use crate::facts::prelude::*;

/// Why a credential stays where it is.
#[derive(Debug)]
pub(crate) enum Keep {
    /// Nothing newer is stored and proven, or somebody uses it, or that cannot be told; in words.
    For(String),
    /// Another registration (its name) stores it.
    StoredBy(String),
    /// Nobody uses it as far as is known, and these people hold a copy.
    Confirmation(Vec<String>),
}

impl<'a> Rotation<'a> {
    /// Whether this credential may be removed, and on what grounds. Only ever yes where a newer one is
    /// stored and proven.
    pub(crate) fn removable(
        &self,
        case: &Case<'a>,
        params: &RotationParams,
        held: &Held<'a>,
    ) -> Result<String, Keep> {
        self.is_superseded(case, held)?;
        if let Some(end) = held.credential.end.known()
            && is_past(*end, case.snapshot().started)
            && is_past(*end, case.context.as_of)
        {
            return Ok(format!("it expired on {}, so nobody can use it", day(*end)));
        }
        is_stored_nowhere_else(case, held)?;
        let last = is_idle(case, params, held)?;
        let copies = copies(case);
        if !copies.is_empty() {
            return Err(Keep::Confirmation(copies));
        }
        Ok(last)
    }

    /// Whether a newer one is stored and proven, and this one is another.
    fn is_superseded(&self, case: &Case<'a>, held: &Held<'a>) -> Result<(), Keep> {
        let keep = |words: &str| Keep::For(words.to_owned());
        let settled = !matches!(self.state, RotationState::Broken | RotationState::Unknown);
        let stored = self
            .stored
            .as_ref()
            .filter(|_| settled && self.proven)
            .ok_or_else(|| keep("no newer credential is stored and proven"))?;
        if case.stored_match(held) != StoredMatch::Other || held.same_as(stored) {
            return Err(keep("it is the stored one, or may be"));
        }
        if self.late
            && let (Some(own), Some(end)) =
                (held.credential.end.known(), stored.credential.end.known())
            && own > end
        {
            return Err(keep(
                "the stored one expires soon and this one later: renew first",
            ));
        }
        if !is_newer(stored, held).map_err(|stop| Keep::For(stop.into_words().to_string()))? {
            return Err(keep("the stored one is not newer"));
        }
        Ok(())
    }
}

fn is_stored_nowhere_else(case: &Case<'_>, held: &Held<'_>) -> Result<(), Keep> {
    if let Some(part) = &case.snapshot().narrowed {
        return Err(Keep::For(format!(
            "the run looked at a part of the estate only ({part}), and another registration may store it"
        )));
    }
    match case.stored_elsewhere(held) {
        Ok(None) => Ok(()),
        Ok(Some(other)) => Err(Keep::StoredBy(other.to_owned())),
        Err(stop) => Err(Keep::For(format!(
            "whether another registration stores it is unknown: {}",
            stop.into_words()
        ))),
    }
}

/// For how long nobody has signed in with it, in words.
fn is_idle<'a>(case: &Case<'a>, params: &RotationParams, held: &Held<'a>) -> Result<String, Keep> {
    let idle_since = days_before(case.reported_until(), params.idle_days);
    let last = case
        .last_use(held, idle_since)
        .map_err(|stop| Keep::For(stop.into_words().to_string()))?;
    if let LastUse::At(moment) = last
        && *moment >= idle_since
    {
        return Err(Keep::For(format!(
            "{}, within the last {}: find who still holds it",
            idle_words(last),
            crate::facts::outcomes::days(i64::from(params.idle_days))
        )));
    }
    if let Some(unexplained) = case.unexplained_sign_in(idle_since) {
        return Err(Keep::For(format!(
            "somebody signed in as it on {}, and the report does not say with which credential",
            day(unexplained)
        )));
    }
    Ok(idle_words(last))
}

/// Everybody whom the estate names as holding a copy of a credential of this client id, sorted.
pub(crate) fn copies(case: &Case<'_>) -> Vec<String> {
    let client = case.client_id().ok();
    let copied = case.context.copied_cases();
    let mut names: Vec<String> = copied
        .filter(|other| {
            other.name() == case.name()
                || client.is_none()
                || other.client_id().ok().is_none_or(|id| Some(id) == client)
        })
        .flat_map(|other| &other.registration.consumers)
        .map(|consumer| match &consumer.contact {
            Some(contact) => format!("{} <{contact}>", consumer.name),
            None => consumer.name.clone(),
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

impl<'a> Case<'a> {
    /// The other registration of the estate that stores this very credential, where one does.
    ///
    /// # Errors
    /// What keeps that from being told of a registration that may have the same client id.
    pub(crate) fn stored_elsewhere(&self, held: &Held<'_>) -> Result<Option<&'a str>, Stop> {
        let client = self.client_id()?;
        let apart = |other: &Case<'_>| other.name() != self.name();
        let mut nameless = self.context.nameless_cases().filter(apart);
        let mut unread = nameless.find_map(|other| other.client_id().err());
        let same = self.context.cases_of_client(client).filter(apart);
        for other in same.filter(|other| other.client_id().ok() == Some(client)) {
            match stores(&other, held) {
                Ok(true) => return Ok(Some(other.name())),
                Ok(false) => {}
                Err(stop) => unread = unread.or(Some(stop)),
            }
        }
        unread.map_or(Ok(None), Err)
    }
}

fn stores(other: &Case<'_>, held: &Held<'_>) -> Result<bool, Stop> {
    let theirs = other.held()?;
    let unclear = || {
        Stop::from(Gap::new(
            GapKind::Unrecognised,
            format!(
                "which credential registration {} stores is not known",
                other.name()
            ),
        ))
    };
    let same = theirs.iter().find(|one| one.same_as(held));
    match other.stored_match(same.ok_or_else(unclear)?) {
        StoredMatch::Proven | StoredMatch::Matched => Ok(true),
        StoredMatch::Other => Ok(false),
        StoredMatch::CannotTell => Err(unclear()),
    }
}
