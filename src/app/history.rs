//! `credaudit history`: the runs that earlier audits kept. No network.

use super::CLEAN;
use super::shared::kept_runs::{last, list, open};
use super::shared::{Failure, Screen};
use crate::cli::History;
use crate::report;

pub(super) async fn run(command: &History, screen: &Screen) -> Result<u8, Failure> {
    let kept = open(&command.kept).await?;
    kept.store.close().await;
    let runs = last(&kept.runs, command.last);
    let format = command.kept.format;
    list(format, "credaudit.history/1", runs, screen, report::runs)?;
    Ok(CLEAN)
}
