//! The runs that `history`, `diff` and `trend` are about: kept ones, or a few of the demo tenant, which are written
//! nowhere.

use chrono::TimeDelta;

use super::demo::{SCENARIO, pretend};
use super::shared::kept_runs::{self, KeptRuns};
use super::shared::{Failure, Screen, memory};
use crate::cli::Kept;
use crate::evaluate::{assess, plan};
use crate::history::Store;
use crate::policy;

/// Days before now, and the beginning of the run's id.
const RUNS: [(i64, &str); 3] = [(42, "0a11ce00"), (14, "0b0b0000"), (0, "0ca70100")];

pub(super) async fn open(kept: &Kept, screen: &Screen) -> Result<KeptRuns, Failure> {
    match kept.demo {
        true => pretend_runs(screen).await,
        false => kept_runs::open(kept).await,
    }
}

/// The tenant of the demo as it is, judged as if each run had been made on its own day.
async fn pretend_runs(screen: &Screen) -> Result<KeptRuns, Failure> {
    let policy = policy::baseline();
    let plan = plan(&policy).map_err(Failure::Problems)?;
    let snapshot = pretend(SCENARIO, policy.isolation, screen, |_| {})
        .await?
        .snapshot;
    let subject = memory::named(&snapshot.estate, "demo tenant".to_owned(), None);
    let mut store = Store::in_memory().await?;
    for (days, id) in RUNS {
        let day = snapshot.started - TimeDelta::try_days(days).unwrap_or_default();
        let mut assessment = assess(&plan, &snapshot, Some(day));
        let run = &mut assessment.run;
        run.id = format!("{id}-0000-4000-8000-000000000000");
        (run.collected, run.as_of_given) = (day, false);
        store.keep(&subject, &assessment, true, day).await?;
    }
    screen.note("These are three pretend runs of the demo tenant, made just now and kept nowhere.");
    let runs = store.runs().await?;
    Ok(KeptRuns { store, runs })
}
