//! `credaudit sim`: the pretend tenant alone, for any client that speaks to the real services.
#![expect(
    clippy::disallowed_methods,
    reason = "a scenario begins now, and its CA certificate is written where the user says"
)]

use std::path::{Path, PathBuf};

use super::CLEAN;
use super::shared::{Failure, Screen, inputs, now};
use crate::cli;
use crate::deliver;
use crate::sim::{Scenario, Sim, SimOptions};
use crate::source::did_you_mean;

pub(super) async fn run(command: &cli::Sim, screen: &Screen) -> Result<u8, Failure> {
    let scenario = scenario(&command.scenario)?;
    let dir = match &command.dir {
        Some(dir) => dir.clone(),
        None => std::env::temp_dir().join(format!("credaudit-sim-{}", std::process::id())),
    };
    make(&dir)?;
    // What is printed is for another shell, which may stand in another directory.
    let dir = std::path::absolute(&dir)
        .map_err(|error| Failure::Usage(format!("could not find {}: {error}", dir.display())))?;
    let options = SimOptions {
        port: command.port,
        now: now(),
    };
    let sim = Sim::start(scenario, options)
        .await
        .map_err(|error| Failure::Tool(error.to_string()))?;
    let ca = dir.join("ca.pem");
    deliver::write(&ca, sim.ca_pem().as_bytes())?;
    let mut note = String::new();
    if let Some(text) = Scenario::estate(&command.scenario) {
        let estate = dir.join("estate.toml");
        deliver::write(&estate, text.as_bytes())?;
        note = format!(
            "# then, in that shell: credaudit audit -c {}\n",
            estate.display()
        );
    }
    screen.print(exports(&sim, &ca, &note).as_bytes())?;
    tokio::signal::ctrl_c()
        .await
        .map_err(|error| Failure::Tool(format!("could not wait for Ctrl-C: {error}")))?;
    sim.stop().await;
    Ok(CLEAN)
}

/// A built-in scenario by name, or one from a file.
pub(super) fn scenario(name: &str) -> Result<Scenario, Failure> {
    if let Some(scenario) = Scenario::builtin(name) {
        return Ok(scenario);
    }
    let path = Path::new(name);
    if !path.exists() {
        let near = did_you_mean(name, Scenario::names());
        return Err(Failure::Usage(match near {
            Some(near) => format!("there is no scenario `{name}`; did you mean `{near}`?"),
            None => format!(
                "there is no scenario `{name}`, and no file of that name; there are {}",
                Scenario::BUILTIN.join(", ")
            ),
        }));
    }
    Scenario::parse(&inputs::source(path)?.text)
        .map_err(|error| Failure::Usage(format!("{name}: {error}")))
}

/// What a shell needs to send any client to the pretend tenant under the services' real names.
fn exports(sim: &Sim, ca: &Path, note: &str) -> String {
    let ca = ca.display();
    let auditor = sim.auditor();
    let person = sim.person().map_or_else(String::new, |person| {
        let (name, password) = (&person.user_name, &person.password);
        format!(
            "# A person signs in with these, as to the Azure CLI:\n\
             export SIM_USER_NAME={name}\n\
             export SIM_USER_PASSWORD={password}\n"
        )
    });
    format!(
        "# The pretend tenant listens on {} until Ctrl-C. In another shell:\n\
         export HTTPS_PROXY=http://{}\n\
         export SSL_CERT_FILE={ca}\n\
         export REQUESTS_CA_BUNDLE={ca}\n\
         export NODE_EXTRA_CA_CERTS={ca}\n\
         {person}export AZURE_TENANT_ID={}\n\
         export AZURE_CLIENT_ID={}\n\
         export AZURE_CLIENT_SECRET={}\n\
         {note}",
        sim.tls_addr(),
        sim.proxy_addr(),
        auditor.tenant_id,
        auditor.client_id,
        auditor.client_secret,
    )
}

/// Makes a directory, with words where that fails.
pub(super) fn make(dir: &PathBuf) -> Result<(), Failure> {
    std::fs::create_dir_all(dir)
        .map_err(|error| Failure::Usage(format!("could not make {}: {error}", dir.display())))
}
