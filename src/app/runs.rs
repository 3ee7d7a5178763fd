//! The runs that `history`, `diff` and `trend` are about: kept ones, or a few of the demo tenant, which are written
//! nowhere.

use chrono::TimeDelta;

use super::demo::{SCENARIO, pretend_at};
use super::shared::kept_runs::{self, KeptRuns};
use super::shared::{Failure, Screen, memory, services::now};
use crate::cli::Kept;
use crate::evaluate::{assess, plan};
use crate::history::Store;
use crate::policy;
use crate::sim::Scenario;

/// Days before now, the beginning of the run's id, and the tenant that was audited.
const RUNS: [(i64, &str, &str); 3] = [
    (42, "0a11ce00", Scenario::EARLIER),
    (EARLIER_DAYS, "0b0b0000", Scenario::EARLIER),
    (0, "0ca70100", SCENARIO),
];

/// How long ago the earlier tenant is: its services' clocks say so.
const EARLIER_DAYS: i64 = 14;

pub(super) async fn open(kept: &Kept, screen: &Screen) -> Result<KeptRuns, Failure> {
    match kept.demo {
        true => pretend_runs(screen).await,
        false => kept_runs::open(kept).await,
    }
}

/// The tenant of the demo two weeks ago and now: something was fixed, something is new, something is still open.
async fn pretend_runs(screen: &Screen) -> Result<KeptRuns, Failure> {
    let policy = policy::baseline();
    let plan = plan(&policy).map_err(Failure::Problems)?;
    let begun = now();
    let before = |days| begun - TimeDelta::try_days(days).unwrap_or_default();
    let (then, probe) = (before(EARLIER_DAYS), policy.isolation);
    let earlier = pretend_at(then, Scenario::EARLIER, probe, screen, |_| {}).await?;
    let present = pretend_at(begun, SCENARIO, probe, screen, |_| {}).await?;
    let subject = memory::named(&present.snapshot.estate, "demo tenant".to_owned(), None);
    let mut store = Store::in_memory().await?;
    for (days, id, tenant) in RUNS {
        let day = before(days);
        let pretend = if tenant == SCENARIO {
            &present
        } else {
            &earlier
        };
        let mut assessment = assess(&plan, &pretend.snapshot, Some(day));
        let run = &mut assessment.run;
        run.id = format!("{id}-0000-4000-8000-000000000000");
        (run.collected, run.as_of_given) = (day, false);
        // It was made on that day, by clocks that agreed.
        run.clock_ahead_seconds = None;
        store.keep(&subject, &assessment, true, day).await?;
    }
    screen.note("These are three pretend runs of the demo tenant, made just now and kept nowhere.");
    let runs = store.runs().await?;
    Ok(KeptRuns { store, runs })
}
