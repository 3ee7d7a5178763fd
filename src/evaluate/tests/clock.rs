//! Tests of the moment that a snapshot is judged as of: the services' clock, unless a date is given by hand.

use chrono::TimeDelta;

use crate::evaluate::{assess, plan};
use crate::evidence::{ServicesClock, Snapshot};
use crate::facts::testing::tidy::{as_of, tidy};
use crate::model::Assessment;
use crate::model::assessment::CredentialEnd;
use crate::policy::baseline;

/// A snapshot whose machine was so many days behind the services.
fn behind(days: i64) -> Snapshot {
    let mut snapshot = tidy();
    let ahead = TimeDelta::days(days);
    snapshot.clock = Some(ServicesClock {
        at_start: snapshot.started + ahead,
        ahead_seconds: ahead.num_seconds(),
    });
    snapshot
}

fn judged(snapshot: &Snapshot, given: bool) -> Assessment {
    let plan = plan(&baseline()).expect("a plan");
    assess(&plan, snapshot, given.then(as_of))
}

fn days_left(assessment: &Assessment) -> Option<i64> {
    match assessment.registrations.first()?.ends {
        CredentialEnd::On { days_left, .. } => Some(days_left),
        _ => None,
    }
}

#[test]
fn days_are_counted_by_the_services_clock_unless_a_date_is_given() {
    let old = judged(&tidy(), false);
    assert_eq!(
        (old.run.as_of, old.run.clock_ahead_seconds),
        (as_of(), None)
    );
    let left = days_left(&old).expect("an end");
    for days in [25, -25] {
        let snapshot = behind(days);
        let by_theirs = judged(&snapshot, false);
        assert_eq!(by_theirs.run.as_of, as_of() + TimeDelta::days(days));
        assert_eq!(by_theirs.run.collected, as_of());
        assert!(!by_theirs.run.as_of_given);
        assert_eq!(by_theirs.run.clock_ahead_seconds, Some(days * 86_400));
        assert_eq!(days_left(&by_theirs), Some(left - days));
        let by_hand = judged(&snapshot, true);
        assert_eq!(
            (by_hand.run.as_of, by_hand.run.as_of_given),
            (as_of(), true)
        );
        assert_eq!(days_left(&by_hand), Some(left));
    }
    assert_eq!(judged(&behind(0), false).run.clock_ahead_seconds, None);
}
