//! `credaudit demo`.

use std::path::PathBuf;

use clap::Args;

use super::common::Output;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit demo\n  credaudit demo --open\n  credaudit demo --scenario everything --full\n  credaudit demo --scenario tidy\n  credaudit demo --keep out    # the estate, snapshot, reports and mails"
)]
pub struct Demo {
    /// Which demo tenant: contoso (a small company where each common problem is there once), everything (a
    /// finding of almost every check; also called neglected), tidy (nothing is wrong), tidy on a bad day
    /// (half-permitted, throttled, broken), or tidy with an auditor that has too many permissions (overprivileged)
    #[arg(long, value_name = "NAME", default_value = "contoso")]
    pub scenario: String,
    #[command(flatten)]
    pub output: Output,
    /// Write the estate, policy, snapshot, assessment, reports and mails to this folder
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Open the report as a page in the browser
    #[arg(long)]
    pub open: bool,
    /// Exit with the code of an audit (0, 10 or 11) instead of 0
    #[arg(long)]
    pub exit_code: bool,
}
