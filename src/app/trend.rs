//! `credaudit trend`: the counts of the kept runs over time. No network.

use super::shared::kept_runs::{last, list, whole};
use super::shared::{Failure, Screen};
use super::{CLEAN, runs};
use crate::cli::Trend;
use crate::report;

pub(super) async fn run(command: &Trend, screen: &Screen) -> Result<u8, Failure> {
    let kept = runs::open(&command.kept, screen).await?;
    kept.store.close().await;
    let all = whole(&kept.runs);
    let shown = last(&all, command.last);
    let format = command.kept.format;
    list(format, "credaudit.trend/1", shown, screen, report::trend)?;
    Ok(CLEAN)
}
