//! `credaudit report`.

use std::path::PathBuf;

use clap::Args;

use super::common::Output;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit report assessment.json\n  credaudit report last.json -o report.html\n  credaudit report assessment.json --exit-code\n  credaudit report assessment.json -o report.sarif -o junit.xml -o credentials.ics\n  credaudit report assessment.json -o findings.csv --csv findings"
)]
pub struct Report {
    /// An assessment that `evaluate` wrote, or a JSON report that `audit -o report.json` wrote
    #[arg(value_name = "FILE")]
    pub assessment: PathBuf,
    #[command(flatten)]
    pub output: Output,
    /// Exit with the code of the audit (0, 10 or 11) instead of 0
    #[arg(long)]
    pub exit_code: bool,
}
