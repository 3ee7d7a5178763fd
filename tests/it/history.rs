//! What an audit keeps: kept, listed, compared, counted; and a report that no trouble with it can cost.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use credaudit::inside::Scenario;
use serde_json::Value;

use crate::binary::{code, credaudit, path, stderr, stdout};
use crate::two_processes::Process;

/// A folder with the tidy estate, and a state directory of its own.
pub(crate) struct Desk {
    pub dir: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        desk.estate("");
        desk
    }

    /// Writes the tidy estate with `more` in front of its tables.
    pub(crate) fn estate(&self, more: &str) {
        let estate = Scenario::estate("tidy").unwrap();
        let text = estate.replacen("version = 1", &format!("version = 1\n{more}"), 1);
        std::fs::write(self.file("estate.toml"), text).unwrap();
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.file("state/credaudit/history.db")
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = credaudit(arguments);
        command
            .arg("-c")
            .arg(self.file("estate.toml"))
            .env("XDG_STATE_HOME", self.file("state"));
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub(crate) fn audit(&self, sim: &Process, arguments: &[&str]) -> Output {
        self.command(&[&["audit"], arguments].concat())
            .envs(sim.variables.clone())
            .output()
            .unwrap()
    }

    /// The tidy tenant, with `spoil` done to its scenario.
    pub(crate) fn tenant(&self, spoil: impl FnOnce(&str) -> String) -> Process {
        let file = self.file("tenant.toml");
        std::fs::write(&file, spoil(Scenario::text("tidy").unwrap())).unwrap();
        Process::start(&["--scenario", path(&file), "--dir", path(self.dir.path())])
    }

    pub(crate) fn tidy(&self) -> Process {
        self.tenant(str::to_owned)
    }

    pub(crate) fn runs(&self) -> Vec<Value> {
        let listed = self.run(&["history", "--format", "json"]);
        assert_eq!(code(&listed), 0, "{}", stderr(&listed));
        let list: Value = serde_json::from_str(&stdout(&listed)).unwrap();
        assert_eq!(list["format"], "credaudit.history/1");
        list["runs"].as_array().unwrap().clone()
    }
}

/// One redirect address that is not encrypted.
pub(crate) fn insecure(text: &str) -> String {
    let (good, bad) = (
        "https://raia-contact-sync.contoso.com/auth",
        "http://raia-contact-sync.contoso.com/auth",
    );
    assert!(text.contains(good));
    text.replacen(good, bad, 1)
}

/// Graph refuses every application.
fn unreadable(text: &str) -> String {
    text.to_owned()
        + "\n[[faults]]\npath-contains = \"/applications\"\nstatus = 403\n\
            headers = { content-type = \"application/json\" }\n\
            body = '{\"error\":{\"code\":\"Authorization_RequestDenied\",\"message\":\"no\"}}'\n"
}

fn id(run: &Value) -> String {
    run["id"].as_str().unwrap().to_owned()
}

#[test]
fn runs_are_kept_listed_compared_and_counted() {
    let desk = Desk::new();
    let nothing = desk.run(&["history"]);
    assert_eq!(code(&nothing), 2);
    assert!(stderr(&nothing).contains("there is no history at"));

    let tidy = desk.tidy();
    assert_eq!(code(&desk.audit(&tidy, &["-q"])), 0);
    let one = desk.run(&["diff"]);
    assert_eq!(code(&one), 2);
    assert!(stderr(&one).contains("no earlier one"), "{}", stderr(&one));
    drop(tidy);
    let spoiled = desk.tenant(insecure);
    let second = desk.audit(&spoiled, &["-q", "--fail-on", "medium"]);
    assert_eq!(code(&second), 10, "{}", stderr(&second));
    // A part, another date, and one that is not to be kept.
    let part = ["-q", "--registration", "raia-contact-sync"];
    desk.audit(&spoiled, &part);
    desk.audit(&spoiled, &["-q", "--as-of", "2031-01-01"]);
    desk.audit(&spoiled, &["-q", "--no-history"]);

    let runs = desk.runs();
    assert_eq!(runs.len(), 4);
    assert_eq!(runs[1]["findings"]["medium"], 1);
    assert_eq!(runs[1]["exit-code"], 10);
    assert_eq!(
        runs[2]["subject"]["narrowed"],
        "only registrations raia-contact-sync"
    );
    assert_eq!(runs[3]["as-of-given"], true);
    let text = stdout(&desk.run(&["history"]));
    assert!(text.contains(&id(&runs[0])[..8]), "{text}");
    assert!(text.contains("2031-01-01"), "{text}");
    assert_eq!(
        stdout(&desk.run(&["history", "--last", "1"]))
            .matches("baseline")
            .count(),
        1
    );

    // The last two of the whole estate, whatever came after them.
    let shown = desk.run(&["diff"]);
    assert_eq!(code(&shown), 0, "{}", stderr(&shown));
    assert!(stdout(&shown).starts_with("1 new"), "{}", stdout(&shown));
    let text = stdout(&shown);
    assert!(text.contains("+ medium insecure-redirect-uri"), "{text}");
    let json = desk.run(&[
        "diff",
        "previous",
        "latest",
        "--format",
        "json",
        "--exit-code",
    ]);
    assert_eq!(code(&json), 10);
    let diff: Value = serde_json::from_str(&stdout(&json)).unwrap();
    assert_eq!(diff["format"], "credaudit.diff/1");
    assert_eq!(diff["from"]["run"], runs[0]["id"]);
    assert_eq!(diff["new"][0]["check"], "insecure-redirect-uri");
    assert_eq!(diff["fixed"].as_array().unwrap().len(), 0);
    // The other way about it is fixed, and that is no regression.
    let (first, second) = (&id(&runs[0])[..8], &id(&runs[1])[..8]);
    let back = desk.run(&["diff", second, first, "--exit-code"]);
    assert_eq!(code(&back), 0, "{}", stderr(&back));
    assert!(stdout(&back).starts_with("1 fixed"), "{}", stdout(&back));
    // Two runs of one second have no order.
    let at_once = runs[0]["collected"] == runs[1]["collected"];
    assert!(at_once || stdout(&back).contains("the first is the later"));
    let day = runs[0]["collected"].as_str().unwrap()[..10].to_owned();
    let same = desk.run(&["diff", &day, "latest"]);
    assert_eq!(code(&same), 2, "{}", stdout(&same));
    assert!(
        stderr(&same).contains("no difference from itself"),
        "{}",
        stderr(&same)
    );
    // What answers other questions is not compared, and neither is what is not there.
    let part = id(&runs[2]);
    for (arguments, words) in [
        (["diff", part.as_str()], "they are not compared"),
        (["diff", "1999-12-31"], "no kept run is called `1999-12-31`"),
        (["diff", "zzzz"], "no kept run is called `zzzz`"),
    ] {
        let refused = desk.run(&arguments);
        assert_eq!(code(&refused), 2, "{arguments:?}");
        assert!(stderr(&refused).contains(words), "{}", stderr(&refused));
    }

    let trend = stdout(&desk.run(&["trend"]));
    assert!(trend.starts_with("2 runs of"), "{trend}");
    let medium = trend.lines().find(|line| line.contains("medium")).unwrap();
    let words: Vec<&str> = medium.split_whitespace().collect();
    assert_eq!(words, ["medium", "0", "1", "0", "1", "|", "#|"]);
    let json = stdout(&desk.run(&["trend", "--format", "json"]));
    let points: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(points["runs"].as_array().unwrap().len(), 2);
    let by_file = credaudit(&["history", "--file", path(&desk.store())]).output();
    assert!(stdout(&by_file.unwrap()).contains(first));
}

#[test]
fn only_what_is_new_ends_a_run_that_asks_so() {
    let desk = Desk::new();
    let new = ["--fail-on", "medium", "--fail-on-new"];
    let tidy = desk.tidy();
    let begun = desk.audit(&tidy, &new);
    assert_eq!(code(&begun), 0, "{}", stderr(&begun));
    assert!(stderr(&begun).contains("no earlier run of the whole estate"));
    drop(tidy);
    let spoiled = desk.tenant(insecure);
    let worse = desk.audit(&spoiled, &new);
    assert_eq!(code(&worse), 10);
    let line = |output: &Output| {
        stdout(output)
            .lines()
            .map(str::trim)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert!(
        line(&worse).contains("NEW 1 finding since"),
        "{}",
        line(&worse)
    );
    let known = desk.audit(&spoiled, &new);
    assert_eq!(code(&known), 0, "{}", stdout(&known));
    let said = line(&known);
    assert!(said.contains("FINDINGS 1 at or above medium"), "{said}");
    assert!(said.contains("NOTHING NEW since"), "{said}");
    // The history says what there was, not what was new.
    assert_eq!(desk.runs()[2]["exit-code"], 10);
    // A part is compared with the same part only, and there is none.
    let part = [&new[..], &["--registration", "raia-contact-sync"]].concat();
    assert_eq!(code(&desk.audit(&spoiled, &part)), 10);
    assert_eq!(code(&desk.audit(&spoiled, &part)), 0);
    // A look into the future is no run to compare with.
    desk.audit(&spoiled, &["-q", "--as-of", "2031-01-01"]);
    let today = desk.audit(&spoiled, &new);
    assert_eq!(code(&today), 0, "{}", stdout(&today));
    // What cannot be read any more is told as unreadable, and not as mended.
    drop(spoiled);
    let unread = desk.tenant(|text| unreadable(&insecure(text)));
    let dark = desk.audit(&unread, &new);
    assert_eq!(code(&dark), 11, "{}", stdout(&dark));
    let lost = stdout(&desk.run(&["diff"]));
    assert!(lost.contains("NO LONGER CHECKED, not fixed (1)"), "{lost}");
    assert!(!lost.contains("\nFIXED"), "{lost}");
    assert_eq!(code(&desk.audit(&unread, &new)), 0);
    // What was there before it could not be read is not new when it can be read again.
    drop(unread);
    let spoiled = desk.tenant(insecure);
    let back = desk.audit(&spoiled, &new);
    assert_eq!(code(&back), 0, "{}", stdout(&back));
    let unread = spoiled;
    // Nothing is kept, so nothing can be compared.
    desk.estate("[history]\nenabled = false\n");
    let refused = desk.audit(&unread, &new);
    assert_eq!(code(&refused), 2);
    assert!(stderr(&refused).contains("switches keeping off"));
}

#[test]
fn an_estate_of_another_name_or_file_is_another_history() {
    let desk = Desk::new();
    let tidy = desk.tidy();
    desk.estate("[history]\npath = \"here.db\"\nname = \"contoso\"\nkeep-days = 30\n");
    assert_eq!(code(&desk.audit(&tidy, &["-q"])), 0);
    assert!(desk.file("here.db").exists() && !desk.store().exists());
    assert_eq!(desk.runs()[0]["subject"]["estate"], "contoso");
    desk.estate("[history]\npath = \"here.db\"\n");
    assert!(desk.runs().is_empty());
    // The same name in another folder is the same estate.
    let other = Desk::new();
    let whole = desk.file("here.db").display().to_string();
    other.estate(&format!(
        "[history]\npath = \"{whole}\"\nname = \"contoso\"\n"
    ));
    assert_eq!(other.runs().len(), 1);
    // What is off leaves nothing, and neither does a show.
    desk.estate("[history]\nenabled = false\n");
    assert_eq!(code(&desk.audit(&tidy, &["-q"])), 0);
    let mut demo = credaudit(&["demo", "-q", "--scenario", "tidy"]);
    demo.env("XDG_STATE_HOME", desk.file("state"))
        .output()
        .unwrap();
    assert!(!desk.file("state").exists());
}

/// A store that holds `statement`'s doing.
fn by_hand(file: &Path, statement: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = credaudit::inside::Store::open(file).await.unwrap();
        store.close().await;
        let url = format!("sqlite://{}", file.display());
        let mut hand = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url)
            .await
            .unwrap();
        sqlx::raw_sql(statement).execute(&mut hand).await.unwrap();
        sqlx::Connection::close(hand).await.unwrap();
    });
}

#[test]
fn no_trouble_with_the_history_costs_the_report() {
    /// What is said, and what is done to the store.
    type Trouble = (&'static str, fn(&Desk));
    let troubles: [Trouble; 5] = [
        ("a newer one wrote it", |desk| {
            by_hand(
                &desk.store(),
                "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (99, 'later', true, x'00', 1)",
            );
        }),
        ("a database of another program", |desk| {
            by_hand(
                &desk.store(),
                "DROP TABLE _sqlx_migrations; CREATE TABLE moz_places (id INTEGER)",
            );
        }),
        ("is not a database or is damaged", |desk| {
            std::fs::create_dir_all(desk.store().parent().unwrap()).unwrap();
            std::fs::write(desk.store(), "no database at all. ".repeat(99)).unwrap();
        }),
        ("could not make the folder", |desk| {
            std::fs::write(desk.file("state"), "a file stands here").unwrap();
        }),
        ("cannot be opened for writing", |desk| {
            std::fs::create_dir_all(desk.store()).unwrap();
        }),
    ];
    let desk = Desk::new();
    let tidy = desk.tidy();
    for (words, trouble) in troubles {
        let _ = std::fs::remove_dir_all(desk.file("state"));
        let _ = std::fs::remove_file(desk.file("state"));
        trouble(&desk);
        let before = std::fs::read(desk.store()).ok();
        let audited = desk.audit(&tidy, &["--format", "json"]);
        assert_eq!(code(&audited), 0, "{words}: {}", stderr(&audited));
        let report: Value = serde_json::from_str(&stdout(&audited)).unwrap();
        assert_eq!(report["verdict"]["result"], "clean");
        let said = stderr(&audited);
        assert!(said.contains("warning: this run is not kept: "), "{said}");
        assert!(said.contains(words), "{said}");
        assert_eq!(std::fs::read(desk.store()).ok(), before, "{words}");
        // Nothing to compare with is nothing to be calm about.
        let new = desk.audit(&tidy, &["-q", "--fail-on-new"]);
        assert_eq!(code(&new), 2, "{words}");
        assert!(
            stderr(&new).contains("the history cannot be used"),
            "{words}"
        );
        // Who asks for the history itself is told that there is none to be had.
        let listed = code(&desk.run(&["history"]));
        assert!(matches!(listed, 1 | 2), "{words}: {listed}");
    }
}

#[test]
fn two_audits_at_once_are_both_kept() {
    let desk = Desk::new();
    let tidy = desk.tidy();
    let both: Vec<_> = (0..2)
        .map(|_| {
            let mut audit = desk.command(&["audit", "-q"]);
            audit.envs(tidy.variables.clone());
            audit
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in both {
        let output = child.wait_with_output().unwrap();
        assert_eq!(code(&output), 0);
        assert_eq!(stderr(&output), "");
    }
    assert_eq!(desk.runs().len(), 2);
}

#[test]
fn old_runs_are_forgotten() {
    let desk = Desk::new();
    desk.estate("[history]\nkeep-days = 10\n");
    let tidy = desk.tidy();
    for _ in 0..3 {
        assert_eq!(code(&desk.audit(&tidy, &["-q"])), 0);
    }
    let kept = desk.runs();
    assert_eq!(kept.len(), 3);
    by_hand(
        &desk.store(),
        "UPDATE runs SET collected = '2020-01-0' || rowid || 'T00:00:00.000000Z' WHERE rowid < 3",
    );
    assert_eq!(code(&desk.audit(&tidy, &["-q"])), 0);
    assert_eq!(desk.runs().len(), 2);
}
