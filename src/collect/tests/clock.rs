//! The services' clock: what a snapshot keeps of it, and what is judged by it.

use chrono::{DateTime, TimeDelta, Utc};

use super::cloud::{Call, Cloud, Reply};
use super::tenant::{estate, tidy};
use crate::collect::{clock, collect};
use crate::evidence::{FORMAT, Snapshot};

fn http(date: DateTime<Utc>) -> String {
    date.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// A run in which each answer has the date that `date` gives it, where it gives one.
async fn run(date: impl Fn(&Call) -> Option<String> + Send + Sync + 'static) -> Snapshot {
    let cloud = Cloud::start(move |call| match date(call) {
        Some(date) => tidy(call).header("date", date),
        None => tidy(call),
    })
    .await;
    collect(&estate(), None, &cloud.options()).await
}

#[tokio::test]
async fn days_are_counted_by_the_services_clock_and_one_host_does_not_decide() {
    let days = TimeDelta::days(25);
    let snapshot = run(move |_| Some(http(clock::now() + days))).await;
    let kept = snapshot.clock.as_ref().expect("a clock");
    let off = (kept.ahead_seconds - days.num_seconds()).abs();
    assert!(off < 60, "{kept:?}");
    assert_eq!(snapshot.as_of(), kept.at_start);
    assert_eq!(
        kept.at_start - snapshot.started,
        TimeDelta::seconds(kept.ahead_seconds)
    );
    let text = serde_json::to_string(&snapshot).expect("json");
    assert_eq!(
        serde_json::from_str::<Snapshot>(&text).expect("a snapshot"),
        snapshot
    );

    let liar = |call: &Call| call.host == "graph.microsoft.com";
    let snapshot = run(move |call| liar(call).then(|| http(clock::now() + days))).await;
    assert_eq!(snapshot.clock.expect("a clock").ahead_seconds, 0);
}

#[tokio::test]
async fn what_is_no_date_is_passed_over_and_an_old_snapshot_is_judged_as_of_its_start() {
    let snapshot = run(|_| Some("tomorrow, perhaps".to_owned())).await;
    assert_eq!(snapshot.clock, None);
    assert_eq!(snapshot.as_of(), snapshot.started);
    assert_eq!(
        snapshot.by_services_clock(snapshot.finished),
        snapshot.finished
    );
    let text = serde_json::to_string(&snapshot).expect("json");
    assert!(!text.contains("\"clock\""));
    let old: Snapshot = serde_json::from_str(&text).expect("a snapshot of 0.1.0");
    assert_eq!(
        (old.format.as_str(), old.as_of()),
        (FORMAT, snapshot.started)
    );
}

#[tokio::test]
async fn a_wait_until_a_date_is_measured_by_the_service_that_gave_it() {
    let days = TimeDelta::days(25);
    let cloud = Cloud::start(move |call| {
        let now = clock::now() + days;
        if call.path.ends_with("/leads") {
            return Reply::error(429, "TooManyRequests")
                .header("date", http(now))
                .header("retry-after", http(now));
        }
        tidy(call).header("date", http(now))
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let proof = snapshot.registrations["raia"].dataverse.as_ref();
    let reads = &proof.expect("Dataverse").reads;
    let lead = reads.iter().find(|read| read.table == "lead");
    let gap = lead.and_then(|read| read.answer.gap()).expect("a gap");
    // Not "asked to wait 25 days": it asked to wait for nothing, four times.
    assert!(
        gap.seen
            .contains("kept answering 429 and asked to wait 0 s"),
        "{gap}"
    );
}
