//! The real binary in a scrubbed environment.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use chrono::NaiveDate;

/// What a process cannot do without, and what moves its clock where it moves the tests' own (`faketime`).
const PASSED_ON: [&str; 9] = [
    "SystemRoot",
    "TEMP",
    "TMPDIR",
    "LLVM_PROFILE_FILE",
    "TZ",
    "LD_PRELOAD",
    "FAKETIME",
    "FAKETIME_SHARED",
    "FAKETIME_DONT_FAKE_MONOTONIC",
];

/// The binary with nothing in its environment but what a process cannot do without.
pub(crate) fn credaudit(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credaudit"));
    command.env_clear().args(arguments).stdin(Stdio::null());
    for name in PASSED_ON {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// Runs it to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    credaudit(arguments).output().expect("the binary starts")
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

pub(crate) fn path(path: &Path) -> &str {
    path.to_str().expect("a path of this test")
}

/// A report with what differs from run to run taken out: times, run ids.
pub(crate) fn scrubbed(text: &str) -> String {
    let text = &without_thumbprints(text);
    let mut out = String::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        match moment(rest) {
            Some(length) => {
                out.push_str("[time]");
                at += length;
            }
            None => {
                let letter = rest.chars().next().expect("it is not the end");
                out.push(letter);
                at += letter.len_utf8();
            }
        }
    }
    out
}

/// A report with its days counted from `today`, each as wide as the date was: `    [+110]`.
pub(crate) fn dated(text: &str, today: NaiveDate) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let day = rest.get(..10).filter(|word| is_shaped(word, "9999-99-99"));
        if let Some(day) = day.and_then(|day| day.parse::<NaiveDate>().ok()) {
            let days = format!("[{:+}]", (day - today).num_days());
            out.push_str(&format!("{days:>10}"));
            rest = &rest[10..];
        } else {
            out.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    out
}

/// Whether `text` begins as `pattern` does, with any digit for a nine.
fn is_shaped(text: &str, pattern: &str) -> bool {
    let mut pairs = pattern.bytes().zip(text.bytes());
    text.len() >= pattern.len()
        && pairs.all(|(wanted, found)| match wanted {
            b'9' => found.is_ascii_digit(),
            wanted => wanted == found,
        })
}

/// The pretend tenant's certificates are made anew by each process.
fn without_thumbprints(text: &str) -> String {
    let is_hex = |letter: char| matches!(letter, '0'..='9' | 'A'..='F');
    text.split_inclusive(|letter| !is_hex(letter))
        .map(|piece| {
            let digits = piece.trim_end_matches(|letter| !is_hex(letter));
            match digits.len() {
                40 => piece.replacen(digits, "[thumbprint]", 1),
                _ => piece.to_owned(),
            }
        })
        .collect()
}

/// The length of a moment at the start of `text`: `2026-11-21 06:00 UTC`, `2026-11-21T06:00:00.1Z`.
fn moment(text: &str) -> Option<usize> {
    let shape = |pattern| is_shaped(text, pattern);
    if shape("9999-99-99 99:99 UTC") {
        return Some("9999-99-99 99:99 UTC".len());
    }
    if shape("9999-99-99T99:99:99") {
        let tail = text["9999-99-99T99:99:99".len()..]
            .find('Z')
            .filter(|length| *length < 12)?;
        return Some("9999-99-99T99:99:99".len() + tail + 1);
    }
    None
}

#[test]
fn days_are_counted_from_today_and_keep_their_width() {
    let today = NaiveDate::from_ymd_opt(2028, 2, 29).expect("it is in the calendar");
    let text = "a 2028-03-01 · 2028-02-28? 2028-02-29|2029-02-28";
    let counted = "a       [+1] ·       [-1]?       [+0]|    [+365]";
    assert_eq!(dated(text, today), counted);
    // What is no day of the calendar stays.
    assert_eq!(dated("2027-02-29 2028-2-1", today), "2027-02-29 2028-2-1");
}
