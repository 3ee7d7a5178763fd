//! `credaudit remind` as a process: who is told, once; what a second run and trouble do.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use credaudit::inside::Scenario;

use crate::binary::{code, credaudit, path, stderr, stdout};
use crate::mail_server::{body, plain_part};
use crate::tenant::estate_that_mails;
use crate::two_processes::Process;

/// Who owns what is due in these tests.
const RAIA: &str = "crm-platform@contoso.com";
const POWER_BI: &str = "data@contoso.com";

/// A folder with an estate, an outbox and a state directory, and the tenant.
struct Desk {
    dir: tempfile::TempDir,
    sim: Process,
}

/// The tidy scenario, with two credentials that end soon.
fn ending(text: &str) -> String {
    let mut text = text.to_owned();
    for (label, old, new) in [("raia-contact-sync", 118, 12), ("power-bi-extract", 75, 5)] {
        let secret = format!("secrets = [{{ label = \"{label}\"");
        let (before, after) = text.split_once(&secret).expect("the secret");
        let wanted = format!("ends-in-days = {old}");
        assert!(after.lines().next().unwrap().contains(&wanted), "{label}");
        let after = after.replacen(&wanted, &format!("ends-in-days = {new}"), 1);
        text = format!("{before}{secret}{after}");
    }
    text
}

impl Desk {
    fn new(more: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let scenario = dir.path().join("tenant.toml");
        let text = ending(Scenario::text("tidy").unwrap());
        std::fs::write(&scenario, text + more).unwrap();
        let sim = Process::start(&["--scenario", path(&scenario), "--dir", path(dir.path())]);
        let desk = Self { dir, sim };
        desk.estate(|text| text);
        std::fs::create_dir(desk.file("outbox")).unwrap();
        desk
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes the estate: mails go into a folder, and signs of life are off.
    fn estate(&self, spoil: impl FnOnce(String) -> String) {
        let text = estate_that_mails("folder = \"outbox\"", "[routing]\nalive = false\n");
        std::fs::write(self.file("estate.toml"), spoil(text)).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = credaudit(arguments);
        command
            .arg("-c")
            .arg(self.file("estate.toml"))
            .envs(self.sim.variables.clone())
            .env("XDG_STATE_HOME", self.file("state"))
            // The folder counts from where the estate lies, wherever the command runs.
            .current_dir("/")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn remind(&self, arguments: &[&str]) -> Output {
        self.command(&[&["remind"], arguments].concat())
            .output()
            .unwrap()
    }

    /// The mails in the outbox, by recipient.
    fn outbox(&self) -> BTreeMap<String, Vec<String>> {
        let mut mails: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for entry in std::fs::read_dir(self.file("outbox")).unwrap() {
            let file = entry.unwrap().path();
            assert_eq!(file.extension().unwrap(), "eml", "{}", file.display());
            let mail = std::fs::read_to_string(file).unwrap();
            let to = mail.lines().find_map(|line| line.strip_prefix("To: "));
            mails.entry(to.unwrap().to_owned()).or_default().push(mail);
        }
        mails
    }

    /// How many mails each of the two has.
    fn told(&self) -> (usize, usize) {
        let outbox = self.outbox();
        let of = |person: &str| outbox.get(person).map_or(0, Vec::len);
        let told = (of(RAIA), of(POWER_BI));
        assert_eq!(
            told.0 + told.1,
            outbox.values().map(Vec::len).sum::<usize>()
        );
        told
    }
}

fn said(output: &Output) -> String {
    stderr(output)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn each_person_gets_one_digest_and_the_next_run_is_quiet() {
    let desk = Desk::new("");
    let shown = desk.remind(&["--dry-run"]);
    assert_eq!(code(&shown), 0, "{}", stderr(&shown));
    for words in [
        format!("To: {RAIA}\nSubject: "),
        format!("To: {POWER_BI}\nSubject: "),
        "raia-contact-sync".to_owned(),
    ] {
        assert!(
            stdout(&shown).contains(&words),
            "{words}: {}",
            stdout(&shown)
        );
    }
    assert_eq!(desk.told(), (0, 0));
    assert!(!desk.file("state").exists(), "a look leaves nothing");

    let first = desk.remind(&[]);
    assert_eq!(code(&first), 0, "{}", stderr(&first));
    assert!(
        said(&first).contains("2 people were notified"),
        "{}",
        stderr(&first)
    );
    assert_eq!(desk.told(), (1, 1));
    let outbox = desk.outbox();
    let (raia, power_bi) = (&outbox[RAIA][0], &outbox[POWER_BI][0]);
    let text = body(plain_part(raia));
    assert!(text.contains("raia-contact-sync"), "{text}");
    assert!(!text.contains("power-bi-extract"), "another's: {text}");
    assert!(body(plain_part(power_bi)).contains("power-bi-extract"));
    for mail in [raia, power_bi] {
        assert_eq!(mail.matches("Message-ID: <").count(), 1);
        assert!(mail.contains("filename=\"credentials.ics\""), "a calendar");
    }

    let second = desk.remind(&[]);
    assert_eq!(code(&second), 0, "{}", stderr(&second));
    assert!(
        said(&second).contains("no reminder is due"),
        "{}",
        stderr(&second)
    );
    let shown = desk.remind(&["--dry-run"]);
    assert_eq!(stdout(&shown), "Nobody has to be reminded of anything.\n");
    assert_eq!(desk.told(), (1, 1));
}

#[test]
fn who_cannot_be_told_keeps_nobody_else_from_it_and_is_tried_again() {
    let desk = Desk::new("");
    // An address that no mail can go to, and an estate that may name it.
    desk.estate(|text| text.replace(POWER_BI, "d\u{e4}ta@contoso.com"));
    let first = desk.remind(&[]);
    assert_eq!(code(&first), 1, "{}", stderr(&first));
    assert_eq!(desk.told(), (1, 0), "the other has it");
    let words = "could not mail d\u{e4}ta@contoso.com; will retry on the next run";
    assert!(said(&first).contains(words), "{}", stderr(&first));
    let again = desk.remind(&[]);
    assert_eq!(code(&again), 1, "{}", stderr(&again));
    assert!(said(&again).contains(words), "{}", stderr(&again));
    desk.estate(|text| text);
    let mended = desk.remind(&[]);
    assert_eq!(code(&mended), 0, "{}", stderr(&mended));
    assert_eq!(desk.told(), (1, 1));
}

/// Root may write anywhere: what is no folder, and what lies below a file, stand for what may not be written.
#[test]
fn a_folder_that_cannot_be_written_is_refused_before_anything_is_asked() {
    let desk = Desk::new("");
    let outbox = desk.file("outbox");
    std::fs::remove_dir(&outbox).unwrap();
    let refused = |words: &str| {
        for command in [&["remind"][..], &["audit", "-q", "--mail"]] {
            let refused = desk.command(command).output().unwrap();
            assert_eq!(code(&refused), 2, "{command:?}: {}", stderr(&refused));
            let said = said(&refused);
            assert!(
                said.contains("mails cannot be written to the folder"),
                "{said}"
            );
            assert!(
                said.contains(words) && said.contains("nothing was asked"),
                "{said}"
            );
            assert!(refused.stdout.is_empty(), "{command:?}");
        }
    };
    refused("does not exist; create it first");
    std::fs::write(&outbox, "").unwrap();
    refused("is not a folder");
    std::fs::remove_file(&outbox).unwrap();
    let below =
        |text: String| text.replace("folder = \"outbox\"", "folder = \"estate.toml/outbox\"");
    desk.estate(below);
    refused("mails cannot be written");
    // A look needs no folder.
    assert_eq!(code(&desk.remind(&["--dry-run"])), 0);
    desk.estate(|text| text);
    std::fs::create_dir(&outbox).unwrap();
    let sent = desk.remind(&[]);
    assert_eq!(code(&sent), 0, "{}", stderr(&sent));
    assert_eq!(desk.told(), (1, 1));
    // The trial leaves nothing behind: what lies there are mails (`outbox` looks at each name).
}

#[test]
fn without_a_history_nothing_is_sent() {
    let desk = Desk::new("");
    desk.estate(|text| text + "[history]\nenabled = false\n");
    let off = desk.remind(&[]);
    assert_eq!(code(&off), 2, "{}", stderr(&off));
    assert!(
        said(&off).contains("reminders need the history"),
        "{}",
        stderr(&off)
    );
    desk.estate(|text| text);
    let store = desk.file("state/credaudit/history.db");
    std::fs::create_dir_all(store.parent().unwrap()).unwrap();
    std::fs::write(&store, "no database at all. ".repeat(99)).unwrap();
    let damaged = desk.remind(&[]);
    assert_eq!(code(&damaged), 2, "{}", stderr(&damaged));
    std::fs::remove_file(&store).unwrap();

    // Another program holds the file for longer than anybody waits.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut other = runtime.block_on(async {
        use sqlx::Connection as _;
        let kept = credaudit::inside::Store::open(&store).await.unwrap();
        kept.close().await;
        let url = format!("sqlite://{}", store.display());
        let mut other = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql("BEGIN EXCLUSIVE")
            .execute(&mut other)
            .await
            .unwrap();
        other
    });
    let locked = desk.remind(&[]);
    assert_eq!(code(&locked), 2, "{}", stderr(&locked));
    assert!(said(&locked).contains("history.db"), "{}", stderr(&locked));
    assert_eq!(desk.told(), (0, 0), "nobody knows what was said before");
    runtime.block_on(async {
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
        drop(other);
    });
    assert_eq!(code(&desk.remind(&[])), 0);
    assert_eq!(desk.told(), (1, 1));
}

#[test]
fn an_incomplete_audit_reminds_says_so_and_ends_with_11() {
    let desk = Desk::new(
        "\n[[faults]]\nhost = \"contoso-dev.api.crm4.dynamics.com\"\nstatus = 503\n\
         headers = { retry-after = \"0\" }\n",
    );
    let reminded = desk.remind(&[]);
    assert_eq!(code(&reminded), 11, "{}", stderr(&reminded));
    assert_eq!(desk.told(), (1, 1));
    for mail in desk.outbox().values().flatten() {
        let text = body(plain_part(mail));
        assert!(text.to_lowercase().contains("incomplete"), "{text}");
    }
}

#[test]
fn nobody_is_told_of_another_day_than_today() {
    let desk = Desk::new("");
    let future = (chrono::Utc::now() + chrono::TimeDelta::days(300)).format("%Y-%m-%d");
    let as_of = future.to_string();
    let refused = desk.remind(&["--as-of", &as_of]);
    assert_eq!(code(&refused), 2, "{}", stderr(&refused));
    assert!(
        said(&refused).contains("add --dry-run"),
        "{}",
        stderr(&refused)
    );
    let shown = desk.remind(&["--as-of", &as_of, "--dry-run"]);
    assert_eq!(code(&shown), 0, "{}", stderr(&shown));
    // By then everybody's have ended.
    assert!(
        stdout(&shown).contains("To: records@contoso.com"),
        "{}",
        stdout(&shown)
    );
    let audit = ["audit", "--mail", "-q", "--as-of", &as_of];
    let audited = desk.command(&audit).output().unwrap();
    assert_eq!(code(&audited), 10, "{}", stderr(&audited));
    let outbox = desk.outbox();
    assert_eq!(outbox.len(), 1, "the report alone: {:?}", outbox.keys());
    assert!(outbox.keys().all(|to| to.contains("security@contoso.com")));
    assert_eq!(code(&desk.remind(&[])), 0);
    assert_eq!(
        desk.outbox().len(),
        3,
        "and today's reminders are still to come"
    );
}

#[test]
fn remind_without_a_mail_table_is_a_mistake_of_usage() {
    let desk = Desk::new("");
    desk.estate(|text| {
        let (before, rest) = text.split_once("[mail]").unwrap();
        let (_, after) = rest.split_once("[tenants").unwrap();
        format!("{before}[tenants{after}")
    });
    let refused = desk.remind(&[]);
    assert_eq!(code(&refused), 2, "{}", stderr(&refused));
    assert!(
        said(&refused).contains("remind needs a [mail] table"),
        "{}",
        stderr(&refused)
    );
}
