//! Webhooks as a process tells them, over TLS, to a server of the test's own.
#![cfg(target_os = "linux")]

use std::fmt::Write as _;
use std::process::Output;

use serde_json::Value;

use crate::binary::{code, credaudit, path, run, stderr, stdout};
use crate::listener::Listener;
use crate::two_processes::Process;

/// What makes an address a secret.
const CANARY: &str = "T0KEN-hook-canary-5d1f";

/// A tenant in another process, and the server that webhooks reach.
struct Desk {
    dir: tempfile::TempDir,
    sim: Process,
    listener: Listener,
}

impl Desk {
    fn new(scenario: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let sim = Process::start(&["--scenario", scenario, "--dir", path(dir.path())]);
        let listener = Listener::start();
        let (_, tenant) = sim
            .variables
            .iter()
            .find(|(name, _)| name == "SSL_CERT_FILE")
            .unwrap();
        let roots = std::fs::read_to_string(tenant).unwrap() + "\n" + &listener.ca;
        std::fs::write(dir.path().join("roots.pem"), roots).unwrap();
        Self { dir, sim, listener }
    }

    /// An audit that is to tell each of `hooks` (kind and address), with more arguments.
    fn audit(&self, hooks: &[(&str, String)], arguments: &[&str]) -> Output {
        let file = self.dir.path().join("hooked.toml");
        let estate = self.dir.path().join("estate.toml");
        let mut text = std::fs::read_to_string(estate).unwrap();
        let mut command = credaudit(&["audit", "-vvv", "-c", path(&file)]);
        for (number, (kind, url)) in hooks.iter().enumerate() {
            let name = format!("HOOK_{number}");
            write!(
                text,
                "\n[[webhooks]]\nkind = \"{kind}\"\nalways = true\nurl = {{ env = \"{name}\" }}\n"
            )
            .unwrap();
            command.env(name, url);
        }
        std::fs::write(&file, text).unwrap();
        let audited = command
            .args(arguments)
            .envs(self.sim.variables.clone())
            .env("SSL_CERT_FILE", self.dir.path().join("roots.pem"))
            .env("NO_PROXY", "localhost")
            .env("XDG_STATE_HOME", self.dir.path().join("state"))
            .output()
            .unwrap();
        for text in [stdout(&audited), stderr(&audited)] {
            assert!(!text.contains(CANARY), "the address is shown: {text}");
        }
        audited
    }

    fn url(&self, path: &str) -> String {
        self.listener.url(&at(path))
    }
}

/// The path of an address, with the secret in it.
fn at(path: &str) -> String {
    format!("/{path}/{CANARY}")
}

/// One line, as an error is wrapped on screen.
fn said(output: &Output) -> String {
    let text = stderr(output).replace('│', " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn each_kind_arrives_once_in_the_shape_it_is_documented_in() {
    let desk = Desk::new("neglected");
    let report = desk.dir.path().join("report.json");
    let kinds = ["teams", "slack", "json"];
    let hooks = kinds.map(|kind| (kind, desk.url(kind)));
    let audited = desk.audit(&hooks, &["-o", path(&report)]);
    assert_eq!(code(&audited), 10, "{}", stderr(&audited));
    let [teams, slack, json] = kinds.map(|kind| {
        let heard = desk.listener.at(&at(kind));
        assert_eq!(heard.len(), 1, "{kind}");
        assert_eq!(heard[0].method, "POST");
        assert_eq!(heard[0].content_type, "application/json");
        serde_json::from_slice::<Value>(&heard[0].body).expect("JSON")
    });
    assert_eq!(desk.listener.heard().len(), 3);
    let report: Value =
        serde_json::from_str(&std::fs::read_to_string(&report).unwrap()).expect("a report");
    let found = report["findings"].as_array().unwrap();
    assert!(found.len() > 10, "more than a channel is told");

    // Workflows in Teams: a message with one Adaptive Card.
    assert_eq!(teams["type"], "message");
    let [card] = teams["attachments"].as_array().unwrap().as_slice() else {
        panic!("one card: {teams}");
    };
    assert_eq!(
        card["contentType"],
        "application/vnd.microsoft.card.adaptive"
    );
    assert_eq!(card["content"]["type"], "AdaptiveCard");
    assert_eq!(card["content"]["version"], "1.4");
    let blocks = card["content"]["body"].as_array().unwrap();
    // The verdict, the coverage, ten findings, and how many more.
    assert_eq!(blocks.len(), 13);
    for block in blocks {
        assert_eq!(block["type"], "TextBlock");
        assert!(!block["text"].as_str().unwrap().is_empty());
    }
    assert!(desk.listener.at(&at("teams"))[0].body.len() < 28 * 1024);

    // Slack's incoming webhooks: a text for notifications, and blocks within Slack's limits.
    assert!(
        slack["text"]
            .as_str()
            .unwrap()
            .starts_with("credaudit: FINDINGS")
    );
    let blocks = slack["blocks"].as_array().unwrap();
    assert!(blocks.len() <= 50);
    for (number, block) in blocks.iter().enumerate() {
        let (kind, longest) = if number == 0 {
            ("header", 150)
        } else {
            ("section", 3000)
        };
        assert_eq!(block["type"], kind);
        assert_eq!(block["text"]["type"], "plain_text");
        let length = block["text"]["text"].as_str().unwrap().chars().count();
        assert!((1..=longest).contains(&length), "{length}");
    }

    // A program gets every finding, by the fingerprint that the report gives it.
    assert_eq!(json["format"], "credaudit.webhook/1");
    assert_eq!(json["exit_code"], 10);
    assert_eq!(json["run"], report["run"]["id"]);
    let prints = |list: &Value| -> Vec<Value> {
        let list = list.as_array().unwrap();
        list.iter().map(|one| one["fingerprint"].clone()).collect()
    };
    assert_eq!(prints(&json["findings"]), prints(&report["findings"]));

    let kept = std::fs::read(desk.dir.path().join("state/credaudit/history.db")).unwrap();
    for bytes in [kept, report.to_string().into_bytes()] {
        assert!(!String::from_utf8_lossy(&bytes).contains(CANARY));
    }
}

#[test]
fn one_that_cannot_be_told_keeps_no_other_from_it() {
    let desk = Desk::new("tidy");
    let elsewhere = "/elsewhere";
    desk.listener
        .answers(&at("moved"), &[(302, &[("location", "/elsewhere")])]);
    desk.listener.answers(&at("gone"), &[(410, &[])]);
    // Nobody vouches for 127.0.0.1 in the certificate.
    let other = desk.url("other").replace("localhost", "127.0.0.1");
    let hooks = [
        ("teams", desk.url("moved")),
        ("teams", desk.url("gone")),
        ("slack", other),
        ("json", desk.url("fine")),
    ];
    let audited = desk.audit(&hooks, &["--env", "dev"]);
    assert_eq!(code(&audited), 1, "{}", stderr(&audited));
    assert!(
        stdout(&audited).contains("exit code 1 instead of 0"),
        "the report stands, and tells the code that the process ends with"
    );
    let said = said(&audited);
    for words in [
        "the environment variable HOOK_0) did not take the message: it answered 302, a redirect, and those are not followed",
        "HOOK_1) did not take the message: it answered 410",
        "HOOK_2) did not take the message: no connection",
        "notified the json webhook",
        "not every webhook could be notified",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(desk.listener.at(elsewhere).is_empty(), "followed");
    let heard: Vec<String> = desk
        .listener
        .heard()
        .into_iter()
        .map(|one| one.path)
        .collect();
    assert_eq!(heard, [at("moved"), at("gone"), at("fine")]);
}

#[test]
fn an_address_that_cannot_work_is_refused_before_the_first_request() {
    let desk = Desk::new("tidy");
    let plain = desk.url("plain").replace("https://", "http://");
    let hooks = [
        ("slack", plain),
        ("json", "no address at all ".to_owned() + CANARY),
        ("json", desk.url("fine")),
    ];
    let audited = desk.audit(&hooks, &["--env", "dev"]);
    assert_eq!(code(&audited), 2, "{}", stderr(&audited));
    let said = said(&audited);
    for words in ["HOOK_0", "HOOK_1", "nothing was asked"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("HOOK_2") && !said.contains(CANARY), "{said}");
    assert!(desk.listener.heard().is_empty());
}

#[test]
fn a_busy_one_is_asked_again_and_given_up_after_three_times() {
    let desk = Desk::new("tidy");
    const SOON: &[(&str, &str)] = &[("retry-after", "0")];
    const LATE: &[(&str, &str)] = &[("retry-after", "3600")];
    desk.listener.answers(&at("once"), &[(500, SOON)]);
    desk.listener
        .answers(&at("twice"), &[(429, SOON), (503, SOON)]);
    desk.listener.answers(&at("never"), &[(500, SOON); 9]);
    desk.listener.answers(&at("late"), &[(429, LATE)]);
    desk.listener.answers(&at("refuses"), &[(400, SOON); 9]);
    let told = desk.audit(
        &[("json", desk.url("once")), ("slack", desk.url("twice"))],
        &["--env", "dev"],
    );
    assert_eq!(code(&told), 0, "{}", stderr(&told));
    let not_told = desk.audit(
        &[
            ("json", desk.url("never")),
            ("json", desk.url("late")),
            ("json", desk.url("refuses")),
        ],
        &["--env", "dev"],
    );
    assert_eq!(code(&not_told), 1, "{}", stderr(&not_told));
    let said = said(&not_told);
    for words in [
        "it answered 500, and no better",
        "it answered 429",
        "it answered 400",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    for (path, times) in [
        ("once", 2),
        ("twice", 3),
        ("never", 3),
        ("late", 1),
        ("refuses", 1),
    ] {
        let heard = desk.listener.at(&at(path));
        assert_eq!(heard.len(), times, "{path}");
        assert!(heard.iter().all(|one| one.body == heard[0].body), "{path}");
    }
}

#[test]
fn a_look_into_the_future_tells_nobody() {
    let desk = Desk::new("tidy");
    let arguments = ["--env", "dev", "--as-of", "2049-01-01"];
    let looked = desk.audit(&[("json", desk.url("json"))], &arguments);
    assert_eq!(code(&looked), 10, "{}", stderr(&looked));
    assert!(
        said(&looked).contains("webhooks are sent nothing"),
        "{}",
        stderr(&looked)
    );
    assert!(desk.listener.heard().is_empty());
}

#[test]
fn an_address_in_the_estate_is_refused_on_its_line_and_not_repeated() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("estate.toml");
    let estate = credaudit::inside::Scenario::estate("tidy").unwrap();
    for scheme in ["http", "https"] {
        let hook = format!(
            "\n[[webhooks]]\nkind = \"slack\"\nurl = \"{scheme}://hooks.example/{CANARY}\"\n"
        );
        std::fs::write(&file, format!("{estate}{hook}")).unwrap();
        let line = estate.lines().count() + 4;
        let checked = run(&["check-config", "-c", path(&file)]);
        assert_eq!(code(&checked), 2);
        let shown = stdout(&checked) + &stderr(&checked);
        assert!(
            shown.contains(&format!("estate.toml:{line}:")),
            "{line}: {shown}"
        );
        assert!(
            shown.contains("never write a secret into this file"),
            "{shown}"
        );
        assert!(!shown.contains(CANARY), "{shown}");
    }
}
