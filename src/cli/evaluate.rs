//! `credaudit evaluate`.

use std::path::PathBuf;

use clap::Args;

use super::common::{ExitZero, Judging};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit evaluate snapshot.json -o assessment.json\n  credaudit evaluate snapshot.json -p strict --as-of 2026-12-31"
)]
pub struct Evaluate {
    /// A snapshot that `collect` wrote
    #[arg(value_name = "SNAPSHOT")]
    pub snapshot: PathBuf,
    #[command(flatten)]
    pub judging: Judging,
    #[command(flatten)]
    pub exit_zero: ExitZero,
    /// Where to write the assessment. Default: standard output
    #[arg(short, long = "output", value_name = "FILE")]
    pub output: Option<PathBuf>,
}
