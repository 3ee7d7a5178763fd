//! `credaudit doctor`: what the audit can read, what it lacks, and what stands between it and the services.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Command, Output};

use credaudit::inside::SECRET_CANARY;
use serde_json::Value;

use crate::binary::{code, credaudit, path, run, stderr, stdout};
use crate::listener::Listener;
use crate::tenant::estate_that_mails;
use crate::two_processes::Process;

/// On one line, however it was wrapped.
fn squeezed(output: &Output) -> String {
    let text = stdout(output);
    assert!(!text.contains(SECRET_CANARY), "{text}");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn doctor(scenario: &str, width: &str) -> Output {
    credaudit(&["doctor", "--scenario", scenario])
        .env("COLUMNS", width)
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&stdout(output)).unwrap()
}

#[test]
fn all_that_is_well_fits_on_one_screen() {
    let output = doctor("tidy", "80");
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    let text = stdout(&output);
    assert!(text.lines().count() <= 24, "{text}");
    let text = squeezed(&output);
    assert!(text.contains("OK: everything can be read"), "{text}");
    assert!(text.contains("SIGNED IN"), "{text}");
    assert!(
        text.contains("client id db1d6cc4-1fac-40dd-a7d4-ffada0ece6e9"),
        "{text}"
    );
    assert!(
        text.contains("tried and dropped: erp-bridge-dev-secret"),
        "{text}"
    );
    assert!(!text.contains("CANNOT"), "{text}");
}

#[test]
fn what_is_not_granted_is_named_with_what_it_costs_and_with_what_it_takes() {
    let output = doctor("half-permitted", "80");
    assert_eq!(code(&output), 11, "{}", stdout(&output));
    let text = stdout(&output);
    let at = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("no `{words}` in {text}"))
    };
    // Problems first.
    assert!(at("NOT READY") < at("CANNOT READ"));
    assert!(at("CANNOT READ") < at("MISSING"));
    assert!(at("MISSING") < at("\nSIGNED IN\n"));
    assert!(at("\nSIGNED IN\n") < at("\nCAN READ\n"));
    let text = squeezed(&output);
    for words in [
        "CANNOT READ key vault crm-test (kv-contoso-crm-test.vault.azure.net)",
        "CANNOT READ Dataverse of dev",
        "Key Vault Secrets User on key vault kv-contoso-crm-test",
        "Key Vault Reader on key vault kv-contoso-crm-test",
        "AuditLog.Read.All",
        "Directory.Read.All",
        "app-management-policy-missing",
    ] {
        assert!(text.contains(words), "no `{words}` in {text}");
    }
    // What is granted is not asked for.
    assert!(!text.contains("User.ReadBasic.All"), "{text}");
}

#[test]
fn no_line_is_wider_than_the_terminal_but_for_commands() {
    for width in [40_usize, 80] {
        let output = doctor("half-permitted", &width.to_string());
        for line in stdout(&output).lines() {
            let command = ["az ", "pac ", "( ", "& {", "https://"];
            let is_command = command
                .iter()
                .any(|start| line.trim_start().starts_with(start));
            assert!(
                is_command || line.chars().count() <= width,
                "{width}: {line}"
            );
        }
    }
}

#[test]
fn the_json_form_says_the_same() {
    let output = run(&["doctor", "--scenario", "half-permitted", "--format", "json"]);
    assert_eq!(code(&output), 11);
    let found = json(&output);
    assert_eq!(found["format"], "credaudit.doctor/1");
    assert_eq!(found["exit_code"], 11);
    let who = &found["identities"][0];
    assert_eq!(who["scope"], "contoso");
    assert_eq!(
        who["signed_in"]["client_id"],
        "db1d6cc4-1fac-40dd-a7d4-ffada0ece6e9"
    );
    assert!(
        who["tried"][0]
            .as_str()
            .unwrap()
            .starts_with("environment: signed in")
    );
    let services = found["services"].as_array().unwrap();
    let vault = services
        .iter()
        .find(|one| one["host"] == "kv-contoso-crm-test.vault.azure.net")
        .unwrap();
    let reads = vault["reads"].as_array().unwrap();
    let value = reads
        .iter()
        .find(|one| one["read"] == "secret-value")
        .unwrap();
    assert_eq!(value["gap"]["kind"], "denied");
    assert!(value["checks"].as_array().unwrap().len() > 10, "{value}");
    let roles = found["missing"].as_array().unwrap().iter();
    let roles: Vec<&str> = roles
        .map(|one| one["grant"]["role"].as_str().unwrap())
        .collect();
    assert!(roles.contains(&"Key Vault Secrets User"), "{roles:?}");
    assert_eq!(found["machine"]["ahead_seconds"], 0);
}

/// The tidy tenant in another process, and a folder with its estate.
struct Desk {
    dir: tempfile::TempDir,
    sim: Process,
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let sim = Process::start(&["--scenario", "tidy", "--dir", path(dir.path())]);
        Self { dir, sim }
    }

    fn doctor(&self, arguments: &[&str]) -> Command {
        let mut command = credaudit(&[&["doctor"], arguments].concat());
        command
            .envs(self.sim.variables.clone())
            .current_dir(self.dir.path());
        command
    }
}

/// Through its proxy, under the real names, the machine trusting the simulator's authority: as behind a gateway that
/// inspects TLS and is trusted.
#[test]
fn behind_a_trusted_inspection_everything_is_read_and_its_authority_is_named() {
    let desk = Desk::new();
    let output = desk.doctor(&[]).output().unwrap();
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let text = squeezed(&output);
    for words in [
        "estate.toml",
        "HTTPS_PROXY",
        "resolved by the proxy",
        "no public authority vouches for",
    ] {
        assert!(text.contains(words), "no `{words}` in {text}");
    }
}

#[test]
fn an_inspection_that_the_machine_does_not_trust_is_named_with_its_authority() {
    let desk = Desk::new();
    let other = Listener::start();
    let roots = desk.dir.path().join("roots.pem");
    std::fs::write(&roots, &other.ca).unwrap();
    let output = desk
        .doctor(&[])
        .env("SSL_CERT_FILE", &roots)
        .output()
        .unwrap();
    assert_eq!(code(&output), 11, "{}{}", stdout(&output), stderr(&output));
    let text = squeezed(&output);
    for words in [
        "NOT READY",
        "certificates issued by",
        "which this machine does not trust",
        "Add the certificate",
    ] {
        assert!(text.contains(words), "no `{words}` in {text}");
    }
    let desk = desk
        .doctor(&["--format", "json"])
        .env("SSL_CERT_FILE", &roots)
        .output()
        .unwrap();
    let hosts = json(&desk)["hosts"].as_array().unwrap().clone();
    assert!(hosts.len() > 4, "{hosts:?}");
    for host in hosts {
        assert_eq!(host["certificate"]["trust"], "untrusted", "{host}");
        assert!(
            host["certificate"]["issuer"]
                .as_str()
                .unwrap()
                .contains("CN="),
            "{host}"
        );
    }
}

#[test]
fn without_a_network_the_reason_is_said() {
    let desk = Desk::new();
    // Nobody listens there.
    let output = desk
        .doctor(&[])
        .env("HTTPS_PROXY", "http://ann:canary-7@127.0.0.1:1")
        .output()
        .unwrap();
    assert_eq!(code(&output), 11, "{}{}", stdout(&output), stderr(&output));
    let text = squeezed(&output);
    for words in [
        "CANNOT SIGN IN",
        "hosts can be reached",
        "the proxy http://127.0.0.1:1 (HTTPS_PROXY)",
    ] {
        assert!(text.contains(words), "no `{words}` in {text}");
    }
    assert!(!text.contains("canary-7"), "{text}");
}

#[test]
fn without_an_estate_it_looks_at_the_identity_and_says_what_makes_one() {
    let desk = Desk::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let output = desk
        .doctor(&[])
        .current_dir(elsewhere.path())
        .output()
        .unwrap();
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let text = squeezed(&output);
    assert!(text.contains("no estate file"), "{text}");
    assert!(text.contains("`credaudit init` writes one"), "{text}");
    assert!(text.contains("Microsoft Graph"), "{text}");
    assert!(!text.contains("key vault kv"), "{text}");
}

#[test]
fn nobody_signed_in_is_no_configuration_mistake() {
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::write(
        elsewhere.path().join("estate.toml"),
        estate_that_mails("folder = \"outbox\"", ""),
    )
    .unwrap();
    let output = credaudit(&["doctor", "--identity", "environment"])
        .current_dir(elsewhere.path())
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .output()
        .unwrap();
    assert_eq!(code(&output), 11, "{}{}", stdout(&output), stderr(&output));
    let text = squeezed(&output);
    assert!(text.contains("CANNOT SIGN IN to tenant contoso"), "{text}");
    assert!(
        text.contains("environment: AZURE_CLIENT_ID is not set"),
        "{text}"
    );
}

#[test]
fn what_is_wrong_in_the_configuration_ends_with_2() {
    let dir = tempfile::tempdir().unwrap();
    let bad = dir.path().join("bad.toml");
    std::fs::write(&bad, "version = 1\nfoo = 1\n").unwrap();
    for arguments in [
        vec!["doctor", "-c", path(&bad)],
        vec!["doctor", "-c", "nowhere.toml"],
        vec!["doctor", "--tenant", "contoso"],
        vec!["doctor", "--mail", "ann@contoso.com"],
        vec!["doctor", "--scenario", "tydy"],
        vec!["doctor", "--demo", "--mail", "ann@contoso.com"],
    ] {
        let output = credaudit(&arguments)
            .current_dir(dir.path())
            .output()
            .unwrap();
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_test_mail_and_a_test_message_leave_once_and_only_where_asked_for() {
    let desk = Desk::new();
    let listener = Listener::start();
    let folder = desk.dir.path();
    let hook = "[[webhooks]]\nkind = \"teams\"\nurl = { env = \"HOOK\" }\n";
    let estate = estate_that_mails("folder = \"outbox\"", hook);
    std::fs::write(folder.join("estate.toml"), estate).unwrap();
    std::fs::create_dir(folder.join("outbox")).unwrap();
    let roots = folder.join("ca.pem");
    let both = std::fs::read_to_string(&roots).unwrap() + "\n" + &listener.ca;
    std::fs::write(&roots, both).unwrap();
    let asked = |arguments: &[&str]| {
        let output = desk
            .doctor(arguments)
            .env("HOOK", listener.url("/hook/T0KEN-doctor-canary"))
            .env("NO_PROXY", "localhost")
            .output()
            .unwrap();
        assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
        assert!(!stderr(&output).contains("T0KEN"), "{}", stderr(&output));
        (mails(&folder.join("outbox")), listener.heard().len())
    };
    assert_eq!(asked(&[]), (0, 0));
    assert_eq!(asked(&["--mail", "ann@contoso.com"]), (1, 0));
    assert_eq!(asked(&["--webhook"]), (1, 1));
    let told = listener.heard().remove(0);
    let card: Value = serde_json::from_slice(&told.body).unwrap();
    assert!(
        card.to_string().contains("credaudit: test message"),
        "{card}"
    );
    let name = std::fs::read_dir(folder.join("outbox"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let name = name.file_name().into_string().unwrap();
    assert!(
        name.starts_with("ann@contoso.com - credaudit test mail"),
        "{name}"
    );
}

fn mails(outbox: &Path) -> usize {
    std::fs::read_dir(outbox).unwrap().count()
}
