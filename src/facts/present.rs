//! Is there an application user to judge?

use super::case::{Stop, not_applicable};
use crate::facts::prelude::*;

/// Goes on unless there is none. A user that no list names and that WhoAmI answered is there all the same:
/// what it holds was not read.
pub(crate) fn require_user(proof: &DataverseProof) -> Result<(), Stop> {
    if !proof.user.known().is_some_and(Presence::is_absent) {
        return Ok(());
    }
    match proof.whoami.get()? {
        WhoAmI::Answered { user_id, .. } => Err(Gap::new(
            GapKind::Unrecognised,
            format!(
                "WhoAmI answered as user {user_id}, yet the auditor is shown no application user of this client id: what it holds is not known"
            ),
        )
        .into()),
        WhoAmI::Refused { .. } => Err(not_applicable("there is no application user")),
    }
}

/// Goes on only where the user is known, too: before anything passes.
pub(crate) fn known_user(proof: &DataverseProof) -> Result<(), Stop> {
    proof.user.get()?;
    Ok(())
}
