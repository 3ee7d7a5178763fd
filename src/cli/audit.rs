//! `credaudit audit`.

use std::path::PathBuf;

use clap::Args;

use super::common::{Judging, Output, Reading, Scope};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit audit\n  credaudit audit -c estate.toml -p strict --env prod\n  credaudit audit -o report.json -o report.txt --mail\n  credaudit audit --deadline 5m --fail-on medium\n  credaudit audit --fail-on-new\n  credaudit audit --previous last.json --keep-snapshot last.json"
)]
pub struct Audit {
    #[command(flatten)]
    pub scope: Scope,
    #[command(flatten)]
    pub judging: Judging,
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub output: Output,
    /// Also keep what was read as a snapshot, for --previous of the next run
    #[arg(long, value_name = "FILE")]
    pub keep_snapshot: Option<PathBuf>,
    /// Exit with 10 only if something is new or worse since the last kept run of the same estate, and with 11
    /// only if something can no longer be checked
    #[arg(long)]
    pub fail_on_new: bool,
    /// Do not keep this run in the history
    #[arg(long)]
    pub no_history: bool,
    /// Mail the report, as the [mail] table of the estate says
    #[arg(long)]
    pub mail: bool,
}
