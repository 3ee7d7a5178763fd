//! The words that users see: a table of those that must not appear, each with the better one.

use std::path::Path;

use serde_json::Value;

use crate::binary::{credaudit, path, run, stderr, stdout};

mod literals;

/// What must not be written, and what to write. Words in any case; an upper-case entry is meant as it is.
const WORDS: [(&str, &str); 58] = [
    ("question", "check"),
    ("questions", "checks"),
    ("unanswered", "without an answer, not checked"),
    ("rung", "step"),
    ("rungs", "steps"),
    ("ladder", "proof, steps"),
    ("hole", "gap, not checked"),
    ("holes", "gaps, not checked"),
    ("unread", "not checked"),
    ("not read to the end", "incomplete list"),
    ("cut short", "incomplete list"),
    ("read whole", "complete list"),
    ("reads whole", "complete list"),
    ("behind a failed", "because an earlier step failed"),
    ("as stated", "as declared"),
    ("the estate states", "the estate declares"),
    ("told", "shown, notified, listed"),
    ("tell", "show, notify, list"),
    ("tells", "shows, says, lists"),
    ("let in", "accepted"),
    ("lets in", "accepts"),
    ("shut", "refused"),
    ("mend", "fix"),
    ("mended", "fixed"),
    ("past its end", "expired"),
    ("no end", "does not expire"),
    ("has ended", "has expired"),
    ("ended on", "expired on"),
    ("ends on", "expires on"),
    ("ends in", "expires in"),
    ("ends soon", "expires soon"),
    ("ends today", "expires today"),
    ("its end is", "its expiry is"),
    ("OVER", "expired"),
    ("credential in use", "current credential"),
    ("secret in use", "current secret"),
    ("one in use", "current one"),
    ("gone once", "fixing this one clears"),
    ("hits", "Affects"),
    ("inside its cause", "caused by another"),
    ("inside their cause", "caused by another"),
    ("thereby", "so"),
    ("anew", "again"),
    ("beside", "next to"),
    ("besides", "other"),
    ("stands", "is, comes"),
    ("of yours", "your"),
    ("lives", "is valid"),
    ("message a person", "message per person"),
    ("mail a person", "mail per person"),
    ("the judging", "the evaluation"),
    ("is no", "is not a"),
    ("are no", "are not"),
    ("was no", "was not a"),
    ("can be no", "cannot be"),
    ("no mistake", "allowed"),
    ("not thereby", "not"),
    ("whom it hits", "whom it affects"),
];

/// Where a phrase of the table is plain English after all: the words before or behind it.
const PLAIN: [&str; 6] = [
    "there is no",
    "there are no",
    "there was no",
    "is no longer",
    "are no longer",
    "is no more",
];

/// The words of a text without what is not prose: between backticks, commands, names, paths and ids.
fn words(text: &str) -> Vec<String> {
    let prose = text.split('`').step_by(2).collect::<Vec<_>>().join(" x ");
    let edge = |letter: char| !letter.is_alphanumeric() && letter != '\'';
    let words = prose.split_whitespace().map(|word| {
        let core = word.trim_matches(edge);
        let is_name = core.contains(['/', '_', '-', '.', '@', '=', '<', '$']);
        let full_stop = word.ends_with(['.', '!', '?', ';', ':']);
        match (is_name, full_stop) {
            (true, _) => "x".to_owned(),
            (false, true) => format!("{core} ."),
            (false, false) => core.to_owned(),
        }
    });
    let all = words.collect::<Vec<_>>().join(" ");
    all.split(' ').map(str::to_owned).collect()
}

/// Each phrase of the table in a text, with what is around it.
fn slips(text: &str) -> Vec<String> {
    let words = words(text);
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let mut slips = Vec::new();
    for (phrase, better) in WORDS {
        let shouts = phrase.chars().all(|letter| !letter.is_lowercase());
        let all = if shouts { &words } else { &lower };
        let wanted: Vec<&str> = phrase.split(' ').collect();
        for at in 0..all.len().saturating_sub(wanted.len() - 1) {
            if all[at..at + wanted.len()] != wanted[..] {
                continue;
            }
            let around = |more: usize| {
                let to = (at + wanted.len() + more).min(lower.len());
                &lower[at.saturating_sub(more)..to]
            };
            let near = around(3).join(" ");
            if !PLAIN.iter().any(|plain| near.contains(plain)) {
                slips.push(format!(
                    "`{phrase}` (write: {better}) in `{}`",
                    around(6).join(" ")
                ));
            }
        }
    }
    slips
}

/// What was looked through, and what was found.
#[derive(Default)]
struct Reader {
    texts: usize,
    slips: Vec<String>,
}

impl Reader {
    fn read(&mut self, place: &str, text: &str) {
        self.texts += 1;
        let found = slips(text).into_iter();
        let found = found.map(|slip| format!("{place}: {slip}"));
        self.slips.extend(found);
    }

    /// Ends the test: each slip once, however many reports have it.
    fn end(mut self, least: usize) {
        assert!(self.texts >= least, "only {} texts were read", self.texts);
        let plain = |slip: &str| {
            slip.split_once(": ")
                .map_or("", |(_, slip)| slip)
                .to_owned()
        };
        self.slips.sort_by_key(|slip| plain(slip));
        self.slips.dedup_by_key(|slip| plain(slip));
        let many = self.slips.len();
        assert!(many == 0, "{many} slips:\n{}", self.slips.join("\n"));
    }
}

/// A page's or a mail's text: no markup, no script, no style, no code.
fn visible(page: &str) -> String {
    let mut text = page.to_owned();
    for (open, close) in [
        ("<script", "</script>"),
        ("<style", "</style>"),
        ("<code", "</code>"),
    ] {
        while let Some(start) = text.find(open) {
            let length = text[start..].find(close).map_or(0, |at| at + close.len());
            assert!(length > 0, "{open} is not closed");
            text.replace_range(start..start + length, " x ");
        }
    }
    let mut out = String::new();
    let mut in_tag = false;
    for letter in text.chars() {
        match letter {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                // Two cells are not one sentence.
                out.push_str(" . ");
            }
            _ if !in_tag => out.push(letter),
            _ => {}
        }
    }
    out.replace("&#39;", "'").replace("&quot;", "\"")
}

/// A report's lines without the commands in them.
fn without_commands(text: &str) -> String {
    let is_command = |line: &&str| {
        let line = line.trim_start();
        [
            "az ",
            "pac ",
            "( set ",
            "& {",
            "read ",
            "Connect-Mg",
            "Invoke-",
        ]
        .iter()
        .any(|start| line.starts_with(start))
    };
    let lines = text.lines().filter(|line| !is_command(line));
    lines.collect::<Vec<_>>().join("\n")
}

const SCENARIOS: [&str; 7] = [
    "contoso",
    "everything",
    "tidy",
    "half-permitted",
    "throttled",
    "broken",
    "overprivileged",
];

/// The plain part of a mail, decoded as far as its sentences need it.
fn mail(file: &Path) -> String {
    let text = std::fs::read_to_string(file).expect("a mail is text");
    let plain = text.split("text/html").next().unwrap_or_default();
    plain
        .replace("=\r\n", "")
        .replace("=\n", "")
        .replace("=3D", "=")
}

#[test]
fn no_report_of_any_scenario_has_a_word_of_the_table() {
    let mut reader = Reader::default();
    for scenario in SCENARIOS {
        let dir = tempfile::tempdir().unwrap();
        let folder = path(dir.path());
        let output = run(&["demo", "--scenario", scenario, "--keep", folder]);
        reader.read(&format!("{scenario} summary"), &stdout(&output));
        reader.read(&format!("{scenario} notes"), &stderr(&output));
        let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
        reader.read(
            &format!("{scenario} report.txt"),
            &without_commands(&read("report.txt")),
        );
        reader.read(
            &format!("{scenario} report.md"),
            &visible(&read("report.md")),
        );
        reader.read(
            &format!("{scenario} report.html"),
            &visible(&read("report.html")),
        );
        reader.read(
            &format!("{scenario} calendar"),
            &without_commands(&read("credentials.ics").replace("\r\n ", "")),
        );
        let mails = std::fs::read_dir(dir.path().join("mails")).unwrap();
        let mails = mails.map(|mail| mail.unwrap().path());
        for file in mails.chain([dir.path().join("report.eml")]) {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let text = without_commands(&mail(&file));
            reader.read(&format!("{scenario} {name}"), &text);
        }
    }
    reader.end(60);
}

#[test]
fn no_help_and_no_reference_has_a_word_of_the_table() {
    let mut reader = Reader::default();
    reader.read("help", &stdout(&run(&["--help"])));
    for command in crate::help::commands() {
        reader.read(
            &format!("{command} --help"),
            &stdout(&run(&[&command, "--help"])),
        );
    }
    for file in ["policies/CHECKS.md", "policies/CODES.md"] {
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        reader.read(file, &visible(&std::fs::read_to_string(place).unwrap()));
    }
    let checks = run(&["checks", "--format", "json"]);
    let checks: Value = serde_json::from_str(&stdout(&checks)).unwrap();
    for check in checks.as_array().unwrap() {
        let id = check["id"].as_str().unwrap();
        reader.read(id, &stdout(&run(&["explain", id])));
    }
    for code in ["AADSTS7000222", "AADSTS90002", "0x80072560", "403"] {
        reader.read(code, &stdout(&run(&["explain", code])));
    }
    reader.read("explain", &stdout(&run(&["explain"])));
    reader.read("checks", &stdout(&run(&["checks"])));
    for of in ["estate", "policy", "assessment", "report", "snapshot"] {
        let output = run(&["schema", of]);
        let Ok(schema) = serde_json::from_str::<Value>(&stdout(&output)) else {
            continue;
        };
        described(&schema, &mut |text| {
            reader.read(&format!("schema {of}"), text)
        });
    }
    reader.end(150);
}

/// Every description and title of a schema.
fn described(schema: &Value, each: &mut impl FnMut(&str)) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(text) if key == "description" => each(text),
                    other => described(other, each),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| described(item, each)),
        _ => {}
    }
}

#[test]
fn the_answers_about_one_and_about_kept_runs_have_no_word_of_the_table() {
    let mut reader = Reader::default();
    for arguments in [
        &["show", "erp-bridge", "--demo"][..],
        &["show", "power-bi-extract", "--demo"],
        &["show", "nosuch", "--demo"],
        &["where", "erp-bridge", "--demo"],
        &["where", "nosuch", "--demo"],
        &["history", "--demo"],
        &["diff", "--demo"],
        &["trend", "--demo"],
        &["explain", "nosuch"],
        &["sim", "--scenario", "nosuch"],
        &["history", "--file", "nosuch.db"],
        &["report", "nosuch.json"],
        &["evaluate", "nosuch.json"],
        &["schema", "nosuch"],
        &["audit", "-c", "nosuch.toml"],
        &["check-config", "-c", "nosuch.toml", "-p", "nosuch.toml"],
        &["demo", "-o", "x.nosuch"],
        &["evaluate", "x.json", "-p", "Strict"],
    ] {
        let dir = tempfile::tempdir().unwrap();
        let output = credaudit(arguments).current_dir(dir.path()).output();
        let output = output.expect("the binary starts");
        let text = format!("{}\n{}", stdout(&output), stderr(&output));
        assert!(text.len() > 20, "{arguments:?} says nothing");
        reader.read(&arguments.join(" "), &without_commands(&text));
    }
    reader.end(18);
}

#[test]
fn a_word_of_the_table_is_seen_and_a_name_is_not() {
    for text in [
        "INCOMPLETE 3 questions unanswered",
        "This Is No JSON.",
        "it was told\n  twice",
        "2026-11-27 OVER",
        "hits    erp-bridge in prod",
        "3 (questions), open",
    ] {
        assert!(!slips(text).is_empty(), "{text}");
    }
    for text in [
        "there is no such file",
        "it is no longer there",
        "over the last week",
        "`credaudit tell questions`",
        "see docs/questions/told.md, unanswered-question",
        "So it is. No reader does.",
    ] {
        assert!(slips(text).is_empty(), "{text}: {:?}", slips(text));
    }
}
