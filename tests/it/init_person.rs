//! `credaudit init` as a person: the tokens are those that `az login` gives, the services answer under their real
//! names, and nobody says which tenant it is.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use credaudit::inside::{Scenario, Sim, SimOptions};

use crate::binary::{code, credaudit, path, stderr, stdout};

/// A program called `az` that prints the person's token for each scope, as the Azure CLI does.
fn azure_cli(sim: &Sim, folder: &Path) {
    let resources = sim
        .hosts()
        .into_iter()
        .chain(["vault.azure.net".to_owned()]);
    for host in resources {
        if let Some(token) = sim.token_of_person(&format!("https://{host}")) {
            let answer = serde_json::json!({
                "accessToken": token,
                "expires_on": (chrono::Utc::now() + chrono::TimeDelta::hours(1)).timestamp(),
                "tokenType": "Bearer",
            });
            std::fs::write(folder.join(&host), answer.to_string()).unwrap();
        }
    }
    let script = format!(
        "#!/bin/sh\nfor one in \"$@\"; do\n  [ \"$before\" = --scope ] && scope=$one\n  before=$one\ndone\n\
         host=${{scope#https://}}\nexec cat '{}'/\"${{host%/.default}}\"\n",
        path(folder)
    );
    let program = folder.join("az");
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
}

async fn init(sim: &Sim, folder: &Path, more: &[&str]) -> Output {
    azure_cli(sim, folder);
    let ca = folder.join("ca.pem");
    std::fs::write(&ca, sim.ca_pem()).unwrap();
    let estate = folder.join("estate.toml");
    let arguments = ["init", "--identity", "azure-cli", "-o", path(&estate)];
    let mut command = credaudit(&[&arguments[..], more].concat());
    command
        .env("PATH", format!("{}:/usr/bin:/bin", path(folder)))
        .env("HTTPS_PROXY", format!("http://{}", sim.proxy_addr()))
        .env("SSL_CERT_FILE", ca);
    tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_s_environments_are_listed_by_global_discovery_and_what_is_not_granted_is_said() {
    let options = SimOptions {
        port: None,
        now: chrono::Utc::now(),
    };
    let scenario = Scenario::parse(Scenario::text("tidy").unwrap()).unwrap();
    let sim = Sim::start(scenario, options).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let output = init(&sim, folder.path(), &[]).await;
    let said = format!("{}{}", stdout(&output), stderr(&output));
    let text = std::fs::read_to_string(folder.path().join("estate.toml")).expect(&said);
    for host in ["contoso", "contoso-test", "contoso-dev"] {
        let line = format!("dataverse = \"https://{host}.crm4.dynamics.com\"");
        assert!(text.contains(&line), "{line}\n{text}\n{said}");
    }
    assert!(text.contains("identity = \"azure-cli\""), "{text}");
    assert!(text.contains("name = \"marketing-events\""), "{text}");
    // Nobody let this person into a vault, and nothing is guessed in its place.
    assert_eq!(code(&output), 11, "{said}");
    assert!(said.contains("as Global Discovery lists them"), "{said}");
    assert!(said.contains("NOT COMPLETE"), "{said}");
    let asked = |host: &str| sim.requests().iter().any(|one| one.host == host);
    assert!(asked("globaldisco.crm.dynamics.com"));
    assert!(!asked("api.powerplatform.com"), "the list was whole");
    assert_eq!(sim.changes().len(), 0);
    sim.stop().await;
}
