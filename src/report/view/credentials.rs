//! What each credential is, how it stands to its successor, and whose end comes first.

use chrono::{DateTime, Utc};

use crate::model::assessment::{CredentialEnd, CredentialView, RegistrationView, StoredMatch};
use crate::model::time::{day, is_past, near};

/// `secret 1a2b3c4d`; the whole key id stands in the steps and in JSON.
pub(crate) fn short(credential: &CredentialView) -> String {
    let id: String = credential.key_id.chars().take(8).collect();
    format!("{} {id}", credential.kind)
}

/// `expired on 2026-11-27 (3 days ago)`, `expires on 2026-12-05 (in 5 days)`.
pub(crate) fn expiry(ends: &CredentialEnd, as_of: DateTime<Utc>) -> String {
    match ends {
        CredentialEnd::On { end, .. } => {
            let verb = if is_past(*end, as_of) {
                "expired"
            } else {
                "expires"
            };
            format!("{verb} on {} ({})", day(*end), near(*end, as_of))
        }
        CredentialEnd::Never => "does not expire".to_owned(),
        CredentialEnd::Unknown(why) => format!("expiry unknown: {why}"),
    }
}

/// How it is known to be the one in the vault, or to be likely that.
pub(crate) fn in_vault(credential: &CredentialView) -> Option<&'static str> {
    match credential.stored {
        StoredMatch::Proven => Some("in the vault, proven"),
        StoredMatch::Matched if credential.kind == "certificate" => {
            Some("same thumbprint as in the vault")
        }
        StoredMatch::Matched => Some("looks like the vault's"),
        StoredMatch::Other => None,
        StoredMatch::CannotTell => Some("in the vault?"),
    }
}

/// What ends first stands first, by any credential of the registration; then what could not be told, then what
/// never ends.
pub(crate) fn rank(view: &RegistrationView) -> (u8, Option<DateTime<Utc>>) {
    let only = view.credentials.is_empty().then_some(&view.ends);
    let each = || view.credentials.iter().map(|one| &one.ends).chain(only);
    let on = each().filter_map(|ends| match ends {
        CredentialEnd::On { end, .. } => Some(*end),
        CredentialEnd::Never | CredentialEnd::Unknown(_) => None,
    });
    match on.min() {
        Some(end) => (0, Some(end)),
        None if each().any(|ends| matches!(ends, CredentialEnd::Unknown(_))) => (1, None),
        None => (2, None),
    }
}

/// From when until when a credential is valid, as far as that is known.
#[derive(Clone, Copy)]
pub(crate) struct Life<'a> {
    pub start: Option<DateTime<Utc>>,
    pub ends: &'a CredentialEnd,
    /// The time in which its successor is valid already; without an end where it has none itself.
    pub overlap: Option<(DateTime<Utc>, Option<DateTime<Utc>>)>,
}

/// The lives of a registration's credentials in their order; that of the credential in use, as far as it is known,
/// where none was read.
pub(crate) fn lives<'view>(
    view: &'view RegistrationView,
) -> Vec<(Option<&'view CredentialView>, Life<'view>)> {
    if view.credentials.is_empty() {
        let (start, ends, overlap) = (None, &view.ends, None);
        return vec![(
            None,
            Life {
                start,
                ends,
                overlap,
            },
        )];
    }
    let all = view.credentials.iter();
    let life = |credential: &'view CredentialView| Life {
        start: credential.start,
        ends: &credential.ends,
        overlap: overlap(credential, &view.credentials),
    };
    all.map(|credential| (Some(credential), life(credential)))
        .collect()
}

/// From the start of the next one to the end of the older one.
fn overlap(
    credential: &CredentialView,
    all: &[CredentialView],
) -> Option<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    let begun = credential.start?;
    let over = match credential.ends {
        CredentialEnd::On { end, .. } => Some(end),
        CredentialEnd::Never => None,
        CredentialEnd::Unknown(_) => return None,
    };
    let starts = all.iter().filter_map(|other| other.start);
    let from = starts.filter(|start| *start > begun).min()?;
    over.is_none_or(|over| from < over).then_some((from, over))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time;
    use crate::report::fixture;

    #[test]
    fn the_overlap_begins_with_the_successor() {
        let view = fixture::proven("a", "prod", "production");
        let mut old = view.credentials[0].clone();
        let new = old.clone();
        old.start = Some("2026-01-01T00:00:00Z".parse().expect("a literal date"));
        old.ends = CredentialEnd::On {
            end: "2026-12-01T00:00:00Z".parse().expect("a literal date"),
            days_left: 10,
        };
        let both = [old.clone(), new.clone()];
        let (from, until) = overlap(&old, &both).expect("they overlap");
        assert_eq!(Some(from), new.start);
        assert_eq!(until.map(time::day).as_deref(), Some("2026-12-01"));
        assert_eq!(overlap(&new, &both), None);
        old.ends = CredentialEnd::On {
            end: "2026-02-01T00:00:00Z".parse().expect("a literal date"),
            days_left: -200,
        };
        assert_eq!(overlap(&old, &both), None, "it ended before");
    }
}
