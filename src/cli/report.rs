//! `credaudit report`.

use std::path::PathBuf;

use clap::Args;

use super::common::Output;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit report assessment.json\n  credaudit report assessment.json --format json\n  credaudit report assessment.json -o report.sarif -o junit.xml -o credentials.ics\n  credaudit report assessment.json -o findings.csv --csv findings"
)]
pub struct Report {
    /// An assessment that `evaluate` wrote
    #[arg(value_name = "ASSESSMENT")]
    pub assessment: PathBuf,
    #[command(flatten)]
    pub output: Output,
}
