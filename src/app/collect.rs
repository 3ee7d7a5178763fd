//! `credaudit collect`: the real services, once, into a snapshot. Also what `audit` and `demo` begin with.
#![expect(
    clippy::disallowed_methods,
    reason = "a mail's date and a demo's scenario begin now"
)]

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::error::Failure;
use super::interrupt::Interrupt;
use super::output::{Screen, check_file};
use super::progress::Bars;
use super::{CLEAN, INCOMPLETE, inputs};
use crate::cli::{Collect, Reading, Scope};
use crate::collect::{AuditorVariables, Options, REPORT_SPAN, Trust, collect};
use crate::estate::{Estate, Production};
use crate::evidence::Snapshot;
use crate::model::IsolationProbe;

pub(super) async fn run(command: &Collect, screen: &Screen) -> Result<u8, Failure> {
    command.output.as_deref().map_or(Ok(()), check_file)?;
    let (estate, policy) = inputs::both(
        inputs::estate(&command.scope.config),
        inputs::policy(command.policy.as_deref()),
    )?;
    let services = from_services(
        estate,
        &command.scope,
        &command.reading,
        policy.isolation,
        screen,
    )
    .await?;
    let snapshot = services.snapshot;
    let bytes = pretty(&snapshot)?;
    match &command.output {
        Some(path) => screen.write(path, &bytes)?,
        None => screen.print(&bytes)?,
    }
    Ok(if services.cut_short {
        INCOMPLETE
    } else {
        CLEAN
    })
}

/// What the real services gave.
pub(super) struct Services {
    pub snapshot: Snapshot,
    /// For what comes after: the mail server's password.
    pub options: Options,
    /// Whether Ctrl-C ended the collecting.
    pub cut_short: bool,
}

/// Collects the part of the estate that is asked for. `isolation` is the policy's: a flag beats it.
pub(super) async fn from_services(
    mut estate: Estate,
    scope: &Scope,
    reading: &Reading,
    isolation: IsolationProbe,
    screen: &Screen,
) -> Result<Services, Failure> {
    if reading.inventory {
        estate.auditor.scope = crate::estate::Scope::Tenant;
    }
    let production = Production::of(&estate);
    let (estate, narrowed) = inputs::narrowed(estate, scope)?;
    if reading.probe_writes
        && let Some(words) = super::probing::left_out(&estate, &production)?
    {
        screen.note(&words);
    }
    let previous = match &reading.previous {
        Some(path) => inputs::previous(path, screen)?.map(Arc::new),
        None => None,
    };
    let bars = Bars::new(screen.shows_progress());
    let interrupt = Interrupt::watch(screen);
    let mut options = options(AuditorVariables::from_env(), None, reading.deadline, &bars);
    options.previous = previous;
    options.isolation = reading.isolation.map_or(isolation, IsolationProbe::from);
    options.probe_writes = reading.probe_writes.then_some(production);
    options.cancel = Some(interrupt.receiver());
    let snapshot = watched(&estate, narrowed, &options, &bars).await;
    let cut_short = interrupt.collected();
    // What comes after the reading (a mail password) may still be asked for.
    options.cancel = None;
    Ok(Services {
        snapshot,
        options,
        cut_short,
    })
}

/// What a run is given.
pub(super) fn options(
    environment: AuditorVariables,
    trust: Option<Trust>,
    deadline: Duration,
    bars: &Bars,
) -> Options {
    Options {
        previous: None,
        isolation: IsolationProbe::default(),
        probe_writes: None,
        run: uuid::Uuid::new_v4().to_string(),
        trust,
        environment,
        deadline,
        report_span: REPORT_SPAN,
        progress: bars.watcher(),
        cancel: None,
    }
}

/// Collects with progress on the terminal, and the count of requests for `-v`.
pub(super) async fn watched(
    estate: &Estate,
    narrowed: Option<String>,
    options: &Options,
    bars: &Bars,
) -> Snapshot {
    let snapshot = collect(estate, narrowed, options).await;
    bars.finish();
    for count in &snapshot.requests {
        tracing::info!(
            "{} requests to {} for {}",
            count.requests,
            count.service.name(),
            count.purpose
        );
    }
    snapshot
}

/// JSON as files hold it.
pub(super) fn pretty<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, Failure> {
    let mut bytes = serde_json::to_vec_pretty(value)
        .map_err(|error| Failure::Tool(format!("could not write JSON: {error}")))?;
    bytes.push(b'\n');
    Ok(bytes)
}

pub(super) fn now() -> DateTime<Utc> {
    Utc::now()
}
