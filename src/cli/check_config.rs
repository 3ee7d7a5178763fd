//! `credaudit check-config`.

use std::path::PathBuf;

use clap::Args;

use super::common::AnswerFormat;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit check-config\n  credaudit check-config -c estate.toml -p policy.toml"
)]
pub struct CheckConfig {
    /// The estate file. Default: as for `audit`
    #[arg(short, long = "config", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The policy file. Default: as for `audit`
    #[arg(short, long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: AnswerFormat,
}
