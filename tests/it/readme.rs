//! The README and the pages it leads to are true: their commands run, their files are accepted, their links lead
//! somewhere.

use std::path::Path;

use clap::Parser;
use credaudit::inside::Cli;

use crate::binary::{code, credaudit, path, stderr};

/// What is read, in this order.
const PAGES: [&str; 7] = [
    "README.md",
    ".github/docs/estate.md",
    ".github/docs/credentials.md",
    ".github/docs/verdicts.md",
    ".github/docs/history.md",
    ".github/docs/mail.md",
    ".github/docs/schedules.md",
];

pub(crate) fn text_of(page: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    std::fs::read_to_string(path).unwrap().replace("\r\n", "\n")
}

fn readme() -> String {
    text_of("README.md")
}

/// The blocks of one language in all pages.
pub(crate) fn blocks(language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in PAGES.iter().flat_map(|page| {
        let lines: Vec<String> = text_of(page).lines().map(str::to_owned).collect();
        lines
    }) {
        match &mut open {
            None if line == format!("```{language}") => open = Some(String::new()),
            Some(text) if line == "```" => {
                blocks.push(std::mem::take(text));
                open = None;
            }
            Some(text) => {
                text.push_str(&line);
                text.push('\n');
            }
            None => {}
        }
    }
    blocks
}

#[test]
fn the_commands_run() {
    let dir = tempfile::tempdir().unwrap();
    let estate = blocks("toml").remove(0);
    std::fs::write(dir.path().join("estate.toml"), estate).unwrap();
    let mut ran = 0;
    for line in blocks("console").iter().flat_map(|block| block.lines()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let arguments = match words.as_slice() {
            ["cargo", "test"] => continue, // this is it
            ["cargo", "run", "--release", "--", rest @ ..] => rest,
            // These talk to a tenant: `newcomer` runs the README's, line by line.
            ["credaudit", "audit" | "init" | "doctor", ..] => continue,
            ["credaudit", rest @ ..] => rest,
            other => panic!("the README shows a command that no test knows: {other:?}"),
        };
        let output = credaudit(arguments)
            .current_dir(dir.path())
            .output()
            .unwrap();
        // What judges the neglected tenant ends as an audit of it would.
        let wanted = match arguments.first() {
            Some(&"evaluate") => 10,
            _ => 0,
        };
        assert_eq!(code(&output), wanted, "{line}\n{}", stderr(&output));
        ran += 1;
    }
    assert!(ran >= 8, "{ran}");
}

#[test]
fn the_two_commands_of_the_start_are_there() {
    let start = &blocks("console")[0];
    assert_eq!(start, "cargo run --release -- demo\ncargo test\n");
}

#[test]
fn the_files_it_shows_are_accepted() {
    let dir = tempfile::tempdir().unwrap();
    let blocks = blocks("toml");
    let [estate, life, policy, mail, routing] = blocks.as_slice() else {
        panic!("{} TOML blocks", blocks.len());
    };
    let (file, policy_file) = (
        dir.path().join("estate.toml"),
        dir.path().join("policy.toml"),
    );
    // The tables of mails are shown by themselves and belong into the estate, before its lists.
    let whole = estate.replacen("[tenants.", &format!("{mail}\n{routing}\n[tenants."), 1);
    std::fs::write(&policy_file, policy).unwrap();
    for estate in [whole, life.clone()] {
        std::fs::write(&file, estate).unwrap();
        let output = credaudit(&["check-config", "-c", path(&file), "-p", path(&policy_file)])
            .output()
            .unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    }
}

/// Jobs are shown as cron, systemd and pipelines want them; what they run parses.
#[test]
fn the_commands_of_jobs_parse() {
    let mut parsed = 0;
    for language in ["cron", "ini", "yaml", "console"] {
        for block in blocks(language) {
            for line in block
                .lines()
                .filter(|line| !line.trim_start().starts_with('#'))
            {
                let Some((_, command)) = line.split_once("credaudit ") else {
                    continue;
                };
                let words = command.split(" >").next().unwrap_or_default();
                let words = std::iter::once("credaudit").chain(words.split_whitespace());
                let outcome = Cli::try_parse_from(words);
                assert!(outcome.is_ok(), "{line}: {:?}", outcome.err());
                parsed += 1;
            }
        }
    }
    assert!(parsed >= 15, "{parsed}");
}

#[test]
fn the_first_page_is_short_and_its_links_lead_somewhere() {
    assert!(readme().lines().count() <= 200);
    let anchor = |heading: &str| {
        let plain: String = heading.to_lowercase().replace(' ', "-");
        plain.replace(['`', ',', ':', '\''], "")
    };
    let mut followed = 0;
    for page in PAGES {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let folder = folder.parent().unwrap().to_owned();
        let text = text_of(page);
        for link in text.split("](").skip(1) {
            let target = link.split(')').next().unwrap();
            if target.starts_with("http") {
                continue;
            }
            let (file, place) = target.split_once('#').unwrap_or((target, ""));
            let file = match file.is_empty() {
                true => folder.join(Path::new(page).file_name().unwrap()),
                false => folder.join(file),
            };
            assert!(file.is_file(), "{page} links to {target}");
            if !place.is_empty() {
                let there = std::fs::read_to_string(&file).unwrap();
                let mut headings = there.lines().filter(|line| line.starts_with('#'));
                let found =
                    headings.any(|line| anchor(line.trim_start_matches('#').trim()) == place);
                assert!(found, "{page} links to {target}");
            }
            followed += 1;
        }
    }
    assert!(followed >= 15, "{followed}");
}

#[test]
fn its_exit_codes_are_the_programs() {
    let text = readme();
    for code in [
        credaudit::inside::app::CLEAN,
        credaudit::inside::app::TOOL_FAILED,
        credaudit::inside::app::USAGE,
        credaudit::inside::app::FINDINGS,
        credaudit::inside::app::INCOMPLETE,
    ] {
        assert!(text.contains(&format!("| {code} |")), "{code}");
    }
}
