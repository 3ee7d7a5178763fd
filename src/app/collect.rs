//! `credaudit collect`: the real services, once, into a snapshot. Also what `audit` and `demo` begin with.
#![expect(
    clippy::disallowed_methods,
    reason = "a mail's date and a demo's scenario begin now"
)]

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::error::Failure;
use super::output::Screen;
use super::progress::Bars;
use super::{CLEAN, inputs};
use crate::cli::{Collect, Scope};
use crate::collect::{AuditorVariables, Options, Trust, collect};
use crate::deliver;
use crate::estate::Estate;
use crate::evidence::Snapshot;

/// How long a whole run may take.
const DEADLINE: Duration = Duration::from_secs(10 * 60);

pub(super) async fn run(command: &Collect, screen: &Screen) -> Result<u8, Failure> {
    let estate = inputs::estate(&command.scope.config)?;
    let snapshot = from_services(estate, &command.scope, screen).await?.0;
    let bytes = pretty(&snapshot)?;
    match &command.output {
        Some(path) => {
            deliver::write(path, &bytes)?;
            screen.note(&format!("wrote {}", path.display()));
        }
        None => screen.print(&bytes)?,
    }
    Ok(CLEAN)
}

/// Collects the part of the estate that is asked for; gives the options along, for what comes after.
pub(super) async fn from_services(
    estate: Estate,
    scope: &Scope,
    screen: &Screen,
) -> Result<(Snapshot, Options), Failure> {
    let (estate, narrowed) = inputs::narrowed(estate, scope)?;
    let bars = Bars::new(screen.shows_progress());
    let options = options(AuditorVariables::from_env(), None, &bars);
    let snapshot = watched(&estate, narrowed, &options, &bars).await;
    Ok((snapshot, options))
}

/// What a run is given.
pub(super) fn options(environment: AuditorVariables, trust: Option<Trust>, bars: &Bars) -> Options {
    Options {
        run: uuid::Uuid::new_v4().to_string(),
        trust,
        environment,
        deadline: DEADLINE,
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
