//! What holds of every rotation, over random sets of credentials, vault entries and tokens.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::rotation_tests::judged;
use crate::checks::testing::*;
use crate::estate::Consumer;
use crate::evidence::*;
use crate::model::Presence;
use crate::model::assessment::{CredentialView, RotationState, StoredMatch};

#[derive(Clone, Debug)]
struct Drawn {
    start: Option<i64>,
    end: Option<i64>,
    certificate: bool,
    on_principal: bool,
    matches: Option<bool>,
    last_use: Option<Option<i64>>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    (
        prop_oneof![9 => (-400i64..20).prop_map(Some), 1 => Just(None)],
        prop_oneof![9 => (-100i64..400).prop_map(Some), 1 => Just(None)],
        any::<bool>(),
        any::<bool>(),
        prop_oneof![4 => Just(Some(false)), 4 => Just(Some(true)), 1 => Just(None)],
        prop_oneof![
            4 => (-200i64..1).prop_map(|day| Some(Some(day))),
            2 => Just(Some(None)),
            1 => Just(None)
        ],
    )
        .prop_map(
            |(start, end, certificate, on_principal, matches, last_use)| Drawn {
                start,
                end,
                certificate,
                on_principal,
                matches,
                last_use,
            },
        )
}

fn made(drawn: &Drawn, index: usize) -> Credential {
    let mut credential = credential(&mut tidy(), 0).clone();
    credential.key_id = format!("key-{index}");
    credential.start = drawn.start.map(days_from_now);
    credential.end = drawn.end.map_or_else(gap, |day| known(days_from_now(day)));
    credential.matches_stored = drawn.matches.map_or_else(gap, known);
    credential.last_use = match drawn.last_use {
        None => gap(),
        Some(None) => known(LastUse::NotReported),
        Some(Some(day)) => known(LastUse::At(days_from_now(day) + TimeDelta::hours(1))),
    };
    if drawn.certificate {
        credential.kind = CredentialKind::Certificate;
        credential.certificate = Some(KeyCredential {
            thumbprint: Some(format!("{index}")),
            usage: Some("Verify".to_owned()),
            facts: known(certificate_facts()),
        });
    }
    credential
}

const ENTRIES: usize = 7;

/// What the vault answered and how the tokens went, by number.
fn spoil_entry(snapshot: &mut Snapshot, entry: usize, token: usize, certificate: bool) {
    if certificate {
        store_certificate(snapshot);
    }
    match entry {
        0 => raia(snapshot).entry = gap(),
        1 => raia(snapshot).entry = known(Presence::Absent),
        2 => delete_entry(snapshot, None),
        3 => disable_entry(snapshot),
        4 => content(snapshot).problems = vec![EntryProblem::PrivateKeyMissing],
        _ => {}
    }
    match token {
        0 => lose_tokens(snapshot),
        1 => refuse_token(snapshot, "AADSTS7000215"),
        2 => refuse_token(snapshot, "AADSTS7000222"),
        3 => refuse_token(snapshot, "AADSTS7000112"),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_rotation_is_total_and_never_lets_the_only_proven_one_go(
        all in prop::collection::vec(drawn(), 0..6),
        order in any::<prop::sample::Index>(),
        entry in 0..ENTRIES,
        token in 0..8usize,
        certificate in any::<bool>(),
        consumers in any::<bool>(),
    ) {
        let build = |turn: usize| {
            let mut snapshot = tidy();
            spoil_entry(&mut snapshot, entry, token, certificate);
            let mut made: Vec<(bool, Credential)> = all
                .iter()
                .enumerate()
                .map(|(index, drawn)| (drawn.on_principal, made(drawn, index)))
                .collect();
            let turned = turn.min(made.len());
            made.rotate_left(turned);
            if turn > 0 {
                made.reverse();
            }
            let (on, off): (Vec<_>, Vec<_>) = made.into_iter().partition(|(on, _)| *on);
            *credentials(&mut snapshot) = off.into_iter().map(|(_, one)| one).collect();
            principal(&mut snapshot).credentials = known(on.into_iter().map(|(_, one)| one).collect());
            if consumers {
                snapshot.estate.registrations[0].consumers = vec![Consumer {
                    name: "Vendor".to_owned(),
                    contact: None,
                }];
            }
            snapshot
        };
        let snapshot = build(0);
        let (credentials, rotation) = judged(&snapshot);
        prop_assert!(!rotation.why.is_empty());
        // The order that Graph answers in changes nothing.
        let turned = judged(&build(order.index(all.len().max(1)) + 1));
        prop_assert_eq!(&turned.0, &credentials);
        prop_assert_eq!(&turned.1, &rotation);

        let proven = credentials.iter().find(|one| one.stored == StoredMatch::Proven);
        let removed: Vec<&CredentialView> = credentials.iter().filter(|one| one.safe_to_remove).collect();
        for one in &removed {
            prop_assert_eq!(one.stored, StoredMatch::Other);
            let proven = proven.expect("a newer one is stored and proven");
            prop_assert!(proven.start >= one.start, "{one:?} {proven:?}");
            prop_assert!(token >= 4 && entry >= 5 || entry == 4, "a token was issued");
            let drawn = &all[one.key_id["key-".len()..].parse::<usize>().unwrap()];
            if drawn.end.is_none_or(|end| end > 0) {
                prop_assert!(!consumers, "somebody holds a copy");
                let idle = match drawn.last_use {
                    Some(None) => true,
                    Some(Some(day)) => day < -14,
                    None => false,
                };
                prop_assert!(idle, "{drawn:?}");
            }
        }
        if matches!(rotation.state, RotationState::Broken | RotationState::Unknown) {
            prop_assert!(removed.is_empty());
        }
        // Whatever a line deletes is safe, or waits for a word of those who hold a copy.
        for step in &rotation.steps {
            // What it says where storing fails deletes nothing.
            let run = step.run.as_deref().map(|run| run.split("echo '").next().unwrap_or(run));
            if let Some(run) = run
                && run.contains("credential delete")
            {
                prop_assert!(step.say.starts_with("Once they all") || removed.iter().any(|one| run.contains(&one.key_id)));
            }
        }
    }
}
