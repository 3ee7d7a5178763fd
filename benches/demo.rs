//! How long an audit of twelve registrations takes, start to end, beside what starting the pretend tenant
//! alone takes: a ratio that holds on a shared machine. Run with `cargo bench`.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench reads the clock and prints"
)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use credaudit::inside::{Scenario, Sim, SimOptions};

const RUNS: usize = 7;

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let (mut demos, mut starts) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let begun = Instant::now();
        let status = Command::new(env!("CARGO_BIN_EXE_credaudit"))
            .args(["demo", "--scenario", "tidy", "-q"])
            .stdout(Stdio::null())
            .status()
            .expect("the binary runs");
        assert!(status.success());
        demos.push(begun.elapsed());
        let begun = Instant::now();
        runtime.block_on(async {
            let scenario = Scenario::builtin("tidy").expect("it is built in");
            let options = SimOptions {
                port: None,
                now: chrono::Utc::now(),
            };
            Sim::start(scenario, options)
                .await
                .expect("it starts")
                .stop()
                .await;
        });
        starts.push(begun.elapsed());
    }
    let (demo, start) = (median(demos), median(starts));
    println!("demo of 12 registrations: {demo:.0?} (median of {RUNS}; budget 2 s)");
    println!("starting the pretend tenant alone: {start:.0?}");
    println!("ratio: {:.1}", demo.as_secs_f64() / start.as_secs_f64());
}
