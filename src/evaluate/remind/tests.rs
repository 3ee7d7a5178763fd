//! Reminders over time: each band once, escalation, closing lines, signs of life.

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::checks::fixture::{application, as_of, credentials, gap, known, raia, tidy};
use crate::estate::Cadence;
use crate::evaluate::{assess, plan};
use crate::evidence::Snapshot;
use crate::model::{Listing, Observed, Presence};
use crate::policy::baseline;

const OWNER: &str = "crm@contoso.example";
const CONTACT: &str = "oncall@contoso.example";

/// What the audit finds so many days later.
fn after(days: i64, spoil: impl FnOnce(&mut Snapshot)) -> Assessment {
    let mut snapshot = tidy();
    // One registration is enough.
    snapshot
        .estate
        .registrations
        .retain(|one| one.name == "raia");
    spoil(&mut snapshot);
    let date = as_of() + TimeDelta::days(days);
    assess(&plan(&baseline()).unwrap(), &snapshot, Some(date))
}

fn quiet() -> Routing {
    Routing {
        alive: false,
        ..Routing::default()
    }
}

/// Takes the digests as sent.
fn remember(past: &mut Past, digests: &[Digest], at: DateTime<Utc>) {
    for digest in digests {
        past.last_message.insert(digest.recipient.clone(), at);
        for notice in &digest.notices {
            past.open.retain(|told| {
                !(told.recipient == digest.recipient
                    && told.registration == notice.registration
                    && told.credential == notice.credential)
            });
            if notice.kind == NoticeKind::Closed {
                continue;
            }
            let key = (
                notice.registration.clone(),
                notice.credential.clone(),
                notice.band.clone(),
            );
            if notice.kind == NoticeKind::Band {
                past.first.entry(key).or_insert(at);
            }
            past.open.push(Told {
                recipient: digest.recipient.clone(),
                registration: notice.registration.clone(),
                credential: notice.credential.clone(),
                band: notice.band.clone(),
            });
        }
    }
}

/// Day, recipient, kind and band of everything said on these days.
fn said(
    days: impl IntoIterator<Item = i64>,
    routing: &Routing,
    spoil: impl Fn(i64, &mut Snapshot),
) -> Vec<(i64, String, String)> {
    let mut past = Past::default();
    let mut said = Vec::new();
    for day in days {
        let assessment = after(day, |snapshot| spoil(day, snapshot));
        let digests = due(&assessment, routing, &past);
        for digest in &digests {
            for notice in &digest.notices {
                let what = format!("{:?} {}", notice.kind, notice.band);
                said.push((day, digest.recipient.clone(), what));
            }
            if digest.notices.is_empty() {
                said.push((day, digest.recipient.clone(), "alive".to_owned()));
            }
        }
        remember(&mut past, &digests, assessment.run.as_of);
    }
    said
}

fn owners(said: &[(i64, String, String)]) -> Vec<(i64, &str)> {
    let theirs = said.iter().filter(|one| one.1 == OWNER);
    theirs.map(|(day, _, what)| (*day, what.as_str())).collect()
}

#[test]
fn daily_runs_tell_each_band_once() {
    let said = said(0..=95, &quiet(), |_, _| {});
    assert_eq!(
        owners(&said),
        [
            (30, "Band 60"),
            (60, "Band 30"),
            (76, "Band 14"),
            (83, "Band 7"),
            (89, "Band 1"),
            (90, "Band past"),
        ]
    );
}

#[test]
fn weekly_runs_tell_what_ends_before_the_next_one() {
    let weekly = Routing {
        days: vec![60, 30],
        cadence: Some(Cadence::Weekly),
        ..quiet()
    };
    let weeks = (0..15).map(|week| week * 7);
    let said = said(weeks, &weekly, |_, _| {});
    let expected = [
        (35, "Band 60"),
        (63, "Band 30"),
        (84, "Band before-next-run"),
        (91, "Band past"),
    ];
    assert_eq!(owners(&said), expected);
}

#[test]
fn whoever_stands_behind_the_owner_is_told_where_nothing_changes() {
    let said = said(0..=95, &quiet(), |_, _| {});
    let escalated: Vec<_> = said.iter().filter(|one| one.1 == CONTACT).collect();
    // Fourteen days in one band: 60 and 30. The others are shorter.
    let days: Vec<_> = escalated
        .iter()
        .map(|one| (one.0, one.2.as_str()))
        .collect();
    assert_eq!(days, [(44, "Escalated 60"), (74, "Escalated 30")]);
    let never = Routing {
        escalate_after_days: 0,
        ..quiet()
    };
    let said = super::tests::said(0..=95, &never, |_, _| {});
    assert!(said.iter().all(|one| one.1 == OWNER));
}

/// A successor that is stored and proven, and lasts long.
fn renewed(snapshot: &mut Snapshot) {
    let mut fresh = credentials(snapshot)[0].clone();
    credentials(snapshot)[0].matches_stored = known(false);
    fresh.key_id = "key-2".to_owned();
    fresh.end = known(as_of() + TimeDelta::days(260));
    credentials(snapshot).push(fresh);
}

#[test]
fn a_renewal_closes_the_matter_with_one_line_and_the_ladder_begins_anew() {
    let said = said(0..=215, &quiet(), |day, snapshot| {
        if day >= 62 {
            renewed(snapshot);
        }
    });
    assert_eq!(
        owners(&said),
        [
            (30, "Band 60"),
            (60, "Band 30"),
            (62, "Closed 30"),
            (200, "Band 60"),
        ]
    );
    // The contact had been told of it, too.
    let contact: Vec<_> = said.iter().filter(|one| one.1 == CONTACT).collect();
    assert_eq!((contact[0].0, contact[1].0), (44, 62));
    assert_eq!(contact[1].2, "Closed 60");
}

#[test]
fn a_renewal_that_nobody_can_see_closes_nothing() {
    let said = said([60, 62, 63], &quiet(), |day, snapshot| {
        if day == 62 {
            raia(snapshot).application = gap();
            raia(snapshot).service_principal = gap();
        }
    });
    assert_eq!(owners(&said), [(60, "Band 30")]);
    // On the registration, and not in the vault yet: the old one is what signs in.
    let half = super::tests::said([60, 62], &quiet(), |day, snapshot| {
        if day == 62 {
            renewed(snapshot);
            credentials(snapshot)[0].matches_stored = known(true);
            credentials(snapshot)[1].matches_stored = known(false);
        }
    });
    assert_eq!(owners(&half), [(60, "Band 30")]);
}

#[test]
fn a_new_owner_is_told_at_once_and_an_orphan_is_listed() {
    let said = said([60, 61], &quiet(), |day, snapshot| {
        if day == 61 {
            snapshot.estate.registrations[0].owner = Some("new@contoso.example".to_owned());
        }
    });
    let told: Vec<_> = said.iter().map(|one| one.1.as_str()).collect();
    assert_eq!(told, [OWNER, "new@contoso.example"]);
    let orphaned = after(60, |snapshot| {
        snapshot.estate.registrations[0].owner = None;
        raia(snapshot).owners = Listing::complete(Vec::new());
        if let Observed::Known(Presence::Present(entry)) = &mut raia(snapshot).entry {
            entry.attributes = gap();
        }
        for environment in snapshot.estate.environments.values_mut() {
            environment.contact = None;
        }
    });
    assert_eq!(orphans(&orphaned).len(), 1);
    assert_eq!(due(&orphaned, &Routing::default(), &Past::default()), []);
}

#[test]
fn silence_is_broken_once_in_four_weeks() {
    let quiet_life = |_: i64, snapshot: &mut Snapshot| {
        for credential in credentials(snapshot) {
            credential.end = known(as_of() + TimeDelta::days(900));
        }
    };
    let loud = Routing::default();
    let said = said((0..=120).step_by(7), &loud, quiet_life);
    let days: Vec<i64> = said.iter().map(|one| one.0).collect();
    assert_eq!(days, [0, 28, 56, 84, 112]);
    assert!(said.iter().all(|one| one.2 == "alive" && one.1 == OWNER));
    assert_eq!(super::tests::said(0..=60, &quiet(), quiet_life), []);
}

#[test]
fn an_incomplete_audit_says_so() {
    let blind = after(60, |snapshot| {
        raia(snapshot).owners = Listing::cut_short(Vec::new(), crate::checks::fixture::a_gap());
        application(snapshot).audience = gap();
    });
    let digests = due(&blind, &quiet(), &Past::default());
    assert!(digests[0].incomplete);
    assert!(digests[0].unanswered > 0);
    assert_eq!(digests[0].registrations, ["raia"]);
}
