//! `credaudit sim`.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  credaudit sim\n  credaudit sim --scenario tidy --dir sim")]
pub struct Sim {
    /// Which demo tenant: everything (also called neglected), contoso, tidy, half-permitted, overprivileged,
    /// throttled, broken, or a scenario file of your own
    #[arg(long, value_name = "NAME", default_value = "everything")]
    pub scenario: String,
    /// Listen on this port and the next one. Default: any free ports
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Where to write the CA certificate and the estate file. Default: a new temporary folder
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}
