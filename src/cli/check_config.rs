//! `credaudit check-config`.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit check-config\n  credaudit check-config -c estate.toml -p policy.toml"
)]
pub struct CheckConfig {
    /// The estate file
    #[arg(
        short,
        long = "config",
        value_name = "FILE",
        default_value = "estate.toml"
    )]
    pub config: PathBuf,
    /// The policy file
    #[arg(short, long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
}
