//! Who the audit is, and which environments and vaults it looks into.

use super::case::{Context, Stop};
use crate::facts::prelude::*;

/// Whether the audit signed in as a person.
pub(crate) fn is_person(auditor: &AuditorEvidence) -> Result<bool, Stop> {
    Ok(*auditor.signed_in.get()?.user.get()?)
}

/// Environments with a Dataverse that this auditor reads: its tenant's without one of their own, or the
/// one that it is for.
pub(crate) fn places<'a>(context: &Context<'a>, scope: &str) -> Vec<&'a str> {
    let estate = &context.snapshot.estate;
    let environments = estate.environments.iter();
    environments
        .filter(|(_, environment)| environment.dataverse.is_some())
        .filter(|(name, environment)| {
            if environment.auditor.is_some() {
                scope.strip_prefix("environment/") == Some(name.as_str())
            } else {
                environment.tenant == scope
            }
        })
        .map(|(name, _)| name.as_str())
        .collect()
}
