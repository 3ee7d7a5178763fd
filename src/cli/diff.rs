//! `credaudit diff`.

use clap::Args;

use super::common::Kept;

#[derive(Args, Debug)]
#[command(
    after_help = "Name a run by the beginning of its id, by `latest` or `previous`, or by a date (the last run on or before \
                  that day, in UTC). Runs of different tenants are not compared, nor is a run of a part of the estate \
                  (--env, --registration) with one of the whole.\n\n\
                  Exits with 0 whatever has changed. With --exit-code: with 10 if something is new or worse at or above \
                  the later run's threshold, else with 11 if something can no longer be checked.\n\n\
                  Examples:\n  credaudit diff --demo\n  credaudit diff\n  credaudit diff 2026-11-01\n  credaudit diff previous latest --exit-code\n  credaudit diff 3f0e8c1a 7b2d90aa --format json"
)]
pub struct Diff {
    /// The earlier run. Default: `previous`
    #[arg(value_name = "A")]
    pub from: Option<String>,
    /// The later run. Default: `latest`
    #[arg(value_name = "B")]
    pub to: Option<String>,
    #[command(flatten)]
    pub kept: Kept,
    /// Exit with a code for what is new, as `audit --fail-on-new` does
    #[arg(long)]
    pub exit_code: bool,
}
