//! How near a run of 200 registrations against 6 environments comes to the limits of its services, every
//! credential tried everywhere: wall time beside what the busiest service needs at the least, which is
//! requests x latency / how many it takes at a time. Run with `cargo bench --bench isolation`.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench reads the clock, prints, and stops where its server is asked something new"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use credaudit::inside::Estate;
use credaudit::inside::{AuditorVariables, Options, Silent, Trust, collect};
use credaudit::inside::{ForeignAnswer, Snapshot};
use credaudit::inside::{IsolationProbe, Observed};
use serde_json::{Value, json};

#[path = "isolation/server.rs"]
mod server;

use server::{AUDITOR, LATENCY, Seen, TENANT, client};

const REGISTRATIONS: usize = 200;
const ENVIRONMENTS: usize = 6;
/// The ratio that a run has to keep.
const TARGET: f64 = 1.5;

fn estate() -> Estate {
    let environments: BTreeMap<String, Value> = (0..ENVIRONMENTS)
        .map(|number| {
            let tier = ["production", "test", "development"][number % 3];
            let host = format!("env{number}.crm4.dynamics.com");
            let environment = json!({"tenant": "contoso", "tier": tier, "dataverse": host});
            (format!("env{number}"), environment)
        })
        .collect();
    let registrations: Vec<Value> = (0..REGISTRATIONS)
        .map(|number| {
            json!({"name": format!("r{number:03}"), "environment": format!("env{}", number % ENVIRONMENTS),
                "client-id": {"literal": client(number)}, "prove": "always",
                "credential": {"kind": "secret", "entry": {"vault": "crm", "name": format!("r{number:03}")}}})
        })
        .collect();
    serde_json::from_value(json!({
        "auditor": {"identity": "environment"},
        "tenants": {"contoso": {"id": TENANT, "cloud": "public"}},
        "environments": environments,
        "vaults": {"crm": {"environment": "env0", "host": "kv-contoso.vault.azure.net"}},
        "registrations": registrations
    }))
    .expect("a literal estate")
}

async fn run(estate: &Estate) -> (Snapshot, Duration, Arc<Mutex<Seen>>) {
    let (trust, seen) = server::start();
    let options = options(trust);
    let begun = Instant::now();
    let snapshot = collect(estate, None, &options).await;
    (snapshot, begun.elapsed(), seen)
}

fn options(trust: Trust) -> Options {
    Options {
        previous: None,
        isolation: IsolationProbe::All,
        probe_writes: None,
        run: "0d9f6a56-3c39-4b33-9f7e-000000000001".into(),
        trust: Some(trust),
        environment: AuditorVariables {
            tenant_id: Some(TENANT.into()),
            client_id: Some(AUDITOR.into()),
            client_secret: Some("auditor".to_owned().into()),
            ..AuditorVariables::default()
        },
        deadline: Duration::from_secs(600),
        report_span: credaudit::inside::REPORT_SPAN,
        progress: Arc::new(Silent),
        cancel: None,
    }
}

/// Every cell was proven refused: the time was spent on what it is meant to measure.
fn is_proven(snapshot: &Snapshot) {
    for (name, registration) in &snapshot.registrations {
        assert_eq!(registration.foreign.len(), ENVIRONMENTS - 1, "{name}");
        for proof in &registration.foreign {
            let answer = proof.tried.as_ref().map(|tried| &tried.answer);
            let refused = matches!(answer, Some(Observed::Known(ForeignAnswer::Refused { .. })));
            assert!(refused, "{name} in {}: {answer:?}", proof.environment);
        }
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let estate = estate();
    let (snapshot, wall, seen) = runtime.block_on(run(&estate));
    is_proven(&snapshot);
    let seen = seen.lock().expect("the log");
    println!("{REGISTRATIONS} registrations x {ENVIRONMENTS} environments, {LATENCY:?} latency");
    println!(
        "{:<44} {:>8} {:>8} {:>8} {:>8}",
        "service", "requests", "allowed", "at once", "least"
    );
    let mut longest = Duration::ZERO;
    // Of Dataverse's many users, the busiest stands for all.
    let mut shown = false;
    for (place, count) in seen.busiest() {
        let least = LATENCY * count.requests / count.allowed;
        longest = longest.max(least);
        if place.contains(" as ") && std::mem::replace(&mut shown, true) {
            continue;
        }
        println!(
            "{place:<44} {:>8} {:>8} {:>8} {least:>8.0?}",
            count.requests, count.allowed, count.most
        );
    }
    let ratio = wall.as_secs_f64() / longest.as_secs_f64();
    println!("wall time {wall:.0?} / {longest:.0?} at the least = {ratio:.2} (at most {TARGET})");
    if cfg!(debug_assertions) {
        println!("not judged: this build is not optimised, which alone slows it");
        return;
    }
    assert!(
        ratio <= TARGET,
        "slower than the services' limits allow for"
    );
}
