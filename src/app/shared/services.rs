//! The real services, read once: what `audit`, `collect`, `remind` and `where` begin with.
#![expect(
    clippy::disallowed_methods,
    reason = "a mail's date and a demo's scenario begin now"
)]

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::error::Failure;
use super::inputs;
use super::interrupt::Interrupt;
use super::probing;
use super::progress::Bars;
use super::screen::Screen;
use crate::cli::{Reading, Scope};
use crate::collect::{AuditorVariables, Options, REPORT_SPAN, Trust, collect};
use crate::estate::{self, Estate, Production};
use crate::evidence::Snapshot;
use crate::model::IsolationProbe;

/// What the real services gave.
pub(crate) struct Services {
    pub snapshot: Snapshot,
    /// For what comes after: the mail server's password.
    pub options: Options,
    /// Whether Ctrl-C ended the collecting.
    pub cut_short: bool,
}

/// Collects the part of the estate that is asked for. `isolation` is the policy's: a flag beats it.
pub(crate) async fn from_services(
    mut estate: Estate,
    scope: &Scope,
    reading: &Reading,
    isolation: IsolationProbe,
    screen: &Screen,
) -> Result<Services, Failure> {
    if reading.inventory {
        estate.auditor.scope = estate::Scope::Tenant;
    }
    let production = Production::of(&estate);
    let (estate, narrowed) = inputs::narrowed(estate, scope)?;
    if reading.probe_writes
        && let Some(words) = probing::left_out(&estate, &production)?
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
pub(crate) fn options(
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
pub(crate) async fn watched(
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

pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}
