//! `credaudit diff`.

use clap::Args;

use super::common::Kept;

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
