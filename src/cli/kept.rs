//! The commands that read what earlier audits kept.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::common::AnswerFormat;

/// Which history, and whose runs in it.
#[derive(Args, Debug)]
pub struct Kept {
    /// The estate whose runs are meant; where its history lies stands in it, too
    #[arg(
        short,
        long = "config",
        value_name = "FILE",
        default_value = "estate.toml"
    )]
    pub config: PathBuf,
    /// This history file, and the runs of every estate in it; no estate is read
    #[arg(long, value_name = "FILE", conflicts_with = "config")]
    pub file: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: AnswerFormat,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit history\n  credaudit history --last 5 --format json\n  credaudit history --file history.db"
)]
pub struct History {
    #[command(flatten)]
    pub kept: Kept,
    /// The last so many runs only
    #[arg(long, value_name = "NUMBER")]
    pub last: Option<NonZeroUsize>,
}

#[derive(Args, Debug)]
#[command(
    after_help = "A run is named by the beginning of its id, by `latest` or `previous`, or by a date (the last run of \
                  that day or before it, in UTC). Runs of other tenants, and runs of a part (--env, --registration) and of the \
                  whole, are not compared: they answer other questions.\n\n\
                  Ends with 0 whatever has changed; with --exit-code with 10 where something is new or worse at or above \
                  the later run's threshold, otherwise with 11 where something is newly unreadable.\n\n\
                  Examples:\n  credaudit diff\n  credaudit diff 2026-11-01\n  credaudit diff previous latest --exit-code\n  credaudit diff 3f0e8c1a 7b2d90aa --format json"
)]
pub struct Diff {
    /// The earlier run: `previous` without it
    #[arg(value_name = "A")]
    pub from: Option<String>,
    /// The later run: `latest` without it
    #[arg(value_name = "B")]
    pub to: Option<String>,
    #[command(flatten)]
    pub kept: Kept,
    /// End by what is new, as `audit --fail-on-new` does
    #[arg(long)]
    pub exit_code: bool,
}

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
