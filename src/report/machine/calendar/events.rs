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
pub(crate) struct Ending<'a> {
    pub uid: String,
    pub end: DateTime<Utc>,
    pub in_use: bool,
    pub summary: String,
    pub description: String,
    key_id: Option<&'a str>,
}

/// Every known end, once: those of credentials in use by registration, then the others.
pub(crate) fn endings(assessment: &Assessment) -> Vec<Ending<'_>> {
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
                endings.push(ending(view, Some(credential), end, number));
            }
        }
    }
    endings
}

/// The credential that the registration's end is about: one with that end, the likeliest to be stored.
fn in_use(view: &RegistrationView) -> Option<&CredentialView> {
    let with_its_end = view.credentials.iter();
    with_its_end
        .filter(|credential| credential.ends == view.ends)
        .min_by_key(|credential| match credential.stored {
            StoredMatch::Proven => 0,
            StoredMatch::Matched => 1,
            StoredMatch::CannotTell => 2,
            StoredMatch::Other => 3,
        })
}

/// What is known of its being stored, and no more.
fn stored(credential: &CredentialView) -> &'static str {
    match credential.stored {
        StoredMatch::Proven => "It is the one in the vault: a token was issued for it.",
        StoredMatch::Matched if credential.kind == "certificate" => {
            "It has the thumbprint of the one in the vault; no token proves it."
        }
        StoredMatch::Matched => "It looks like the one in the vault; no token proves it.",
        StoredMatch::Other => "It is not the one in the vault.",
        StoredMatch::CannotTell => "Whether it is the one in the vault is not known.",
    }
}

/// What has no event: ends that are not known, and credentials without one. `None` where there is neither.
pub(crate) fn without(assessment: &Assessment) -> Option<String> {
    let (mut unknown, mut never) = (Vec::new(), Vec::new());
    for view in &assessment.registrations {
        let whose = format!("{} ({})", view.name, view.environment);
        let others = view.credentials.iter();
        let mut others = others.filter(|credential| credential.ends != view.ends);
        match &view.ends {
            CredentialEnd::Unknown(why) => unknown.push(format!("{whose}: {why}")),
            CredentialEnd::Never => never.push(whose.clone()),
            CredentialEnd::On { .. } => {}
        }
        if others.any(|other| matches!(other.ends, CredentialEnd::Unknown(_))) {
            unknown.push(format!("another credential of {whose}"));
        }
    }
    let mut sentences = Vec::new();
    if !unknown.is_empty() {
        sentences.push(format!("Expiry unknown for {}.", unknown.join("; ")));
    }
    if !never.is_empty() {
        sentences.push(format!("Not set to expire: {}.", never.join("; ")));
    }
    if assessment.verdict.incomplete {
        sentences.push("Not everything could be read: there may be more.".to_owned());
    }
    (!sentences.is_empty()).then(|| line(&sentences.join(" ")))
}

fn used(view: &RegistrationView) -> Option<Ending<'_>> {
    let CredentialEnd::On { end, .. } = view.ends else {
        return None;
    };
    Some(ending(view, in_use(view), end, 1))
}

/// The first is the one in use.
fn ending<'a>(
    view: &RegistrationView,
    credential: Option<&'a CredentialView>,
    end: DateTime<Utc>,
    number: usize,
) -> Ending<'a> {
    let which = if number == 1 {
        "Credential"
    } else {
        "Another credential"
    };
    let proven = credential.is_some_and(|credential| credential.stored == StoredMatch::Proven);
    Ending {
        uid: uid(view, number),
        end,
        in_use: number == 1 && proven,
        summary: line(&format!("{which} of {} expires", view.name)),
        description: description(view, credential, end),
        key_id: credential.map(|credential| credential.key_id.as_str()),
    }
}

fn description(
    view: &RegistrationView,
    credential: Option<&CredentialView>,
    end: DateTime<Utc>,
) -> String {
    let what = credential.map_or("Which credential it is could not be read.", stored);
    let mut lines = vec![
        format!("Expires at {}. {what}", minute(end)),
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
        lines.extend(step.lines(false).into_iter().map(|(shell, line)| {
            shell.map_or_else(|| line.to_owned(), |shell| format!("{shell}: {line}"))
        }));
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
    use super::*;
    use crate::report::fixture;

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

    #[test]
    fn a_credential_has_one_event_that_says_only_what_is_known() {
        let mut assessment = fixture::empty();
        let mut view = fixture::proven("sms-gateway", "prod", "production");
        view.ends = on("2027-01-01");
        view.rotation.steps = vec![crate::model::assessment::Step {
            say: "Look who uses it: this line of bash asks for it"
                .to_owned()
                .into(),
            run: Some("az ad app show --id 5b7a2f0e".to_owned()),
            powershell: Some("az ad app show --id 5b7a2f0e".to_owned()),
            others: Default::default(),
        }];
        for (stored, says) in [
            (
                StoredMatch::Proven,
                "It is the one in the vault: a token was issued for it.",
            ),
            (StoredMatch::Matched, "no token proves it"),
            (
                StoredMatch::CannotTell,
                "Whether it is the one in the vault is not known.",
            ),
            (StoredMatch::Other, "It is not the one in the vault."),
        ] {
            view.credentials = vec![credential("a", "2027-01-01", stored)];
            assessment.registrations = vec![view.clone()];
            let endings = endings(&assessment);
            assert_eq!(endings.len(), 1, "{stored:?}");
            let text = &endings[0].description;
            assert!(text.contains(says), "{text}");
            assert!(!text.contains("in use"), "{text}");
            assert!(text.contains("az ad app show --id 5b7a2f0e"), "{text}");
        }
        view.credentials.clear();
        assessment.registrations = vec![view];
        let endings = endings(&assessment);
        let text = &endings[0].description;
        assert!(
            text.contains("Which credential it is could not be read"),
            "{text}"
        );
        assert!(!endings[0].in_use);
    }
}
