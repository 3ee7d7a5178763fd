//! `credaudit collect`.

use std::path::PathBuf;

use clap::Args;

use super::common::{ExitZero, Reading, Scope};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit collect -o snapshot.json\n  credaudit collect --registration raia-contact-sync -o snapshot.json\n  credaudit collect -p policy.toml --isolation all -o snapshot.json"
)]
pub struct Collect {
    #[command(flatten)]
    pub scope: Scope,
    #[command(flatten)]
    pub reading: Reading,
    /// The policy file; only `probe` in its isolation table is used here: which credentials to try on other
    /// environments. Default: as for `audit`
    #[arg(short, long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    #[command(flatten)]
    pub exit_zero: ExitZero,
    /// Where to write the snapshot. Default: standard output
    #[arg(short, long = "output", value_name = "FILE")]
    pub output: Option<PathBuf>,
}
