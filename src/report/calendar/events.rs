//! Which ends stand in the calendar, and under which name each is known there.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::model::assessment::{
    Assessment, CredentialEnd, CredentialView, RegistrationView, StoredMatch,
};
use crate::model::time::minute;

use super::line;

/// One event.
pub(super) struct Ending<'a> {
    pub uid: String,
    pub end: DateTime<Utc>,
    pub in_use: bool,
    pub summary: String,
    pub description: String,
    key_id: Option<&'a str>,
}

/// Every known end, once: those of credentials in use by registration, then the others.
pub(super) fn endings(assessment: &Assessment) -> Vec<Ending<'_>> {
    let mut endings: Vec<Ending<'_>> = assessment.registrations.iter().filter_map(used).collect();
    // A registration that stands in the estate twice has the same credentials in both entries.
    let mut told: BTreeSet<&str> = endings.iter().filter_map(|ending| ending.key_id).collect();
    for view in &assessment.registrations {
        let in_use = in_use(view).map(|credential| credential.key_id.as_str());
        let others = view
            .credentials
            .iter()
            .filter(|credential| Some(credential.key_id.as_str()) != in_use);
        let mut number = 1;
        for credential in others {
            if !told.insert(&credential.key_id) {
                continue;
            }
            if let CredentialEnd::On { end, .. } = credential.ends {
                number += 1;
                endings.push(other(view, credential, end, number));
            }
        }
    }
    endings
}

/// The credential that the registration's end is about, where one is known to be stored.
fn in_use(view: &RegistrationView) -> Option<&CredentialView> {
    let stored = |wanted: StoredMatch| {
        view.credentials
            .iter()
            .find(|credential| credential.stored == wanted && credential.ends == view.ends)
    };
    stored(StoredMatch::Proven).or_else(|| stored(StoredMatch::Matched))
}

fn used(view: &RegistrationView) -> Option<Ending<'_>> {
    let CredentialEnd::On { end, .. } = view.ends else {
        return None;
    };
    let credential = in_use(view);
    Some(Ending {
        uid: uid(view, 1),
        end,
        in_use: true,
        summary: line(&format!("Credential of {} ends", view.name)),
        description: description(view, credential, end, "It is the one in use."),
        key_id: credential.map(|credential| credential.key_id.as_str()),
    })
}

fn other<'a>(
    view: &RegistrationView,
    credential: &'a CredentialView,
    end: DateTime<Utc>,
    number: usize,
) -> Ending<'a> {
    let what = match credential.stored {
        StoredMatch::Other => "It is not the one in the vault.",
        StoredMatch::Proven | StoredMatch::Matched | StoredMatch::CannotTell => {
            "Nothing tells whether it is the one in the vault."
        }
    };
    Ending {
        uid: uid(view, number),
        end,
        in_use: false,
        summary: line(&format!("Another credential of {} ends", view.name)),
        description: description(view, Some(credential), end, what),
        key_id: Some(&credential.key_id),
    }
}

fn description(
    view: &RegistrationView,
    credential: Option<&CredentialView>,
    end: DateTime<Utc>,
    what: &str,
) -> String {
    let mut lines = vec![
        format!("Ends at {}. {what}", minute(end)),
        format!("Environment: {} ({})", view.environment, view.tier),
    ];
    if let Some(client_id) = &view.client_id {
        lines.push(format!("Client id: {client_id}"));
    }
    if let Some(credential) = credential {
        let name = credential.name.as_deref().unwrap_or("without a name");
        lines.push(format!(
            "Credential: {} {name} of the {}, key id {}",
            credential.kind, credential.place, credential.key_id
        ));
    }
    for step in &view.rotation.steps {
        lines.push(format!("- {}", step.say));
    }
    let lines: Vec<String> = lines.iter().map(|text| line(text)).collect();
    lines.join("\n")
}

/// Names the place, not the key (see the head of this format's file).
fn uid(view: &RegistrationView, number: usize) -> String {
    let mut names: Vec<&str> = view.place.iter().map(String::as_str).collect();
    names.extend([view.environment.as_str(), view.name.as_str()]);
    let digest = Sha256::digest(names.join("\n").as_bytes());
    let place: String = digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{place}-{number}@credaudit")
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    fn on(day: &str) -> CredentialEnd {
        CredentialEnd::On {
            end: format!("{day}T00:00:00Z").parse().expect("a literal date"),
            days_left: 1,
        }
    }

    fn credential(key: &str, day: &str, stored: StoredMatch) -> CredentialView {
        let mut credential = fixture::proven("x", "prod", "production")
            .credentials
            .remove(0);
        credential.key_id = key.to_owned();
        credential.ends = on(day);
        credential.stored = stored;
        credential
    }

    fn of(day: &str, credentials: Vec<CredentialView>) -> Vec<(String, String)> {
        let mut assessment = fixture::empty();
        let mut view = fixture::proven("raia", "prod", "production");
        view.ends = on(day);
        view.credentials = credentials;
        assessment.registrations = vec![view];
        let number = |uid: &str| uid.split_once('-').map(|(_, rest)| rest[..1].to_owned());
        endings(&assessment)
            .iter()
            .map(|ending| {
                (
                    number(&ending.uid).expect("a number"),
                    ending.end.format("%Y-%m-%d").to_string(),
                )
            })
            .collect()
    }

    /// A rotation from start to end: each step imported over the last one.
    #[test]
    fn a_rotation_moves_events_and_leaves_none_twice() {
        let (old, new) = ("2027-01-01", "2027-07-01");
        let at = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs
                .iter()
                .map(|(number, day)| ((*number).to_owned(), (*day).to_owned()))
                .collect()
        };
        let proven = StoredMatch::Proven;
        assert_eq!(
            of(old, vec![credential("a", old, proven)]),
            at(&[("1", old)])
        );
        let added = vec![
            credential("a", old, proven),
            credential("b", new, StoredMatch::Other),
        ];
        assert_eq!(of(old, added), at(&[("1", old), ("2", new)]));
        let stored = vec![
            credential("a", old, StoredMatch::Other),
            credential("b", new, proven),
        ];
        assert_eq!(of(new, stored), at(&[("1", new), ("2", old)]));
        assert_eq!(
            of(new, vec![credential("b", new, proven)]),
            at(&[("1", new)])
        );
    }

    #[test]
    fn estates_with_the_same_names_share_a_calendar() {
        let uids = |place: [&str; 2]| -> BTreeSet<String> {
            let mut assessment = fixture::empty();
            let mut view = fixture::proven("raia", "prod", "production");
            view.place = place.map(str::to_owned).to_vec();
            assessment.registrations = vec![view];
            let endings = endings(&assessment).into_iter();
            endings.map(|ending| ending.uid).collect()
        };
        let one = uids(["tenant-1", "contoso.crm4.dynamics.com"]);
        assert_eq!(one, uids(["tenant-1", "contoso.crm4.dynamics.com"]));
        for other in [
            ["tenant-2", "contoso.crm4.dynamics.com"],
            ["tenant-1", "fabrikam.crm4.dynamics.com"],
        ] {
            assert!(one.is_disjoint(&uids(other)), "{other:?}");
        }
    }

    #[test]
    fn an_entry_that_stands_twice_tells_its_other_credentials_once() {
        let mut assessment = fixture::empty();
        let mut first = fixture::proven("a", "prod", "production");
        first
            .credentials
            .push(credential("spare", "2027-07-01", StoredMatch::Other));
        let mut second = first.clone();
        second.name = "b".to_owned();
        assessment.registrations = vec![first, second];
        let endings = endings(&assessment);
        assert_eq!(endings.len(), 3);
        let uids: BTreeSet<&str> = endings.iter().map(|ending| ending.uid.as_str()).collect();
        assert_eq!(uids.len(), 3);
    }
}
