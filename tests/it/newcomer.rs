//! Somebody with an empty home, who has read the README's first page and nothing else: from nothing to a first audit,
//! a mail and a weekly job, against the demo tenant under the services' real names.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Command, Output};

use crate::binary::{code, credaudit, path, stderr, stdout};
use crate::readme::text_of;
use crate::two_processes::Process;

/// The lines of the block under the marker.
fn first_audit() -> Vec<String> {
    let text = text_of("README.md");
    let block = text
        .split("<!-- first audit")
        .nth(1)
        .and_then(|rest| rest.split("```console\n").nth(1))
        .and_then(|rest| rest.split("```").next())
        .expect("the README has a first audit");
    block.lines().map(str::to_owned).collect()
}

struct Newcomer<'a> {
    home: &'a Path,
    sim: Process,
}

impl Newcomer<'_> {
    fn equipped(&self, command: &mut Command) -> Output {
        command
            .current_dir(self.home)
            .envs(self.sim.variables.clone())
            .env("HOME", self.home)
            .env("XDG_STATE_HOME", self.home.join("state"))
            .output()
            .unwrap()
    }

    fn runs(&self, line: &str) -> Output {
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        self.equipped(&mut credaudit(&words))
    }
}

/// Decides what `init` left, and nothing else: the tier of each environment, as its name says.
fn decided(estate: &str) -> (String, usize) {
    let (mut environment, mut decisions) = (String::new(), 0);
    let lines = estate.lines().map(|line| {
        if let Some(name) = line.strip_prefix("[environments.") {
            environment = name.trim_end_matches(']').to_owned();
        }
        if !line.starts_with("tier = \"?\"") {
            return line.to_owned();
        }
        decisions += 1;
        let is = |word: &str| environment.to_lowercase().contains(word);
        let tier = match (is("test") || is("uat"), is("dev")) {
            (true, _) => "test",
            (_, true) => "development",
            _ => "production",
        };
        line.replacen("\"?\"", &format!("\"{tier}\""), 1)
    });
    let lines: Vec<String> = lines.collect();
    (lines.join("\n") + "\n", decisions)
}

#[test]
fn from_nothing_to_a_first_audit_by_the_lines_of_the_readme() {
    let (home, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let sim = Process::start(&["--scenario", "tidy", "--dir", path(elsewhere.path())]);
    let newcomer = Newcomer {
        home: home.path(),
        sim,
    };
    let estate = home.path().join("estate.toml");
    let lines = first_audit();
    let said: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(
        said,
        [
            "credaudit init --match-values",
            "credaudit check-config",
            "credaudit doctor",
            "credaudit audit"
        ]
    );

    let init = newcomer.runs(said[0]);
    assert_eq!(code(&init), 0, "{}{}", stdout(&init), stderr(&init));
    let written = std::fs::read_to_string(&estate).unwrap();

    // What is left is refused with its lines, by the audit as well.
    let left = newcomer.runs(said[1]);
    assert_eq!(code(&left), 2, "{}", stdout(&left));
    assert!(stderr(&left).contains("left to you"), "{}", stderr(&left));
    assert_eq!(code(&newcomer.runs(said[3])), 2);

    let (text, decisions) = decided(&written);
    assert!(decisions >= 2, "{written}");
    std::fs::write(&estate, text).unwrap();
    let checked = newcomer.runs(said[1]);
    assert_eq!(code(&checked), 0, "{}", stderr(&checked));
    let doctor = newcomer.runs(said[2]);
    assert_eq!(code(&doctor), 0, "{}{}", stdout(&doctor), stderr(&doctor));
    let audit = newcomer.runs(said[3]);
    assert_eq!(code(&audit), 0, "{}{}", stdout(&audit), stderr(&audit));
    assert!(stdout(&audit).contains("CLEAN"), "{}", stdout(&audit));

    mailed_by_cron(&newcomer, &estate);
}

/// The README's weekly line, with its three places in the home of this test.
fn mailed_by_cron(newcomer: &Newcomer<'_>, estate: &Path) {
    let outbox = newcomer.home.join("outbox");
    std::fs::create_dir(&outbox).unwrap();
    let mail = "\n[mail]\nfrom = \"credaudit@contoso.com\"\nto = [\"security@contoso.com\"]\nfolder = \"outbox\"\n";
    let text = std::fs::read_to_string(estate).unwrap() + mail;
    std::fs::write(estate, text).unwrap();
    std::fs::write(newcomer.home.join("env"), "CREDAUDIT_POLICY=baseline\n").unwrap();
    let readme = text_of("README.md");
    let line = readme.lines().find(|line| line.starts_with("0 6 * * 1"));
    let command: String = line
        .expect("the README shows a line for cron")
        .trim_start_matches("0 6 * * 1")
        .replace("/etc/credaudit", path(newcomer.home))
        .replace("/var/lib/credaudit", path(newcomer.home))
        .replace("/usr/local/bin/credaudit", env!("CARGO_BIN_EXE_credaudit"));
    let mut shell = Command::new("sh");
    let ran = newcomer.equipped(shell.args(["-c", command.trim()]).env_clear());
    assert_eq!(code(&ran), 0, "{command}\n{}", stderr(&ran));
    let mails = std::fs::read_dir(&outbox).unwrap().count();
    assert_eq!(mails, 1);
    assert!(newcomer.home.join("last.json").is_file());
}
