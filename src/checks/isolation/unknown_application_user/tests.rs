//! Application users that nothing explains, and those that something does.

use super::*;
use crate::checks::testing::*;

const STRANGER: &str = "environment/prod/application-user/client-9";

fn list(snapshot: &mut Snapshot) -> &mut Listing<ApplicationUser> {
    let prod = snapshot.environments.get_mut("prod").unwrap();
    &mut prod.application_users
}

fn stranger(snapshot: &mut Snapshot) -> &mut ApplicationUser {
    let mut user = application_user("user-9", "client-9");
    user.name = Some("Old bridge".to_owned());
    user.roles = Some(Listing::complete(vec![RoleGrant {
        name: "Sales".to_owned(),
        role_id: "role-9".to_owned(),
        template_id: None,
        team: Some("Everybody".to_owned()),
        reach: None,
    }]));
    let users = &mut list(snapshot).items;
    users.push(user);
    users.last_mut().unwrap()
}

fn about(resource: &str, spoil: impl FnOnce(&mut Snapshot)) -> Verdict {
    judge_all::<UnknownApplicationUser>(spoil)
        .into_iter()
        .find(|verdict| verdict.resource == resource)
        .expect("a verdict about it")
}

fn told(spoil: impl FnOnce(&mut Snapshot)) -> String {
    match about(STRANGER, spoil).outcome {
        Outcome::Fail(failure) => failure.seen.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_user_that_nothing_explains_is_told_with_what_is_known_of_it() {
    let words = told(|snapshot| drop(stranger(snapshot).clone()));
    for part in [
        "Old bridge",
        "client-9",
        "Sales (through team Everybody)",
        "2026-10-22",
    ] {
        assert!(words.contains(part), "{words}");
    }
    let unread = told(|snapshot| {
        let user = stranger(snapshot);
        (user.roles, user.modified) = (Some(Listing::cut_short(Vec::new(), a_gap())), gap());
    });
    assert!(
        unread.contains("its roles could not be read")
            && unread.contains("changed could not be read"),
        "{unread}"
    );
}

#[test]
fn the_estate_the_auditor_and_microsoft_explain_theirs() {
    let own = about("environment/prod/application-user/CLIENT-1", |snapshot| {
        stranger(snapshot).client_id = "CLIENT-1".to_owned();
    });
    assert!(matches!(own.outcome, Outcome::Pass), "{own:?}");
    assert_eq!(own.subjects, ["registration/raia"]);
    for id in ["auditor-1", "bdb3d4c5-dc11-426e-8f04-2621dbcce738"] {
        let verdict = about(
            &format!("environment/prod/application-user/{id}"),
            |snapshot| {
                stranger(snapshot).client_id = id.to_owned();
            },
        );
        assert!(
            matches!(verdict.outcome, Outcome::NotApplicable(_)),
            "{verdict:?}"
        );
    }
}

#[test]
fn an_owner_in_one_of_microsofts_tenants_explains_a_user_that_the_table_does_not() {
    let principal = |principal| {
        about(STRANGER, |snapshot| {
            stranger(snapshot).principal = Some(principal);
        })
    };
    let present = |kind| known(Presence::Present(kind));
    let own = principal(present(PrincipalKind::Microsoft));
    assert!(matches!(own.outcome, Outcome::NotApplicable(_)), "{own:?}");
    for other in [
        present(PrincipalKind::Own),
        present(PrincipalKind::Foreign),
        present(PrincipalKind::ManagedIdentity),
        present(PrincipalKind::Other),
        known(Presence::Absent),
    ] {
        let verdict = principal(other);
        assert!(matches!(verdict.outcome, Outcome::Fail(_)), "{verdict:?}");
    }
    let refused = principal(gap());
    assert!(
        matches!(refused.outcome, Outcome::Unknown(_)),
        "{refused:?}"
    );
    // A registration of the estate in another environment needs nobody's word.
    let listed = about("environment/prod/application-user/client-2", |snapshot| {
        let user = stranger(snapshot);
        user.client_id = "client-2".to_owned();
        user.principal = Some(gap());
    });
    assert!(matches!(listed.outcome, Outcome::Fail(_)), "{listed:?}");
}

#[test]
fn another_environments_registration_is_the_subject_of_its_user_here() {
    let verdict = about("environment/prod/application-user/client-2", |snapshot| {
        stranger(snapshot).client_id = "client-2".to_owned();
    });
    assert_eq!(verdict.subjects, ["registration/raia-dev"]);
    let Outcome::Fail(failure) = verdict.outcome else {
        panic!("{verdict:?}")
    };
    assert!(
        failure.seen.contains("only as raia-dev of dev"),
        "{}",
        failure.seen
    );
    let one_organisation = about("environment/prod/application-user/client-2", |snapshot| {
        stranger(snapshot).client_id = "client-2".to_owned();
        let host = snapshot.estate.environments["prod"].dataverse.clone();
        snapshot
            .estate
            .environments
            .get_mut("dev")
            .unwrap()
            .dataverse = host;
    });
    assert!(matches!(one_organisation.outcome, Outcome::Pass));
    // One Finance & Operations is not one Dataverse.
    let one_finops = about("environment/prod/application-user/client-2", |snapshot| {
        stranger(snapshot).client_id = "client-2".to_owned();
        let host = snapshot.estate.environments["prod"].finops.clone();
        let dev = snapshot.estate.environments.get_mut("dev").unwrap();
        dev.finops = host;
    });
    assert!(matches!(one_finops.outcome, Outcome::Fail(_)));
}

#[test]
fn disabled_ones_and_parts_of_the_estate_do_not_arise() {
    for spoil in [
        (|snapshot: &mut Snapshot| stranger(snapshot).disabled = known(true)) as fn(&mut Snapshot),
        |snapshot| {
            stranger(snapshot);
            snapshot.narrowed = Some("only environments prod".to_owned());
        },
    ] {
        let verdict = about(STRANGER, spoil);
        assert!(
            matches!(verdict.outcome, Outcome::NotApplicable(_)),
            "{verdict:?}"
        );
    }
}

#[test]
fn what_cannot_be_told_is_unknown() {
    type Spoil = fn(&mut Snapshot);
    let spoils: [Spoil; 4] = [
        |snapshot| stranger(snapshot).disabled = gap(),
        |snapshot| {
            stranger(snapshot);
            let entry = snapshot.estate.registrations[0].stored_mut().entry.clone();
            snapshot.estate.registrations[0].client_id = crate::estate::ClientId::Secret(entry);
            raia(snapshot).client_id = gap();
        },
        |snapshot| {
            stranger(snapshot);
            auditor(snapshot).signed_in = gap();
        },
        |snapshot| {
            stranger(snapshot);
            identity(snapshot).client_id = None;
        },
    ];
    for spoil in spoils {
        let verdict = about(STRANGER, spoil);
        assert!(
            matches!(verdict.outcome, Outcome::Unknown(_)),
            "{verdict:?}"
        );
    }
}

#[test]
fn of_a_list_cut_short_what_was_read_is_judged() {
    let cut = |snapshot: &mut Snapshot| {
        stranger(snapshot);
        list(snapshot).gap = Some(a_gap());
    };
    assert!(matches!(about(STRANGER, cut).outcome, Outcome::Fail(_)));
    let rest = about("environment/prod", cut);
    assert!(matches!(rest.outcome, Outcome::Unknown(_)), "{rest:?}");
    assert!(matches!(
        about("environment/prod", |_| {}).outcome,
        Outcome::Pass
    ));
}
