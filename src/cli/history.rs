//! `credaudit history`.

use std::num::NonZeroUsize;

use clap::Args;

use super::common::Kept;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit history --demo\n  credaudit history\n  credaudit history --last 5 --format json\n  credaudit history --file history.db"
)]
pub struct History {
    #[command(flatten)]
    pub kept: Kept,
    /// Show only the last N runs
    #[arg(long, value_name = "NUMBER")]
    pub last: Option<NonZeroUsize>,
}
