//! `credaudit where`: who a client id is and where it is used, on one screen.

use std::path::Path;

use super::CLEAN;
use super::demo::{SCENARIO, pretend};
use super::shared::{Failure, Screen, defaults, from_services, inputs};
use crate::cli::{IsolationWord, Reading, Scope, Where};
use crate::estate::{Estate, Prove};
use crate::evidence::Snapshot;
use crate::model::IsolationProbe;
use crate::report;
use crate::where_used::locate::{Found, locate};

pub(super) async fn run(command: &Where, screen: &Screen) -> Result<u8, Failure> {
    let snapshot = snapshot(command, screen).await?;
    let located = match locate(&snapshot, &command.name) {
        Found::One(located) => located,
        Found::Several(several) => {
            return Err(ambiguous(&command.name, &several));
        }
        Found::Nothing { nearest } => return Err(Failure::Usage(unknown(&command.name, nearest))),
    };
    screen.answer(command.format, &located, |options| {
        report::located(&located, options)
    })?;
    for one in &located.registrations {
        let demo = if command.demo { " --demo" } else { "" };
        screen.note(&format!(
            "credaudit show {}{demo}: what is wrong with it, and how to fix it",
            one.name
        ));
    }
    Ok(CLEAN)
}

/// Why a name that several have is refused.
pub(super) fn ambiguous(name: &str, several: &[String]) -> Failure {
    Failure::Usage(format!(
        "several are called `{name}`; say which by its client id:\n  {}",
        several.join("\n  ")
    ))
}

fn unknown(name: &str, nearest: Option<String>) -> String {
    let advice = match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => {
            "it is not among the estate's registrations, application users or F&O clients. Add --inventory to search the whole tenant"
                .to_owned()
        }
    };
    format!("`{name}` was not found; {advice}")
}

async fn snapshot(command: &Where, screen: &Screen) -> Result<Snapshot, Failure> {
    if let Some(path) = &command.snapshot {
        return inputs::snapshot(path);
    }
    let reading = Reading {
        probe_writes: false,
        inventory: command.inventory,
        previous: None,
        isolation: Some(IsolationWord::Off),
        deadline: command.deadline,
    };
    if command.demo {
        let mut declared = Vec::new();
        let pretend = pretend(SCENARIO, IsolationProbe::Off, screen, |estate| {
            declared = looking_only(estate);
            if reading.inventory {
                estate.auditor.scope = crate::estate::Scope::Tenant;
            }
        });
        return Ok(as_written(pretend.await?.snapshot, declared));
    }
    let config = defaults::config(command.config.as_deref());
    looked(&config, &reading, screen).await
}

/// What the services of an estate say, with no audited credential used.
pub(super) async fn looked(
    config: &Path,
    reading: &Reading,
    screen: &Screen,
) -> Result<Snapshot, Failure> {
    let mut estate = inputs::estate(config)?;
    let declared = looking_only(&mut estate);
    let scope = Scope {
        config: Some(config.to_owned()),
        environments: Vec::new(),
        registrations: Vec::new(),
    };
    let services = from_services(estate, &scope, reading, IsolationProbe::Off, screen).await?;
    Ok(as_written(services.snapshot, declared))
}

/// Where something is used can be told without signing in as it, and a look leaves no trace then. Gives
/// what the estate says, for an audit of its own signs in by it.
fn looking_only(estate: &mut Estate) -> Vec<Prove> {
    let registrations = estate.registrations.iter_mut();
    registrations
        .map(|registration| std::mem::replace(&mut registration.prove, Prove::Never))
        .collect()
}

/// The snapshot of the estate as it is written.
fn as_written(mut snapshot: Snapshot, declared: Vec<Prove>) -> Snapshot {
    for (registration, prove) in snapshot.estate.registrations.iter_mut().zip(declared) {
        registration.prove = prove;
    }
    snapshot
}
