//! Reminders over time: each band once, escalation, closing lines, signs of life.

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::estate::Cadence;
use crate::evaluate::{assess, plan};
use crate::evidence::Snapshot;
use crate::facts::testing::tidy::{application, as_of, credentials, gap, known, raia, tidy};
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
    let mut assessment = assess(&plan(&baseline()).unwrap(), &snapshot, Some(date));
    // The days pass here; nobody gives one by hand.
    assessment.run.as_of_given = false;
    assessment
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
                let first = First {
                    tried: at,
                    reached: true,
                };
                let of_all = (key.0.clone(), key.1.clone());
                past.first_of_all.entry(of_all).or_insert(first);
                past.first.entry(key).or_insert(first);
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
        let digests = due(&assessment, routing, &past, &[]);
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
    // Fourteen days in one band: 60 and 30. The others are shorter, and by then it was long known.
    let days: Vec<_> = escalated
        .iter()
        .map(|one| (one.0, one.2.as_str()))
        .collect();
    assert_eq!(
        days,
        [
            (44, "Escalated 60"),
            (74, "Escalated 30"),
            (76, "Escalated 14"),
            (83, "Escalated 7"),
            (89, "Escalated 1"),
            (90, "Escalated past"),
        ]
    );
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
    assert_eq!(
        due(&orphaned, &Routing::default(), &Past::default(), &[]),
        []
    );
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
        raia(snapshot).owners =
            Listing::cut_short(Vec::new(), crate::facts::testing::tidy::a_gap());
        application(snapshot).audience = gap();
    });
    let digests = due(&blind, &quiet(), &Past::default(), &[]);
    assert!(digests[0].incomplete);
    assert!(digests[0].unanswered > 0);
    assert_eq!(digests[0].registrations, ["raia"]);
}

#[test]
fn a_sign_of_life_is_no_word_of_health() {
    // It ended long ago, was told once, and nothing changed.
    let over = after(130, |_| {});
    let mut past = Past::default();
    let first = due(&over, &Routing::default(), &past, &[]);
    remember(&mut past, &first, as_of() + TimeDelta::days(95));
    let later = due(&over, &Routing::default(), &past, &[]);
    let owner = later.iter().find(|one| one.recipient == OWNER).unwrap();
    assert_eq!(owner.notices, []);
    assert_eq!(owner.still[0].band, "past");
    // An end that cannot be read is named, and other findings are, too.
    let blind = after(0, |snapshot| {
        credentials(snapshot)[0].end = gap();
        let Observed::Known(Presence::Present(principal)) = &mut raia(snapshot).service_principal
        else {
            panic!("the fixture has one");
        };
        principal.enabled = known(false);
    });
    let digests = due(&blind, &Routing::default(), &Past::default(), &[]);
    let owner = digests.iter().find(|one| one.recipient == OWNER).unwrap();
    assert_eq!(owner.unread, ["raia"]);
    assert_eq!(owner.findings[0].whose, "raia", "{:?}", owner.findings);
    // Who saw a part only does not say that all is well.
    let mut part = after(0, |_| {});
    part.run.narrowed = Some("--env dev".to_owned());
    assert_eq!(due(&part, &Routing::default(), &Past::default(), &[]), []);
}

#[test]
fn what_nobody_answers_for_goes_to_those_who_get_the_report() {
    let orphaned = after(60, |snapshot| {
        snapshot.estate.registrations[0].owner = None;
        raia(snapshot).owners = Listing::complete(Vec::new());
        for environment in snapshot.estate.environments.values_mut() {
            environment.contact = None;
        }
        if let Observed::Known(Presence::Present(entry)) = &mut raia(snapshot).entry {
            entry.attributes = gap();
        }
    });
    let rest = ["security@contoso.example".to_owned()];
    let digests = due(&orphaned, &quiet(), &Past::default(), &rest);
    assert_eq!(digests.len(), 1);
    assert_eq!(digests[0].recipient, rest[0]);
    assert_eq!(digests[0].notices[0].kind, NoticeKind::Orphan);
}

#[test]
fn nothing_is_called_renewed_that_is_not() {
    let closing = |spoil: &dyn Fn(&mut Snapshot), routing: &Routing| {
        let first = after(60, |_| {});
        let mut past = Past::default();
        let digests = due(&first, &quiet(), &past, &[]);
        remember(&mut past, &digests, first.run.as_of);
        let next = after(61, |snapshot| spoil(snapshot));
        let digests = due(&next, routing, &past, &[]);
        let mut all = digests.into_iter().flat_map(|digest| digest.notices);
        all.next().map(|notice| (notice.kind, notice.closing))
    };
    let closed = |why| Some((NoticeKind::Closed, Some(why)));
    assert_eq!(closing(&|_| {}, &quiet()), None);
    assert_eq!(closing(&renewed, &quiet()), closed(Closing::Renewed));
    let few = Routing {
        days: vec![7],
        ..quiet()
    };
    assert_eq!(closing(&|_| {}, &few), closed(Closing::FarOff));
    let gone = |snapshot: &mut Snapshot| snapshot.estate.registrations.clear();
    assert_eq!(closing(&gone, &quiet()), closed(Closing::Unwatched));
    // The successor's end cannot be read: the matter stays open.
    let blind = |snapshot: &mut Snapshot| {
        renewed(snapshot);
        credentials(snapshot)[1].end = gap();
    };
    assert_eq!(closing(&blind, &quiet()), None);
    // A renamed one is the same one, told already.
    let renamed = |snapshot: &mut Snapshot| {
        snapshot.estate.registrations[0].name = "raia-chat".to_owned();
        let evidence = snapshot.registrations.remove("raia").unwrap();
        snapshot
            .registrations
            .insert("raia-chat".to_owned(), evidence);
    };
    assert_eq!(closing(&renamed, &quiet()), None);
}

#[test]
fn an_owner_who_cannot_be_reached_is_not_waited_for() {
    let day = |number: i64| after(60 + number, |_| {});
    let mut past = Past::default();
    let key = ("raia".to_owned(), "key-1".to_owned());
    let never = First {
        tried: day(0).run.as_of,
        reached: false,
    };
    past.first_of_all.insert(key.clone(), never);
    past.first.insert((key.0, key.1, "30".to_owned()), never);
    let digests = due(&day(14), &quiet(), &past, &[]);
    let contact = digests.iter().find(|one| one.recipient == CONTACT).unwrap();
    assert_eq!(contact.notices[0].kind, NoticeKind::Escalated);
    assert!(!contact.notices[0].reached);
}
