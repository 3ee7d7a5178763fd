//! Ctrl-C and the deadline, with the real binary: the pretend tenant in one process, the audit in another.
#![cfg(target_os = "linux")]
#![expect(
    clippy::disallowed_methods,
    reason = "a test writes its own files and reads its own clock"
)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use credaudit::inside::Scenario;

use crate::binary::{credaudit, path};
use crate::two_processes::Process;

/// Long after any of these tests has ended.
const HANGS: &str = "\n[[faults]]\nhost = \"contoso.api.crm4.dynamics.com\"\ndelay-ms = 120000\n";

/// A tenant, one environment of which never answers, and its estate beside it.
struct Pretend {
    sim: Process,
    dir: tempfile::TempDir,
}

impl Pretend {
    fn start(scenario: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let estate = Scenario::estate(scenario).unwrap();
        std::fs::write(dir.path().join("estate.toml"), estate).unwrap();
        let slow = dir.path().join("slow.toml");
        let text = format!("{}{HANGS}", Scenario::text(scenario).unwrap());
        std::fs::write(&slow, text).unwrap();
        let sim = Process::start(&["--scenario", path(&slow), "--dir", path(dir.path())]);
        Self { sim, dir }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = credaudit(args);
        command
            .current_dir(self.dir.path())
            .envs(self.sim.variables.clone())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

/// Waits until the process has sent a request to the host that hangs, going by its `-vv` notes.
fn wait_until_it_hangs(process: &mut Child) -> impl Read + use<> {
    let mut notes = BufReader::new(process.stderr.take().unwrap());
    let mut line = String::new();
    let mut answered = 0;
    while answered < 8 && notes.read_line(&mut line).unwrap() > 0 {
        answered += usize::from(line.contains("request"));
        line.clear();
    }
    notes
}

fn interrupt(process: &Child) {
    let sent = Command::new("kill")
        .args(["-INT", &process.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

fn report(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_slice(bytes).unwrap()
}

#[test]
fn the_first_interrupt_judges_what_was_read() {
    let pretend = Pretend::start("tidy");
    let mut process = pretend
        .command(&["audit", "-o", "report.json", "-vv"])
        .spawn()
        .unwrap();
    let mut notes = wait_until_it_hangs(&mut process);
    let begun = Instant::now();
    interrupt(&process);
    let mut said = String::new();
    notes.read_to_string(&mut said).unwrap();
    let status = process.wait().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(
        said.contains("Press Ctrl-C again to stop at once"),
        "{said}"
    );
    let report = report(&std::fs::read(pretend.dir.path().join("report.json")).unwrap());
    assert_eq!(status.code(), Some(11), "{report:#}");
    assert_eq!(report["verdict"]["result"], "incomplete");
    let cancelled = &report["coverage"]["unknown_by_kind"]["cancelled"];
    assert!(cancelled.as_u64() > Some(0), "{report:#}");
    // What had been read by then is judged.
    assert!(
        report["coverage"]["passed"].as_u64() > Some(0),
        "{report:#}"
    );
}

#[test]
fn the_second_interrupt_ends_at_once() {
    // Standard output is a pipe that nobody reads, and the snapshot is larger than what fits into it: the
    // process is stuck in writing when the second one comes.
    let pretend = Pretend::start("neglected");
    let mut process = pretend.command(&["collect", "-vv"]).spawn().unwrap();
    let mut notes = wait_until_it_hangs(&mut process);
    interrupt(&process);
    std::thread::sleep(Duration::from_millis(1500));
    assert!(
        process.try_wait().unwrap().is_none(),
        "it is stuck in writing"
    );
    interrupt(&process);
    let begun = Instant::now();
    let status = process.wait().unwrap();
    assert_eq!(status.code(), Some(130));
    assert!(begun.elapsed() < Duration::from_secs(5));
    let _ = notes.read_to_string(&mut String::new());
}

#[test]
fn the_deadline_leaves_the_rest_timed_out() {
    let pretend = Pretend::start("tidy");
    let begun = Instant::now();
    let output = pretend
        .command(&["audit", "--format", "json", "--deadline", "5s"])
        .output()
        .unwrap();
    assert!(begun.elapsed() < Duration::from_secs(20));
    let report = report(&output.stdout);
    assert_eq!(output.status.code(), Some(11), "{report:#}");
    let late = &report["coverage"]["unknown_by_kind"]["timed-out"];
    assert!(late.as_u64() > Some(0), "{report:#}");
    assert!(
        report["coverage"]["passed"].as_u64() > Some(0),
        "{report:#}"
    );
}

#[test]
fn a_cancelled_collection_is_kept_and_ends_with_11() {
    let pretend = Pretend::start("tidy");
    let mut process = pretend
        .command(&["collect", "-o", "snapshot.json", "-vv"])
        .spawn()
        .unwrap();
    let mut notes = wait_until_it_hangs(&mut process);
    interrupt(&process);
    let _ = notes.read_to_string(&mut String::new());
    assert_eq!(process.wait().unwrap().code(), Some(11));
    let judged = pretend
        .command(&["evaluate", "snapshot.json", "-o", "assessment.json"])
        .output()
        .unwrap();
    assert_eq!(judged.status.code(), Some(11), "{judged:?}");
    assert!(pretend.dir.path().join("assessment.json").exists());
}
