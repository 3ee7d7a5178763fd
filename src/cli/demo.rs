//! `credaudit demo`.

use std::path::PathBuf;

use clap::Args;

use super::common::Output;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit demo\n  credaudit demo --scenario tidy\n  credaudit demo --keep out    # estate, snapshot, report and mail to look at"
)]
pub struct Demo {
    /// Which pretend tenant: neglected (something is wrong everywhere), tidy, or tidy seen on a bad day:
    /// half-permitted, throttled, broken; or by an auditor who may do too much: overprivileged
    #[arg(long, value_name = "NAME", default_value = "neglected")]
    pub scenario: String,
    #[command(flatten)]
    pub output: Output,
    /// Write estate, policy, snapshot, assessment, report and mail there
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// End as an audit would, instead of with 0
    #[arg(long)]
    pub exit_code: bool,
}
