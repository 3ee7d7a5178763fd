//! `credaudit trend`: the counts of the kept runs over time. No network.

use super::CLEAN;
use super::shared::kept_runs::{last, list, open, whole};
use super::shared::{Failure, Screen};
use crate::cli::Trend;
use crate::report;

pub(super) async fn run(command: &Trend, screen: &Screen) -> Result<u8, Failure> {
    let kept = open(&command.kept).await?;
    kept.store.close().await;
    let runs = whole(&kept.runs);
    let runs = last(&runs, command.last);
    let format = command.kept.format;
    list(format, "credaudit.trend/1", runs, screen, report::trend)?;
    Ok(CLEAN)
}
