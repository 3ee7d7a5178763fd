//! Tests of rotations: every state by hand.

use crate::checks::testing::*;
use crate::estate::{Consumer, Prove};
use crate::evidence::*;
use crate::facts::case::Context;
use crate::facts::index::Index;
use crate::facts::rotation::params::RotationParams;
use crate::facts::rotation::view::life;
use crate::model::assessment::{CredentialView, RotationState, RotationView, StoredMatch};
use crate::model::{Observed, Presence};

pub(super) fn judged(snapshot: &Snapshot) -> (Vec<CredentialView>, RotationView) {
    let context = Context {
        snapshot,
        as_of: as_of(),
        index: &Index::of(snapshot),
    };
    life(&context, &RotationParams::default(), "raia")
}

fn after(spoil: impl FnOnce(&mut Snapshot)) -> (Vec<CredentialView>, RotationView) {
    let mut snapshot = tidy();
    spoil(&mut snapshot);
    judged(&snapshot)
}

fn state(spoil: impl FnOnce(&mut Snapshot)) -> RotationState {
    after(spoil).1.state
}

fn safe(credentials: &[CredentialView]) -> Vec<&str> {
    let safe = credentials.iter().filter(|one| one.safe_to_remove);
    safe.map(|one| one.key_id.as_str()).collect()
}

/// An old secret beside the stored one, idle for 40 days.
fn leave_old(snapshot: &mut Snapshot) {
    let old = add_credential(snapshot, "old", -200, 20);
    old.last_use = known(LastUse::At(days_from_now(-40)));
}

fn runs(view: &RotationView) -> Vec<&str> {
    view.steps
        .iter()
        .filter_map(|step| step.run.as_deref())
        .collect()
}

#[test]
fn one_stored_young_credential_is_fresh() {
    let (credentials, rotation) = after(|_| {});
    assert_eq!(rotation.state, RotationState::Fresh);
    assert_eq!(rotation.steps, []);
    assert_eq!(credentials[0].stored, StoredMatch::Proven);
    assert_eq!(safe(&credentials), [""; 0]);
}

#[test]
fn due_by_its_end_or_by_its_age_and_then_overdue() {
    let ends_in = |days| state(|snapshot| credential(snapshot, 0).end = known(days_from_now(days)));
    assert_eq!(ends_in(30), RotationState::Due);
    assert_eq!(ends_in(31), RotationState::Fresh);
    let aged =
        |days: i64| state(|snapshot| credential(snapshot, 0).start = Some(days_from_now(-days)));
    assert_eq!(aged(150), RotationState::Fresh);
    assert_eq!(aged(151), RotationState::Due);
    assert_eq!(aged(180), RotationState::Due);
    assert_eq!(aged(181), RotationState::Overdue);
    let (_, rotation) = after(|snapshot| credential(snapshot, 0).end = known(days_from_now(20)));
    let line = runs(&rotation)[0];
    assert!(
        line.contains("--append") && line.contains("--end-date 2027-05-20"),
        "{line}"
    );
    assert!(
        line.contains("--id client-1") && line.contains("--vault-name kv-prod --name raia-secret"),
        "{line}"
    );
}

#[test]
fn a_new_one_that_is_stored_and_proven_lets_the_old_one_go() {
    let (credentials, rotation) = after(leave_old);
    assert_eq!(rotation.state, RotationState::Overlap);
    assert_eq!(safe(&credentials), ["old"]);
    assert_eq!(
        runs(&rotation),
        ["az ad app credential delete --id client-1 --key-id old"]
    );
}

#[test]
fn nothing_is_safe_before_everyone_who_holds_a_copy_says_so() {
    let (credentials, rotation) = after(|snapshot| {
        leave_old(snapshot);
        snapshot.estate.registrations[0].consumers = vec![Consumer {
            name: "Vendor".to_owned(),
            contact: None,
        }];
    });
    assert_eq!(rotation.state, RotationState::Overlap);
    assert_eq!(safe(&credentials), [""; 0]);
    assert!(rotation.steps[0].say.ends_with("Vendor"), "{rotation:?}");
}

#[test]
fn what_may_be_in_use_is_never_safe() {
    type Spoil = fn(&mut Snapshot);
    let cases: [Spoil; 7] = [
        // Somebody signed in with it the other day.
        |snapshot| credential(snapshot, 1).last_use = known(LastUse::At(days_from_now(-10))),
        // The report could not be read.
        |snapshot| credential(snapshot, 1).last_use = gap(),
        // The sign-in may be the audit's own.
        |snapshot| credential(snapshot, 1).last_use = known(LastUse::At(days_from_now(-7))),
        // No token proves the new one.
        lose_tokens,
        // It may be the stored one itself.
        |snapshot| credential(snapshot, 1).matches_stored = gap(),
        // The service principal may hold the one that is stored.
        |snapshot| principal(snapshot).credentials = gap(),
        // Only a part of the estate was looked at.
        |snapshot| snapshot.narrowed = Some("--registration raia".to_owned()),
    ];
    for (index, spoil) in cases.into_iter().enumerate() {
        let (credentials, _) = after(|snapshot| {
            leave_old(snapshot);
            spoil(snapshot);
        });
        assert_eq!(safe(&credentials), [""; 0], "case {index}");
    }
}

#[test]
fn what_another_registration_stores_belongs_to_that_one() {
    // Two registrations of the estate with one client id, each with a secret of its own.
    let share = |snapshot: &mut Snapshot| {
        leave_old(snapshot);
        share_client_id(snapshot);
        let mut application = raia(snapshot).application.clone();
        if let Observed::Known(Presence::Present(application)) = &mut application
            && let Observed::Known(credentials) = &mut application.credentials
        {
            credentials[0].matches_stored = known(false);
            credentials[1].matches_stored = known(true);
        }
        let other = snapshot.registrations.get_mut("raia-dev").unwrap();
        other.application = application;
    };
    let (credentials, rotation) = after(share);
    assert_eq!(rotation.state, RotationState::Fresh);
    assert_eq!(safe(&credentials), [""; 0]);
    // Where that cannot be read, it may be so.
    let (credentials, rotation) = after(|snapshot| {
        share(snapshot);
        snapshot
            .registrations
            .get_mut("raia-dev")
            .unwrap()
            .application = gap();
    });
    assert_eq!(rotation.state, RotationState::Overlap);
    assert_eq!(safe(&credentials), [""; 0]);
}

#[test]
fn a_new_one_that_is_not_stored_is_half_done() {
    let (credentials, rotation) = after(|snapshot| {
        add_credential(snapshot, "new", -2, 170);
    });
    assert_eq!(rotation.state, RotationState::HalfDone);
    assert_eq!(safe(&credentials), [""; 0]);
    let lines = runs(&rotation);
    assert!(lines[0].contains("IFS= read -rsp"), "{lines:?}");
    assert!(
        lines[0].contains("--expires 2027-05-10T06:00:00Z"),
        "{lines:?}"
    );
    assert!(
        lines[1].contains("credential reset --id client-1 --append"),
        "{lines:?}"
    );
}

#[test]
fn what_does_not_work_is_broken() {
    type Spoil = fn(&mut Snapshot);
    let cases: [Spoil; 6] = [
        |snapshot| refuse_token(snapshot, "AADSTS7000215"),
        |snapshot| {
            refuse_token(snapshot, "AADSTS7000222");
            credential(snapshot, 0).end = known(days_from_now(-1));
        },
        |snapshot| raia(snapshot).entry = known(Presence::Absent),
        |snapshot| delete_entry(snapshot, None),
        disable_entry,
        |snapshot| content(snapshot).problems = vec![EntryProblem::Empty],
    ];
    for (index, spoil) in cases.into_iter().enumerate() {
        let (credentials, rotation) = after(spoil);
        assert_eq!(rotation.state, RotationState::Broken, "case {index}");
        assert!(!rotation.steps.is_empty(), "case {index}");
        assert_eq!(safe(&credentials), [""; 0], "case {index}");
    }
}

#[test]
fn two_that_begin_alike_cannot_be_told_apart() {
    let (credentials, rotation) = after(|snapshot| {
        add_credential(snapshot, "alike", -5, 100).matches_stored = known(true);
    });
    assert_eq!(rotation.state, RotationState::Unknown);
    assert!(
        rotation.why.contains("2 credentials begin like"),
        "{}",
        rotation.why
    );
    assert!(
        credentials
            .iter()
            .all(|one| one.stored == StoredMatch::CannotTell)
    );
    // Nor one whose beginning Graph does not tell; its end is known all the same, for there is no other.
    let (credentials, rotation) = after(|snapshot| credential(snapshot, 0).matches_stored = gap());
    assert_eq!(credentials[0].stored, StoredMatch::CannotTell);
    assert_eq!(rotation.state, RotationState::Fresh);
}

#[test]
fn a_certificate_is_told_by_its_thumbprint_and_a_secret_beside_it_is_no_candidate() {
    let (credentials, rotation) = after(|snapshot| {
        leave_old(snapshot);
        store_certificate(snapshot);
    });
    assert_eq!(rotation.state, RotationState::Overlap);
    assert_eq!(safe(&credentials), ["old"]);
    let (credentials, _) = after(|snapshot| {
        // A gap on the other kind does not matter.
        add_credential(snapshot, "old", -200, 20).matches_stored = gap();
        store_certificate(snapshot);
    });
    let stored = |key: &str| {
        credentials
            .iter()
            .find(|one| one.key_id == key)
            .unwrap()
            .stored
    };
    assert_eq!(stored("key-1"), StoredMatch::Proven);
    assert_eq!(stored("old"), StoredMatch::Other);
}

#[test]
fn one_on_the_service_principal_can_be_the_stored_one() {
    let (credentials, rotation) = after(|snapshot| {
        let stored = credential(snapshot, 0).clone();
        credential(snapshot, 0).matches_stored = known(false);
        credential(snapshot, 0).key_id = "old".to_owned();
        credential(snapshot, 0).start = Some(days_from_now(-100));
        credential(snapshot, 0).last_use = known(LastUse::NotReported);
        let mut signing = saml_signing(snapshot);
        signing.push(stored);
        principal(snapshot).credentials = known(signing);
    });
    assert_eq!(rotation.state, RotationState::Overlap);
    assert_eq!(safe(&credentials), ["old"]);
    let shown: Vec<(&str, &str)> = credentials
        .iter()
        .map(|one| (one.key_id.as_str(), one.place.as_str()))
        .collect();
    assert_eq!(
        shown,
        [("old", "registration"), ("key-1", "service principal")]
    );
}

#[test]
fn without_a_token_a_match_is_no_proof() {
    let (credentials, rotation) = after(|snapshot| {
        for proof in &mut raia(snapshot).tokens {
            proof.answer = Observed::not_reached("prove = never");
        }
        snapshot.estate.registrations[0].prove = Prove::Never;
    });
    assert_eq!(credentials[0].stored, StoredMatch::Matched);
    assert_eq!(rotation.state, RotationState::Fresh);
    assert!(!rotation.why.contains("proven"), "{}", rotation.why);
}

#[test]
fn an_ended_one_may_go_once_another_is_proven() {
    let (credentials, rotation) = after(|snapshot| {
        add_credential(snapshot, "ended", -300, -10).last_use = gap();
    });
    assert_eq!(rotation.state, RotationState::Fresh);
    assert_eq!(safe(&credentials), ["ended"]);
}

/// The value is inside `form` at `path`.
fn wrap(snapshot: &mut Snapshot, form: WrapperForm, path: &[&str], replaceable: bool) {
    content(snapshot).wrapper = Some(Wrapper {
        inside: Some(Inside {
            form,
            path: path
                .iter()
                .map(|name| PathSegment::Name((*name).to_owned()))
                .collect(),
            replaceable,
        }),
        ..Wrapper::default()
    });
}

#[test]
fn a_new_secret_keeps_the_form_it_is_stored_in() {
    let line = |form, path: &[&str], replaceable| {
        let (_, rotation) = after(|snapshot| {
            credential(snapshot, 0).end = known(days_from_now(20));
            wrap(snapshot, form, path, replaceable);
        });
        (
            runs(&rotation).first().map(|line| (*line).to_owned()),
            rotation.steps[0].say.clone(),
        )
    };
    let (json, _) = line(WrapperForm::Json, &["dataverse", "clientSecret"], true);
    let json = json.expect("a line");
    assert!(
        json.contains("setpath($at; $new)") && json.contains(r#"'["dataverse","clientSecret"]'"#),
        "{json}"
    );
    let (pair, _) = line(WrapperForm::ConnectionString, &["ClientSecret"], true);
    assert!(pair.is_some_and(|line| line.contains("--arg at ClientSecret --arg mark ';'")));
    for form in [
        WrapperForm::ConnectionString,
        WrapperForm::Json,
        WrapperForm::Variables,
    ] {
        let (none, say) = line(form, &["ClientSecret"], false);
        assert_eq!(none, None, "no line overwrites it");
        assert!(
            say.contains("change only the credential") && say.contains(form.as_str()),
            "{say}"
        );
    }
}

#[test]
fn a_wrapped_secret_that_is_known_is_stored_again_and_not_rotated() {
    let after_wrapping = |forms: &[WrapperForm], matches: bool| {
        let (_, rotation) = after(|snapshot| {
            lose_tokens(snapshot);
            credential(snapshot, 0).matches_stored = known(matches);
            let content = content(snapshot);
            content.problems = vec![EntryProblem::Wrapped];
            content.wrapper = Some(Wrapper {
                forms: forms.to_vec(),
                ..Wrapper::default()
            });
        });
        assert_eq!(rotation.state, RotationState::Broken);
        rotation
    };
    for forms in [
        &[WrapperForm::Quotes][..],
        &[WrapperForm::ByteOrderMark, WrapperForm::Quotes],
        &[WrapperForm::Base64],
    ] {
        let rotation = after_wrapping(forms, true);
        assert!(
            !runs(&rotation).concat().contains("credential reset"),
            "{rotation:?}"
        );
        assert!(
            rotation.steps[0].say.contains("Store the same value again"),
            "{rotation:?}"
        );
    }
    let json = after_wrapping(&[WrapperForm::Json], false);
    assert!(
        runs(&json).is_empty() && json.steps[0].say.contains("Name the field"),
        "{json:?}"
    );
    let unfilled = after_wrapping(&[WrapperForm::Placeholder], false);
    assert!(
        runs(&unfilled)[0].contains("credential reset"),
        "{unfilled:?}"
    );
    let unknown = after_wrapping(&[WrapperForm::VaultReference], false);
    assert!(runs(&unknown).is_empty(), "{unknown:?}");
}
