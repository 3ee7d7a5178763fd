//! The house: which room may import which, how long a file may be, and that effects stay in the shell.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::binary::dated;

/// Room, and the rooms it may import. `source` holds places and problems of files that people write;
/// `app`, `cli`, `lib` and `main` may import everything and are not listed.
const MAY_IMPORT: [(&str, &[&str]); 12] = [
    ("model", &[]),
    ("source", &[]),
    ("estate", &["model", "source"]),
    ("policy", &["model", "source"]),
    ("evidence", &["model", "estate"]),
    ("checks", &["model", "evidence", "estate"]),
    (
        "evaluate",
        &["model", "estate", "evidence", "policy", "checks", "source"],
    ),
    ("report", &["model"]),
    ("collect", &["model", "estate", "evidence"]),
    ("deliver", &["report"]),
    ("history", &["model"]),
    ("sim", &["model"]),
];

/// Rooms that may touch clock, environment and files.
const SHELL: [&str; 5] = ["collect", "deliver", "history", "sim", "app"];

fn sources() -> Vec<(PathBuf, String)> {
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

/// The rooms that a line sequence names: `crate::x`, and each `x` of `crate::{x, y::z}`.
fn named(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let line = text[..at].matches('\n').count() + 1;
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        if text[start..at].trim_start().starts_with("//") || text[start..at].contains('`') {
            continue;
        }
        let rest = &text[at + "crate::".len()..];
        let word = |text: &str| {
            text.chars()
                .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
                .collect::<String>()
        };
        if let Some(list) = rest.strip_prefix('{') {
            let (mut depth, mut fresh) = (1, true);
            for (index, letter) in list.char_indices() {
                match letter {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 1 => fresh = true,
                    letter if fresh && letter.is_ascii_alphabetic() => {
                        found.push((line, word(&list[index..])));
                        fresh = false;
                    }
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            found.push((line, word(rest)));
        }
    }
    found
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let mut seen = 0;
    for (path, text) in sources() {
        let here = room(&path);
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == here) else {
            assert!(
                ["app", "cli", "lib", "main"].contains(&here.as_str()),
                "{here} is a room that the table does not know"
            );
            continue;
        };
        for (line, name) in named(&text) {
            seen += 1;
            assert!(
                name == here || allowed.contains(&name.as_str()),
                "{}:{line} imports {name}, and {here} may import only {allowed:?}",
                path.display()
            );
        }
    }
    assert!(seen > 100, "the scan found only {seen} imports");
}

#[test]
fn the_scan_reads_grouped_imports() {
    let text = "use crate::{estate::{self, Estate}, policy};\n// crate::checks\nlet x = crate::collect::y();";
    let names: Vec<String> = named(text).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["estate", "policy", "collect"]);
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
        assert!(lines <= 400, "{} has {lines} lines", path.display());
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
    let askers = ["tenant.rs", "graph_mail.rs", "remind.rs"];
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
