//! `audit` against `sim` in another process, under the services' real names, with nothing but environment
//! variables: the same report as the demo's.
#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::binary::{code, credaudit, path, scrubbed, stderr, stdout};
use crate::kept::kept;

/// A simulator in a process of its own.
pub(crate) struct Process {
    child: Child,
    /// What it printed to be exported.
    pub variables: Vec<(String, String)>,
}

impl Process {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::of(&mut credaudit(&[&["sim"], arguments].concat()))
    }

    /// Whatever the command's working directory is.
    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let out = child.stdout.take().expect("its output is piped");
        let mut variables = Vec::new();
        for line in BufReader::new(out).lines() {
            let line = line.expect("text");
            if let Some((name, value)) = line
                .strip_prefix("export ")
                .and_then(|rest| rest.split_once('='))
            {
                variables.push((name.to_owned(), value.to_owned()));
                // The last one; what may follow is a word to the reader.
                if name == "AZURE_CLIENT_SECRET" {
                    break;
                }
            }
        }
        Self { child, variables }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The report without what differs from run to run.
fn comparable(text: &str) -> Value {
    let mut report: Value = serde_json::from_str(&scrubbed(text)).expect("a JSON report");
    report["run"]["id"] = Value::Null;
    // The file lies elsewhere, and `sim` writes one line less above it.
    report["estate"] = Value::Null;
    // A show ends with 0, and says so.
    let verdict = &mut report["verdict"];
    verdict.as_object_mut().unwrap().remove("process_exit_code");
    let line = verdict["line"].as_str().unwrap();
    verdict["line"] = line.replace(" (this run ends with 0)", "").into();
    report
}

#[test]
fn another_process_sees_what_the_demo_sees() {
    let dir = tempfile::tempdir().unwrap();
    for scenario in ["tidy", "neglected"] {
        let sim = Process::start(&["--scenario", scenario, "--dir", path(dir.path())]);
        let audited = credaudit(&["audit", "--format", "json", "-q", "-c"])
            .arg(dir.path().join("estate.toml"))
            .envs(sim.variables.clone())
            .output()
            .unwrap();
        let wanted = if scenario == "tidy" { 0 } else { 10 };
        assert_eq!(code(&audited), wanted, "{}", stderr(&audited));
        let shown = kept(scenario, &dir.path().join("kept"));
        assert_eq!(comparable(&stdout(&audited)), comparable(&stdout(shown)));
    }
}

#[test]
fn what_is_printed_holds_in_any_directory() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = credaudit(&["sim", "--scenario", "tidy", "--dir", "here"]);
    let sim = Process::of(command.current_dir(dir.path()));
    let named = |name: &str| {
        name.ends_with("_FILE") || name.ends_with("_CERTS") || name.ends_with("_BUNDLE")
    };
    let files: Vec<_> = sim
        .variables
        .iter()
        .filter(|(name, _)| named(name))
        .collect();
    assert_eq!(files.len(), 3);
    for (name, file) in files {
        assert!(std::path::Path::new(file).is_absolute(), "{name}={file}");
    }
}

#[test]
fn without_the_ca_nothing_is_trusted_and_nothing_is_fine() {
    let dir = tempfile::tempdir().unwrap();
    let sim = Process::start(&["--scenario", "tidy", "--dir", path(dir.path())]);
    let audited = credaudit(&["audit", "--format", "json", "-q", "-c"])
        .arg(dir.path().join("estate.toml"))
        .envs(
            sim.variables
                .iter()
                .filter(|(name, _)| name != "SSL_CERT_FILE")
                .cloned(),
        )
        .output()
        .unwrap();
    assert_eq!(code(&audited), 11, "{}", stderr(&audited));
    let report: Value = serde_json::from_str(&stdout(&audited)).unwrap();
    assert_eq!(report["coverage"]["proven"], 0);
}

#[test]
fn variables_that_move_the_authority_elsewhere_move_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let sim = Process::start(&["--scenario", "tidy", "--dir", path(dir.path())]);
    let audited = credaudit(&["audit", "-q", "-c"])
        .arg(dir.path().join("estate.toml"))
        .envs(sim.variables.clone())
        .env("AZURE_AUTHORITY_HOST", "https://login.evil.example")
        .output()
        .unwrap();
    assert_eq!(code(&audited), 0, "{}", stderr(&audited));
}

/// No identity at all is one sentence, first on both streams, and no "no findings".
#[test]
fn without_an_identity_nothing_is_audited_and_that_is_said_first() {
    let dir = tempfile::tempdir().unwrap();
    let sim = Process::start(&["--scenario", "tidy", "--dir", path(dir.path())]);
    let file = dir.path().join("estate.toml");
    let estate = std::fs::read_to_string(&file).unwrap();
    // Neither a log-in of this machine nor a metadata service near it is to be found.
    let named = estate.replace("identity = \"environment\"", "identity = \"azure-cli\"");
    assert_ne!(named, estate);
    std::fs::write(&file, named).unwrap();
    let variables = sim.variables.iter();
    let variables: Vec<_> = variables
        .filter(|(name, _)| !name.starts_with("AZURE_"))
        .collect();
    let audit = |format: &str| {
        credaudit(&["audit", "--no-history", "-q", "--format", format, "-c"])
            .arg(&file)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .env("PATH", dir.path())
            .output()
            .unwrap()
    };
    let shown = audit("table");
    assert_eq!(code(&shown), 11, "{}", stderr(&shown));
    let sentence = "NOT AUDITED no identity to sign in with was found on this machine";
    let said = stderr(&shown);
    assert!(said.starts_with(&format!("error: {sentence}")), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    let text = stdout(&shown);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.starts_with(sentence), "{text}");
    for other in ["no findings", "CLEAN"] {
        assert!(!words.contains(other), "{text}");
    }
    let report: Value = serde_json::from_str(&stdout(&audit("json"))).unwrap();
    assert_eq!(report["run"]["no_identity"], true);
    assert_eq!(report["coverage"]["proven"], 0);
}
