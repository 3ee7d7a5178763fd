//! A proof is not carried over what can no longer be seen, nor for ever.

use super::super::cloud::Reply;
use super::{first, on_change, raia, run, same};

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

#[tokio::test]
async fn a_proof_is_repeated_for_thirty_days() {
    for (days, spared) in [(29, true), (31, false)] {
        let mut first = first().await;
        first.started -= chrono::TimeDelta::days(days);
        let (used, second) = run(&on_change(), Some(first.clone()), "run-2", same).await;
        assert_eq!(used, !spared, "{days}");
        // Repeating it makes it no younger.
        if spared {
            let mut second = second;
            let carried = &mut second.registrations.get_mut("raia").expect("raia").carried;
            carried.as_mut().expect("carried").at -= chrono::TimeDelta::days(2);
            let (used, _) = run(&on_change(), Some(second), "run-3", same).await;
            assert!(used, "{days}");
        }
    }
}
