//! A proof is not carried over what can no longer be seen, nor for ever.

use chrono::TimeDelta;

use super::super::cloud::{Call, Reply};
use super::{first, on_change, raia, run, same};
use crate::collect::clock;

/// What the auditor saw then and does not see now may be anything.
#[tokio::test]
async fn what_can_no_longer_be_seen_proves_anew() {
    let first = first().await;
    let unseen = [
        ("the users", "/systemusers"),
        ("the roles", "systemuserroles_association"),
        ("the privileges", "RetrieveUserSetOfPrivilegesByNames"),
        ("how far the auditor sees", "prvReadTeam"),
    ];
    for (name, part) in unseen {
        let (used, snapshot) = run(&on_change(), Some(first.clone()), "run-2", move |call| {
            if call.path.contains(part) || call.query.contains(part) {
                return Reply::error(403, "0x80040220");
            }
            same(call)
        })
        .await;
        assert!(used, "{name}");
        assert_eq!(raia(&snapshot).carried, None, "{name}");
    }
}

/// How old a proof is, and whether a credential has ended, the services' clock says.
#[tokio::test]
async fn the_age_of_a_proof_is_counted_by_the_services_clock() {
    let ahead = |days: i64| {
        move |call: &Call| {
            let date = clock::now() + TimeDelta::days(days);
            same(call).header("date", date.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
        }
    };
    for (then, now, spared) in [
        (0, 0, true),
        (0, 31, false),
        (31, 31, true),
        (-31, 0, false),
    ] {
        let (used, first) = run(&on_change(), None, "run-1", ahead(then)).await;
        assert!(used);
        let (used, second) = run(&on_change(), Some(first.clone()), "run-2", ahead(now)).await;
        assert_eq!(used, !spared, "{then} {now}");
        if let Some(carried) = &raia(&second).carried {
            assert_eq!(carried.at, first.as_of());
        }
    }
}

#[tokio::test]
async fn a_proof_is_repeated_for_thirty_days() {
    for (days, spared) in [(29, true), (31, false)] {
        let mut first = first().await;
        first.started -= TimeDelta::days(days);
        // The services told their clock in each run.
        if let Some(clock) = &mut first.clock {
            clock.at_start -= TimeDelta::days(days);
        }
        let (used, second) = run(&on_change(), Some(first.clone()), "run-2", same).await;
        assert_eq!(used, !spared, "{days}");
        // Repeating it makes it no younger.
        if spared {
            let mut second = second;
            let carried = &mut second.registrations.get_mut("raia").expect("raia").carried;
            carried.as_mut().expect("carried").at -= TimeDelta::days(2);
            let (used, _) = run(&on_change(), Some(second), "run-3", same).await;
            assert!(used, "{days}");
        }
    }
}
