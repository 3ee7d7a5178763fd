//! The simulator as Microsoft's own clients for Python see it, through nothing but the environment
//! variables that `credaudit sim` prints. Needs Python 3 and a package index, so it is run on request:
//! `cargo test --test it real_clients -- --ignored`

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const PACKAGES: [&str; 5] = [
    "azure-identity",
    "azure-keyvault-secrets",
    "azure-keyvault-certificates",
    "msal",
    "requests",
];

const NEEDED: [&str; 5] = [
    "HTTPS_PROXY",
    "REQUESTS_CA_BUNDLE",
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
];

/// Ends the simulator with the test, however the test ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _waited = self.0.wait();
    }
}

/// `credaudit sim`, and the variables it printed.
fn simulator(scenario: &str) -> (Running, BTreeMap<String, String>) {
    let child = Command::new(env!("CARGO_BIN_EXE_credaudit"))
        .args(["sim", "--scenario", scenario])
        .stdout(Stdio::piped())
        .stdin(Stdio::null())
        .spawn()
        .expect("the simulator starts");
    let mut running = Running(child);
    let output = running.0.stdout.take().expect("its output");
    let mut variables = BTreeMap::new();
    for line in BufReader::new(output).lines() {
        let line = line.expect("text");
        if let Some((name, value)) = line
            .strip_prefix("export ")
            .and_then(|rest| rest.split_once('='))
        {
            let value = value.trim_matches(['\'', '"']);
            variables.insert(name.to_owned(), value.to_owned());
        }
        if NEEDED.iter().all(|name| variables.contains_key(*name)) {
            return (running, variables);
        }
    }
    panic!("the simulator ended before it printed {NEEDED:?}; it printed {variables:?}");
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{text}\n{errors}");
    text
}

fn python(directory: &Path) -> std::path::PathBuf {
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
        let (_running, variables) = simulator(scenario);
        let mut command = Command::new(&python);
        command
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/real_clients.py"))
            .args(["prod", "test", "dev"].map(|name| format!("https://kv-contoso-crm-{name}.vault.azure.net")))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(&variables);
        let text = run(&mut command);
        assert!(text.ends_with("all done\n"), "{text}");
    }
}
