//! The services' clock: what a snapshot keeps of it, and what is judged by it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::cloud::{Call, Cloud, Reply};
use super::tenant::{AUDITOR, estate, tidy, token};
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

/// When the assertion of this token request begins and ends, in seconds; `None` where there is none.
fn assertion(call: &Call) -> Option<(i64, i64)> {
    let mut fields = url::form_urlencoded::parse(call.body.as_bytes());
    let (_, assertion) = fields.find(|(name, _)| name == "client_assertion")?;
    let payload = URL_SAFE_NO_PAD.decode(assertion.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    Some((claims["nbf"].as_i64()?, claims["exp"].as_i64()?))
}

#[tokio::test]
async fn an_assertion_is_timed_by_the_clock_of_who_reads_it() {
    let days = TimeDelta::days(25);
    let cloud = Cloud::start(move |call| {
        let now = clock::now() + days;
        let reply = match assertion(call) {
            Some((from, to)) if from <= now.timestamp() + 60 && now.timestamp() < to => {
                Reply::json(
                    200,
                    &json!({"token_type": "Bearer", "expires_in": 3599,
                    "access_token": token("https://graph.microsoft.com", AUDITOR)}),
                )
            }
            Some(_) => Reply::json(
                401,
                &json!({"error": "invalid_client", "error_codes": [700_024]}),
            ),
            None => tidy(call),
        };
        reply.header("date", http(now))
    })
    .await;
    let mut options = cloud.options();
    options.environment.client_secret = None;
    options.environment.certificate_path = Some(
        concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/collect/certificate/fixtures/modern.pfx"
        )
        .into(),
    );
    let snapshot = collect(&estate(), None, &options).await;
    let auditor = &snapshot.auditors["contoso"];
    assert!(auditor.signed_in.known().is_some(), "{auditor:?}");
    let refused = |call: &&Call| {
        assertion(call).is_some_and(|(from, _)| from < (clock::now() + days / 2).timestamp())
    };
    assert_eq!(
        cloud.calls().iter().filter(refused).count(),
        1,
        "the clock is learnt once"
    );
}
