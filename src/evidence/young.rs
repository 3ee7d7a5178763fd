//! A refusal that came too early: a new credential takes some minutes until every server of Entra knows it.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Credential, CredentialKind, RegistrationEvidence, Snapshot};
use crate::model::time::minute;
use crate::model::{Gap, GapKind, Presence, Seen};

/// How long a new credential may be refused. Seen in public: 4 to 18 s, at times two minutes, and refused
/// again after it was accepted (terraform-provider-vault#2079, microsoft-graph-docs-contrib#1921; read
/// November 2026).
const SPREADS: TimeDelta = TimeDelta::minutes(10);
/// How far the clocks of a vault, of Graph and of Entra may differ.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);

/// The kind of credential that a code refuses as not (or no longer) known.
fn refused_kind(code: &str) -> Option<CredentialKind> {
    match code {
        "AADSTS7000215" | "AADSTS7000222" => Some(CredentialKind::Secret),
        "AADSTS700027" => Some(CredentialKind::Certificate),
        _ => None,
    }
}

impl RegistrationEvidence {
    /// The gap in a refusal's place, where the newest credential of its kind, or the newest version in the
    /// vault, was less than ten minutes old when it came, by the services' clock: then it proves nothing.
    pub fn asked_too_early(&self, refused: &Seen, snapshot: &Snapshot) -> Option<Gap> {
        let asked = snapshot.by_services_clock(refused.at);
        let kind = refused_kind(refused.code.as_deref()?)?;
        let made = self.credentials_made(kind).into_iter();
        let made = made.chain(self.versions_made());
        // The youngest decides how long there is to wait.
        let (made, what) = made
            .filter(|(made, _)| is_young(*made, asked))
            .max_by_key(|(made, _)| *made)?;
        let minutes = minutes_left(made, asked);
        let unit = if minutes == 1 { "minute" } else { "minutes" };
        Some(
            Gap::new(
                GapKind::Unrecognised,
                format!(
                    "{refused}, which was asked too early: {what} was made at {}, and a new one may be refused for up to ten minutes",
                    minute(made)
                ),
            )
            .with_remedy(format!("ask again in {minutes} {unit}")),
        )
    }

    fn credentials_made(&self, kind: CredentialKind) -> Vec<(DateTime<Utc>, String)> {
        let application = self.application.known().and_then(Presence::present);
        let principal = self.service_principal.known().and_then(Presence::present);
        let application = application.and_then(|one| one.credentials.known());
        let principal = principal.and_then(|one| one.credentials.known());
        let what = |one: &Credential| format!("the {} with key {}", kind.as_str(), one.key_id);
        let all = application.into_iter().chain(principal).flatten();
        all.filter(|one| one.kind == kind)
            .filter_map(|one| Some((one.start?, what(one))))
            .collect()
    }

    fn versions_made(&self) -> Vec<(DateTime<Utc>, String)> {
        let Some(entry) = self.entry.known().and_then(Presence::present) else {
            return Vec::new();
        };
        let current = entry.attributes.known().and_then(|one| one.created);
        let listed = entry.versions.items.iter().filter_map(|one| one.created);
        let what = "the newest version in the vault";
        let all = current.into_iter().chain(listed);
        all.map(|made| (made, what.to_owned())).collect()
    }
}

/// Less than ten minutes old; a little in the future is a clock that is ahead, more is no new one.
fn is_young(made: DateTime<Utc>, asked: DateTime<Utc>) -> bool {
    let age = asked - made;
    -CLOCKS_DIFFER <= age && age < SPREADS
}

/// Minutes until it is no longer young, rounded up: one to ten.
fn minutes_left(made: DateTime<Utc>, asked: DateTime<Utc>) -> i64 {
    let left = (SPREADS - (asked - made)).num_seconds();
    ((left + 59) / 60).clamp(1, 10)
}
