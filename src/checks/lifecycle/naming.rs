//! How titles and advice name a stored credential and what acts upon it.

use crate::checks::prelude::*;

/// `secret crm-prod/raia-client-secret`: without the version, which no title has room for.
pub(super) fn stored_name(case: &Case<'_>) -> String {
    match &case.registration.credential {
        Some(stored) => format!("{} {}", stored.kind.as_str(), stored.entry),
        None => "credential".to_owned(),
    }
}

/// Advice to give a vault entry the expiry date of the credential that it holds.
pub(super) fn expiry_remedy(end: DateTime<Utc>) -> String {
    format!(
        "set the expiry date of ENTRY-NAME in vault VAULT to the credential's own, {}",
        day(end)
    )
}
