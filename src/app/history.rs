//! `credaudit history`: the runs that earlier audits kept. No network.

use super::shared::kept_runs::{last, list};
use super::shared::{Failure, Screen};
use super::{CLEAN, runs};
use crate::cli::History;
use crate::report;

pub(super) async fn run(command: &History, screen: &Screen) -> Result<u8, Failure> {
    let kept = runs::open(&command.kept, screen).await?;
    kept.store.close().await;
    let shown = last(&kept.runs, command.last);
    let format = command.kept.format;
    list(format, "credaudit.history/1", shown, screen, report::runs)?;
    Ok(CLEAN)
}
