//! The house: which room may import which, how long a file may be, and that effects stay in the shell.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::binary::dated;

mod circles;
mod ids;
mod names;
mod paths;
mod prose;

use paths::Sources;

/// Room, and the rooms that its product code may import; its tests may import what they need. `app`,
/// `cli`, `lib` and `main` may import everything and are not listed.
const MAY_IMPORT: [(&str, &[&str]); 18] = [
    ("model", &[]),
    ("reference", &["model"]),
    ("source", &["model"]),
    ("estate", &["model", "reference", "source"]),
    ("policy", &["model", "source"]),
    ("evidence", &["model", "estate"]),
    ("facts", &["model", "reference", "estate", "evidence"]),
    (
        "checks",
        &["model", "reference", "estate", "evidence", "facts"],
    ),
    (
        "where_used",
        &[
            "model",
            "reference",
            "source",
            "estate",
            "evidence",
            "facts",
        ],
    ),
    (
        "evaluate",
        &[
            "model",
            "reference",
            "source",
            "estate",
            "evidence",
            "policy",
            "facts",
            "checks",
            "where_used",
        ],
    ),
    ("compare", &["model"]),
    ("remind", &["model", "estate", "evidence", "facts"]),
    ("report", &["model"]),
    ("collect", &["model", "reference", "estate", "evidence"]),
    (
        "discover",
        &["model", "reference", "estate", "evidence", "collect"],
    ),
    ("deliver", &["report"]),
    ("history", &["model"]),
    // Nothing that decides: `model` for the form of a GUID.
    ("sim", &["model"]),
];

/// Rooms that may touch clock, environment and files.
const SHELL: [&str; 6] = ["collect", "discover", "deliver", "history", "sim", "app"];

pub(crate) fn sources() -> Vec<(PathBuf, String)> {
    files_below("src", "rs")
}

/// The files below a folder of this repository whose names end so, and their texts.
fn files_below(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder is readable") {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                let text = std::fs::read_to_string(&path).expect("it is text");
                files.push((path, text));
            }
        }
    }
    files.sort();
    files
}

fn room(path: &Path) -> String {
    let below = path
        .strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
        .expect("it lies in src");
    let first = below.components().next().expect("it has a name");
    first
        .as_os_str()
        .to_string_lossy()
        .trim_end_matches(".rs")
        .to_owned()
}

fn sources_by_module() -> Sources {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    Sources::new(sources().into_iter().filter_map(|(path, text)| {
        let below = path
            .strip_prefix(&src)
            .ok()?
            .to_string_lossy()
            .replace('\\', "/");
        Some((below, text))
    }))
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let mut seen = 0;
    for named in sources_by_module().named() {
        let (Some(here), Some(there)) = (named.from.first(), named.to.first()) else {
            continue;
        };
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| name == here) else {
            assert!(
                ["app", "cli", "lib", "main"].contains(&here.as_str()),
                "{here} is a room that the table does not know"
            );
            continue;
        };
        seen += 1;
        assert!(
            named.test || there == here || allowed.contains(&there.as_str()),
            "{}:{} imports {there}, and {here} may import only {allowed:?}",
            named.from.join("::"),
            named.line
        );
    }
    assert!(seen > 1000, "the scan found only {seen} imports");
}

#[test]
fn files_open_with_a_sentence_and_stay_short() {
    for (path, text) in sources() {
        assert!(
            text.starts_with("//! "),
            "{} has no opening sentence",
            path.display()
        );
        let lines = text.lines().count();
        assert!(lines <= 600, "{} has {lines} lines", path.display());
    }
}

#[test]
fn only_shell_rooms_opt_out_of_the_bans_on_effects() {
    for (path, text) in sources() {
        let here = room(&path);
        // A test that compares a file of the repository says so on the function itself.
        if SHELL.contains(&here.as_str()) {
            continue;
        }
        assert!(
            !text.contains("#![expect(\n    clippy::disallowed_methods"),
            "{} opts out of the bans, and {here} is no shell room",
            path.display()
        );
    }
}

/// What is expected is the same on every day: no kept output holds a date, but for the examples in the
/// help, and the tests ask the clock only where a tenant is started by it.
#[test]
fn no_expectation_hangs_on_the_day() {
    let kept = files_below("tests/it/snapshots", "snap");
    assert!(kept.len() > 3, "only {} kept outputs", kept.len());
    for (path, text) in kept {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let today = NaiveDate::default();
        assert!(
            name.starts_with("it__help__") || dated(&text, today) == text,
            "{} holds a date: count days from the run instead (`binary::dated`)",
            path.display()
        );
    }
    // A tenant starts by the clock, and `--as-of` is refused for another day than today.
    let askers = ["tenant.rs", "graph_mail.rs", "remind.rs", "init_person.rs"];
    for (path, text) in files_below("tests/it", "rs") {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let asks = ["Utc", "Local", "SystemTime"].map(|clock| format!("{clock}::now()"));
        assert!(
            askers.contains(&&*name) || !asks.iter().any(|asks| text.contains(asks.as_str())),
            "{} asks what day it is",
            path.display()
        );
    }
}

#[test]
fn no_password_or_value_type_can_enter_the_snapshot() {
    for (path, text) in sources() {
        if room(&path) == "evidence" {
            assert!(
                !text.contains("Secret<") && !text.contains("SecretString"),
                "{}",
                path.display()
            );
            for line in text
                .lines()
                .filter(|line| line.trim_start().starts_with("pub "))
            {
                for word in ["secret_text", "password:", "access_token", "value: String"] {
                    assert!(!line.contains(word), "{}: {line}", path.display());
                }
            }
        }
    }
    if sources().is_empty() {
        panic!("nothing was scanned");
    }
}
