//! How titles and advice name a stored credential and what acts upon it.

use crate::checks::prelude::*;
use crate::model::time::moment;

/// `secret crm-prod/raia-client-secret`: without the version, which no title has room for.
pub(super) fn stored_name(case: &Case<'_>) -> String {
    match &case.registration.credential {
        Some(stored) => format!("{} {}", stored.kind.as_str(), stored.entry),
        None => "credential".to_owned(),
    }
}

/// Advice to give a vault entry the expiry date of the credential that it holds.
pub(super) fn expiry_fix(end: DateTime<Utc>) -> String {
    format!(
        "set the entry's expiry date to the credential's own: `az keyvault secret set-attributes --vault-name VAULT --name ENTRY-NAME --expires {}`",
        moment(end)
    )
}
