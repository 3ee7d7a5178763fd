//! `credaudit trend`.

use std::num::NonZeroUsize;

use clap::Args;

use super::common::Kept;

#[derive(Args, Debug)]
#[command(
    after_help = "Counts runs of the whole estate as of their own day.\n\nExamples:\n  credaudit trend\n  credaudit trend --last 12\n  credaudit trend --format json"
)]
pub struct Trend {
    #[command(flatten)]
    pub kept: Kept,
    /// The last so many runs only
    #[arg(long, value_name = "NUMBER")]
    pub last: Option<NonZeroUsize>,
}
