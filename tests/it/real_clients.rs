//! The simulator as Microsoft's own clients for Python see it, through nothing but the environment
//! variables that `credaudit sim` prints. Needs Python 3 and a package index, so it is run on request:
//! `cargo test --test it real_clients -- --ignored`; `CREDAUDIT_PYTHON` names a Python that has the packages.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::two_processes::Process;

const PACKAGES: [&str; 5] = [
    "azure-identity",
    "azure-keyvault-secrets",
    "azure-keyvault-certificates",
    "msal",
    "requests",
];

fn run(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{text}\n{errors}");
    text
}

/// A Python that has the packages: the one the environment names, or a fresh one.
fn python(directory: &Path) -> PathBuf {
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

#[test]
#[ignore = "installs Python packages"]
fn pythons_azure_clients_accept_the_simulator() {
    let directory = tempfile::tempdir().expect("a directory");
    let python = python(directory.path());
    for scenario in ["tidy", "neglected"] {
        let sim = Process::start(&["--scenario", scenario]);
        let mut command = Command::new(&python);
        command
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/real_clients.py"))
            .args(
                ["prod", "test", "dev"]
                    .map(|name| format!("https://kv-contoso-crm-{name}.vault.azure.net")),
            )
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(sim.variables.clone());
        let text = run(&mut command);
        assert!(text.ends_with("all done\n"), "{text}");
    }
}
