//! The simulator as Microsoft's own clients for Python see it, through nothing but the environment
//! variables that `credaudit sim` prints. Needs Python 3 and a package index, so it is run on request:
//! `cargo test --test it real_clients -- --ignored`; `CREDAUDIT_PYTHON` names a Python that has the packages.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::Command;

use credaudit::inside::{Scenario, overlay};

use crate::two_processes::Process;

const PACKAGES: [&str; 11] = [
    "azure-identity",
    "azure-mgmt-resourcegraph",
    "azure-keyvault-secrets",
    "azure-keyvault-certificates",
    "msal",
    "requests",
    "icalendar",
    "junitparser",
    "sarif-tools",
    "tree-sitter",
    "tree-sitter-powershell",
];

pub(crate) fn run(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{text}\n{errors}");
    text
}

/// A Python that has the packages: the one the environment names, or a fresh one.
pub(crate) fn python(directory: &Path) -> PathBuf {
    if let Some(python) = std::env::var_os("CREDAUDIT_PYTHON") {
        return PathBuf::from(python);
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(directory));
    let python = directory.join("bin").join("python");
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet"])
        .args(PACKAGES));
    python
}

/// The output of one of the programs beside this file, which ends only when all went well.
fn program(python: &Path, name: &str, arguments: &[String], sim: &Process) -> String {
    let mut command = Command::new(python);
    command
        .arg(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("tests/it")
                .join(name),
        )
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(sim.variables.clone());
    let text = run(&mut command);
    assert!(text.ends_with("all done\n"), "{text}");
    text
}

#[test]
#[ignore = "installs Python packages"]
fn pythons_azure_clients_accept_the_simulator() {
    let directory = tempfile::tempdir().expect("a directory");
    let python = python(directory.path());
    for scenario in ["tidy", "neglected"] {
        let sim = Process::start(&["--scenario", scenario]);
        let vaults = ["prod", "test", "dev"]
            .map(|name| format!("https://kv-contoso-crm-{name}.vault.azure.net"));
        program(&python, "real_clients.py", &vaults, &sim);
    }
}

/// What is laid over the tidy tenant: certificates on two registrations, and the files of them in a vault.
const CERTIFICATES: &str = r#"
[[applications]]
name = "erp-bridge"
certificates = [
    { label = "erp", started-days-ago = 10, ends-in-days = 90 },
    { label = "erp/chained", ends-in-days = 90 },
    { label = "erp/lapsed", started-days-ago = 400, ends-in-days = -5 },
]

[[applications]]
name = "marketing-events"
certificates = [{ label = "stranger", ends-in-days = 90 }]

[vaults.kv-contoso-crm-prod]
certificates = [
    { name = "erp-certificate", holds = "erp", older = [{ holds = "erp/lapsed", created-days-ago = 400 }] },
    { name = "erp-locked", holds = "erp", exportable = false },
    { name = "erp-text", holds = "erp", content-type = "pem" },
]
secrets = [
    { name = "file", holds-certificate = "erp", shape = "pfx-base64" },
    { name = "file-password", holds-certificate = "erp", shape = "pfx-password" },
    { name = "file-chain", holds-certificate = "erp/chained", shape = "pfx-chain" },
    { name = "stranger", holds-certificate = "stranger", shape = "pfx-base64" },
    { name = "lapsed", holds-certificate = "erp/lapsed", shape = "pfx-base64" },
]
deleted = [{ name = "old-sync", deleted-days-ago = 3 }]
"#;

#[test]
#[ignore = "installs Python packages"]
fn pythons_azure_clients_sign_in_with_certificates() {
    let directory = tempfile::tempdir().expect("a directory");
    let python = python(directory.path());
    let older: String = (1..300)
        .map(|day| format!("{{ holds = \"erp-bridge\", created-days-ago = {day} }},"))
        .collect();
    let versions = format!(
        "[vaults.kv-contoso-crm-prod]\nsecrets = [{{ name = \"erp-bridge-secret\", older = [{older}] }}]"
    );
    let mut text = Scenario::text("tidy").expect("it is built in").to_owned();
    for changes in [CERTIFICATES, &versions] {
        text = overlay(&text, changes).expect("TOML");
    }
    let scenario = directory.path().join("scenario.toml");
    std::fs::write(&scenario, text).expect("it is written");
    let sim = Process::start(&["--scenario", scenario.to_str().expect("a path")]);
    // The vault, the registration with the certificates (erp-bridge), and another (marketing-events).
    let arguments = [
        "https://kv-contoso-crm-prod.vault.azure.net",
        "5f0a2535-6b4d-49c9-a4ae-174d681d5071",
        "e9f0da02-002e-4ead-a1d2-eff1d8d3e020",
    ]
    .map(str::to_owned);
    program(&python, "real_certificates.py", &arguments, &sim);
}
