//! A refusal of what is too new to be known everywhere: by age, by code, by what is new.

use chrono::TimeDelta;

use super::access::token_refused::TokenRefused;
use super::check::Check;
use super::lifecycle::credential_expired::CredentialExpired;
use super::lifecycle::rotation_overdue::RotationOverdue;
use super::lifecycle::rotation_unfinished::RotationUnfinished;
use super::lifecycle::vault_value_not_live::VaultValueNotLive;
use super::testing::*;
use crate::evidence::{ServicesClock, Snapshot};
use crate::model::Outcome;

/// Refused with this code, while the credential and the vault's version were this many seconds old.
fn refused(code: &str, credential_age: i64, version_age: i64) -> impl FnOnce(&mut Snapshot) {
    let code = code.to_owned();
    move |snapshot| {
        refuse_token(snapshot, &code);
        credential(snapshot, 0).start = Some(as_of() - TimeDelta::seconds(credential_age));
        attributes(snapshot).created = Some(as_of() - TimeDelta::seconds(version_age));
        entry_of(snapshot, "raia").versions.items.clear();
    }
}

fn outcome<C: Check>(code: &str, credential_age: i64, version_age: i64) -> (&'static str, String) {
    match judge_raia::<C>(refused(code, credential_age, version_age)) {
        Outcome::Pass => ("pass", String::new()),
        Outcome::Fail(failure) => ("fail", failure.seen.to_string()),
        Outcome::Unknown(gap) => ("unknown", gap.to_string()),
        Outcome::NotApplicable(why) => ("not applicable", why.to_string()),
    }
}

const OLD: i64 = 86_400;

#[test]
fn a_refusal_of_something_new_proves_nothing_for_ten_minutes() {
    for (age, expected, wait) in [
        (0, "unknown", "ask again in 10 minutes"),
        (1, "unknown", "ask again in 10 minutes"),
        (60, "unknown", "ask again in 9 minutes"),
        (61, "unknown", "ask again in 9 minutes"),
        (540, "unknown", "ask again in 1 minute"),
        (599, "unknown", "ask again in 1 minute"),
        (600, "fail", ""),
        (601, "fail", ""),
        (OLD, "fail", ""),
        // A clock that is a little ahead made it; a start far ahead is no new one.
        (-299, "unknown", "ask again in 10 minutes"),
        (-3600, "fail", ""),
    ] {
        for code in ["AADSTS7000215", "AADSTS7000222"] {
            for (credential, version) in [(age, OLD), (OLD, age), (age, age)] {
                let (told, words) = outcome::<TokenRefused>(code, credential, version);
                assert_eq!(told, expected, "{code} {credential} {version}: {words}");
                assert!(words.contains(wait), "{words}");
            }
        }
    }
}

/// The services made the credential by their clock and this machine stamped the refusal with its own.
#[test]
fn the_age_is_counted_by_the_services_clock() {
    for (ahead, age, expected) in [
        // An hour behind: by this machine's clock it would be made in the future.
        (3600, 60, "unknown"),
        (3600, 3600, "fail"),
        // An hour ahead: by this machine's clock it would be an hour old.
        (-3600, 60, "unknown"),
        (-3600, 660, "fail"),
        (0, 60, "unknown"),
    ] {
        let ahead = TimeDelta::seconds(ahead);
        let told = judge_raia::<TokenRefused>(|snapshot| {
            let at_start = snapshot.started + ahead;
            snapshot.clock = Some(ServicesClock {
                at_start,
                ahead_seconds: ahead.num_seconds(),
            });
            refuse_token(snapshot, "AADSTS7000215");
            credential(snapshot, 0).start = Some(at_start - TimeDelta::seconds(age));
            attributes(snapshot).created = Some(days_from_now(-30));
            entry_of(snapshot, "raia").versions.items.clear();
        });
        let told = match &told {
            Outcome::Unknown(_) => "unknown",
            Outcome::Fail(_) => "fail",
            other => panic!("{other:?}"),
        };
        assert_eq!(told, expected, "{ahead} {age}");
    }
}

#[test]
fn only_codes_that_a_new_credential_is_refused_with_wait() {
    for code in [
        "AADSTS700016",
        "AADSTS7000112",
        "AADSTS7000229",
        "AADSTS501051",
        "AADSTS90002",
        "AADSTS1000502",
        // About a certificate, and the new one is a secret.
        "AADSTS700027",
    ] {
        assert_eq!(outcome::<TokenRefused>(code, 60, OLD).0, "fail", "{code}");
    }
}

#[test]
fn no_check_fails_on_a_refusal_that_came_too_early() {
    for code in ["AADSTS7000215", "AADSTS7000222"] {
        for (credential, version) in [(60, OLD), (OLD, 60), (60, 60)] {
            let told = [
                outcome::<TokenRefused>(code, credential, version),
                outcome::<VaultValueNotLive>(code, credential, version),
                outcome::<CredentialExpired>(code, credential, version),
                outcome::<RotationUnfinished>(code, credential, version),
                outcome::<RotationOverdue>(code, credential, version),
            ];
            assert!(
                told.iter().all(|(told, _)| *told != "fail"),
                "{code} {told:?}"
            );
            assert_eq!(told[0].0, "unknown");
            assert_eq!(told[1].0, "unknown");
            assert_eq!(told[3].0, "unknown");
        }
        let later = outcome::<VaultValueNotLive>(code, OLD, OLD);
        assert_eq!(later.0, "fail", "{later:?}");
    }
}

/// Ten minutes after a rotation the dates alone would call the old one expired.
#[test]
fn an_expired_one_beside_a_new_one_waits_and_alone_it_fails() {
    let expired = |fresh: bool| {
        move |snapshot: &mut Snapshot| {
            refuse_token(snapshot, "AADSTS7000222");
            let mut new = credential(snapshot, 0).clone();
            new.key_id = "new".to_owned();
            new.matches_stored = known(false);
            new.start = Some(as_of() - TimeDelta::minutes(2));
            credential(snapshot, 0).end = known(days_from_now(-3));
            if fresh {
                credentials(snapshot).push(new);
            }
        }
    };
    assert_unknown::<CredentialExpired>(expired(true));
    assert_unknown::<VaultValueNotLive>(expired(true));
    assert_fail::<CredentialExpired>(expired(false));
}

/// A certificate that was uploaded a minute ago waits, too, for its own code.
#[test]
fn a_new_certificate_waits_for_its_own_code() {
    let new = |code: &'static str| {
        move |snapshot: &mut Snapshot| {
            store_certificate(snapshot);
            refuse_token(snapshot, code);
            credential(snapshot, 0).start = Some(as_of() - TimeDelta::minutes(1));
        }
    };
    assert_unknown::<TokenRefused>(new("AADSTS700027"));
    assert_fail::<TokenRefused>(new("AADSTS1000502"));
}
