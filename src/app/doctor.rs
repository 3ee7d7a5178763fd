//! `credaudit doctor`: who the audit is, what it can read and what that costs, and the commands that grant the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::demo::{SCENARIO, pretend_estate, started};
use super::shared::{
    Failure, Screen, defaults, inputs, interrupt::Interrupt, now, progress::Bars, services::options,
};
use super::{CLEAN, INCOMPLETE};
use crate::checks::{ALL, needs};
use crate::cli::Doctor;
use crate::collect::{AuditorVariables, Examined, Options, Surroundings, examine, own_files};
use crate::estate::{Auditor, Estate, Tenant};
use crate::facts::granting::granting;
use crate::model::diagnosis::{Diagnosis, FORMAT, Machine, MissingRight, Read, Target};
use crate::model::{Grant, guid};
use crate::report;

mod sending;

/// What an estate is called where none is found.
const ESTATE: &str = "estate.toml";

/// What the one tenant is called where there is no estate.
const TENANT: &str = "tenant";

pub(super) async fn run(command: &Doctor, screen: &Screen) -> Result<u8, Failure> {
    match scenario_name(command) {
        Some(name) => in_demo(name, command, screen).await,
        None => in_earnest(command, screen).await,
    }
}

async fn in_demo(name: &str, command: &Doctor, screen: &Screen) -> Result<u8, Failure> {
    let (estate, _) = pretend_estate(name)?;
    let bars = Bars::new(screen.shows_progress());
    let (sim, mut options) = started(now(), name, &bars).await?;
    options.deadline = command.deadline;
    let found = looked(&estate, &options, &Surroundings::default(), screen).await;
    sim.stop().await;
    bars.finish();
    let machine = Machine {
        pretend: true,
        ..Machine::default()
    };
    show(
        &diagnosis(found?, machine, (&estate, None)),
        command,
        screen,
    )
}

async fn in_earnest(command: &Doctor, screen: &Screen) -> Result<u8, Failure> {
    let variables = AuditorVariables::from_env();
    let file = file(command);
    let estate = estate(command, file.as_deref(), &variables)?;
    sending::check(command, &estate, file.as_deref()).await?;
    let surroundings = Surroundings::from_env();
    let machine = Machine {
        proxy: surroundings.proxy.clone(),
        files: own_files(&variables),
        ..Machine::default()
    };
    let bars = Bars::new(screen.shows_progress());
    let options = options(variables, None, command.deadline, &bars);
    let found = looked(&estate, &options, &surroundings, screen).await;
    bars.finish();
    let code = show(
        &diagnosis(found?, machine, (&estate, file.as_deref())),
        command,
        screen,
    )?;
    if let Some(file) = &file {
        sending::send(command, &estate, file, &options, screen).await?;
    }
    Ok(code)
}

fn show(diagnosis: &Diagnosis, command: &Doctor, screen: &Screen) -> Result<u8, Failure> {
    screen.answer(command.format, diagnosis, |options| {
        report::doctor(diagnosis, options)
    })?;
    Ok(diagnosis.exit_code)
}

fn scenario_name(command: &Doctor) -> Option<&str> {
    let first = command.demo.then_some(SCENARIO);
    command.scenario.as_deref().or(first)
}

/// The estate file, where one is named or there is one.
fn file(command: &Doctor) -> Option<PathBuf> {
    let path = defaults::config(command.config.as_deref());
    let found = command.config.is_some() || path != Path::new(ESTATE) || path.exists();
    found.then_some(path)
}

/// The estate, or one that has nothing but a tenant.
fn estate(
    command: &Doctor,
    file: Option<&Path>,
    variables: &AuditorVariables,
) -> Result<Estate, Failure> {
    let client_id = id("--client-id", command.client_id.as_ref())?;
    let tenant = id("--tenant", command.tenant.as_ref())?;
    let mut estate = match file {
        Some(path) => inputs::estate(path)?,
        None => {
            let tenant = tenant
                .or_else(|| variables.tenant_id.clone())
                .or_else(|| variables.pipelines.tenant_id.clone());
            without_file(command, tenant.unwrap_or_default())
        }
    };
    if let Some(identity) = command.identity {
        let chosen = Auditor {
            identity,
            client_id,
            ..estate.auditor.clone()
        };
        estate.auditor = chosen;
        for tenant in estate.tenants.values_mut() {
            tenant.auditor = None;
        }
        for environment in estate.environments.values_mut() {
            environment.auditor = None;
        }
    }
    Ok(estate)
}

fn id(flag: &str, given: Option<&String>) -> Result<Option<String>, Failure> {
    match given {
        Some(id) if !guid::is_guid(id) => Err(Failure::Usage(format!(
            "{flag} takes a GUID like 8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001, not `{id}`"
        ))),
        id => Ok(id.map(|id| id.to_ascii_lowercase())),
    }
}

fn without_file(command: &Doctor, tenant: String) -> Estate {
    let tenant = Tenant {
        id: tenant,
        cloud: command.cloud,
        auditor: None,
    };
    Estate::bare(Auditor::default(), (TENANT.to_owned(), tenant))
}

async fn looked(
    estate: &Estate,
    options: &Options,
    surroundings: &Surroundings,
    screen: &Screen,
) -> Result<Examined, Failure> {
    let interrupt = Interrupt::watch(screen);
    let mut options = options.clone();
    options.cancel = Some(interrupt.receiver());
    let found = examine(estate, &options, surroundings).await;
    interrupt.collected();
    found.map_err(|gap| Failure::Tool(gap.to_string()))
}

/// What was seen, with what it costs.
fn diagnosis(
    found: Examined,
    machine: Machine,
    (estate, file): (&Estate, Option<&Path>),
) -> Diagnosis {
    let Examined {
        identities,
        mut services,
        ahead_seconds,
        hosts,
    } = found;
    for look in services.iter_mut().flat_map(|target| &mut target.reads) {
        if look.gap.is_some() {
            look.checks = needs::without(&BTreeSet::from([look.read]));
        }
    }
    let missing = missing(&services, estate);
    let reads = || services.iter().flat_map(|target| &target.reads);
    let lost: BTreeSet<Read> = reads()
        .filter(|look| look.gap.is_some())
        .map(|look| look.read)
        .collect();
    let nobody = identities.iter().any(|one| one.signed_in.is_none());
    let incomplete = nobody || reads().any(|look| look.is_refused());
    Diagnosis {
        format: FORMAT,
        tool: concat!("credaudit ", env!("CARGO_PKG_VERSION")),
        estate: file.map(|file| file.display().to_string()),
        exit_code: if incomplete { INCOMPLETE } else { CLEAN },
        all_checks: ALL.len(),
        identities,
        checks_lost: needs::without(&lost),
        missing,
        machine: Machine {
            ahead_seconds,
            ..machine
        },
        hosts,
        services,
    }
}

/// Each right that would open a read, once: the one that most checks wait for first.
fn missing(services: &[Target], estate: &Estate) -> Vec<MissingRight> {
    let mut reads: BTreeMap<&Grant, BTreeSet<Read>> = BTreeMap::new();
    for look in services.iter().flat_map(|target| &target.reads) {
        let grant = look.gap.as_ref().and_then(|gap| gap.missing.as_deref());
        if let Some(grant) = grant {
            reads.entry(grant).or_default().insert(look.read);
        }
    }
    let mut missing: Vec<MissingRight> = reads
        .into_iter()
        .map(|(grant, reads)| MissingRight {
            grant: grant.clone(),
            checks: needs::without(&reads),
            steps: granting(grant, estate).steps,
        })
        .collect();
    missing.sort_by_key(|one| std::cmp::Reverse(one.checks.len()));
    missing
}
