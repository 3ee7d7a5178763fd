//! `credaudit trend`.

use std::num::NonZeroUsize;

use clap::Args;

use super::common::Kept;

#[derive(Args, Debug)]
#[command(
    after_help = "Shows runs of the whole estate only, each as of its own day.\n\nExamples:\n  credaudit trend --demo\n  credaudit trend\n  credaudit trend --last 12\n  credaudit trend --format json"
)]
pub struct Trend {
    #[command(flatten)]
    pub kept: Kept,
    /// Show only the last N runs
    #[arg(long, value_name = "NUMBER")]
    pub last: Option<NonZeroUsize>,
}
