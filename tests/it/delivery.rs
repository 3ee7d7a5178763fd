//! One thing that cannot be written or sent costs none of the others, and nothing counts as told that was not.
#![cfg(target_os = "linux")]

use std::path::PathBuf;

use serde_json::Value;

use crate::binary::{code, path, run, stderr, stdout};
use crate::history::{Desk, insecure};
use crate::kept::kept;

impl Desk {
    /// A file that takes nothing: the device behind it is always full.
    fn full(&self, name: &str) -> PathBuf {
        let file = self.file(name);
        std::os::unix::fs::symlink("/dev/full", &file).unwrap();
        file
    }

    /// The names in a folder that end so.
    fn ending(&self, folder: &str, end: &str) -> usize {
        let all = std::fs::read_dir(self.file(folder)).unwrap();
        all.filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().ends_with(end)
        })
        .count()
    }
}

/// A stored assessment of the demo.
fn assessment(desk: &Desk) -> PathBuf {
    let folder = desk.file("kept");
    kept("tidy", &folder);
    folder.join("assessment.json")
}

#[test]
fn one_file_that_cannot_be_written_costs_no_other() {
    let desk = Desk::new();
    let assessment = assessment(&desk);
    let (full, good) = (desk.full("full.json"), desk.file("good.json"));
    let written = run(&[
        "report",
        path(&assessment),
        "-o",
        path(&full),
        "-o",
        path(&good),
        "--format",
        "markdown",
    ]);
    assert_eq!(code(&written), 1);
    assert!(
        stderr(&written).contains("full.json"),
        "{}",
        stderr(&written)
    );
    assert!(stdout(&written).starts_with("# "), "{}", stdout(&written));
    let text = std::fs::read_to_string(&good).unwrap();
    assert!(serde_json::from_str::<Value>(&text).is_ok());
    // Every one is told.
    let other = desk.full("full.html");
    let none = run(&[
        "report",
        path(&assessment),
        "-o",
        path(&full),
        "-o",
        path(&other),
    ]);
    assert_eq!(code(&none), 1);
    let said = stderr(&none);
    assert!(
        said.contains("full.json") && said.contains("full.html"),
        "{said}"
    );
    // Written nowhere, it is shown instead.
    assert!(
        stdout(&none).contains("integrations\n"),
        "{}",
        stdout(&none)
    );
}

#[test]
fn a_folder_that_is_not_there_is_told_before_anything_is_read() {
    let desk = Desk::new();
    let missing = desk.file("missing/x.html");
    let folder = desk.dir.path().to_owned();
    for (flag, file, words) in [
        ("-o", path(&missing), "does not exist"),
        ("--keep-snapshot", path(&missing), "does not exist"),
        ("--keep-snapshot", path(&folder), "is a folder"),
    ] {
        // No tenant answers here: it never comes to that.
        let refused = desk.run(&["audit", flag, file]);
        assert_eq!(code(&refused), 2, "{flag}: {}", stderr(&refused));
        let said = stderr(&refused);
        assert!(said.contains(words), "{said}");
    }
    assert!(!desk.store().exists());
}

#[test]
fn a_snapshot_that_cannot_be_kept_costs_no_report() {
    let desk = Desk::new();
    let tidy = desk.tidy();
    let (full, good) = (desk.full("snapshot.json"), desk.file("good.json"));
    let audited = desk.audit(
        &tidy,
        &["-q", "--keep-snapshot", path(&full), "-o", path(&good)],
    );
    assert_eq!(code(&audited), 1, "{}", stderr(&audited));
    assert!(stderr(&audited).contains("snapshot.json"));
    assert!(good.exists());
}

#[test]
fn a_report_that_cannot_be_mailed_keeps_nobody_from_a_reminder() {
    let desk = Desk::new();
    // The estate takes the second address, and no mail server would.
    let text = std::fs::read_to_string(desk.file("estate.toml")).unwrap();
    let lines = text.lines().map(|line| match line {
        _ if line.starts_with("smtp = ") => {
            "folder = \"outbox\"\n[routing]\nfallback = \"desk@contoso.com\"\ndays = [730]"
        }
        _ if line.starts_with("to = ") => "to = [\"security@contoso.com\", \"a..b@contoso.com\"]",
        other => other,
    });
    let text: Vec<&str> = lines.collect();
    std::fs::write(desk.file("estate.toml"), text.join("\n")).unwrap();
    std::fs::create_dir(desk.file("outbox")).unwrap();
    let tidy = desk.tidy();
    let audited = desk.audit(&tidy, &["-q", "--mail", "--fail-on-new"]);
    assert_eq!(code(&audited), 1, "{}", stderr(&audited));
    assert!(
        stderr(&audited).contains("a..b@contoso.com"),
        "{}",
        stderr(&audited)
    );
    assert!(desk.ending("outbox", ".eml") > 0, "{}", stderr(&audited));
}

#[test]
fn what_nobody_was_told_stays_new() {
    let desk = Desk::new();
    let new = ["-q", "--fail-on", "medium", "--fail-on-new"];
    let tidy = desk.tidy();
    assert_eq!(code(&desk.audit(&tidy, &new)), 0);
    drop(tidy);
    let spoiled = desk.tenant(insecure);
    let full = desk.full("full.json");
    let lost = desk.audit(&spoiled, &[&new[..], &["-o", path(&full)]].concat());
    assert_eq!(code(&lost), 1, "{}", stderr(&lost));
    assert_eq!(code(&desk.audit(&spoiled, &new)), 10);
    assert_eq!(code(&desk.audit(&spoiled, &new)), 0);
    // It is kept, and said to have been lost.
    let runs = desk.runs();
    let reported: Vec<&Value> = runs.iter().map(|run| &run["reported"]).collect();
    assert_eq!(reported, [true, false, true, true]);
    let listed = desk.command(&["history"]).env("COLUMNS", "200").output();
    let listed = stdout(&listed.unwrap());
    assert_eq!(listed.matches("not reported").count(), 1, "{listed}");
}
