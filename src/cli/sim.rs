//! `credaudit sim`.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  credaudit sim\n  credaudit sim --scenario tidy --dir sim")]
pub struct Sim {
    /// Which pretend tenant: neglected, tidy, half-permitted, overprivileged, throttled, broken, or a
    /// scenario file of your own
    #[arg(long, value_name = "NAME", default_value = "neglected")]
    pub scenario: String,
    /// Listen on this port (and the next one); any free ones without it
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Where the CA certificate and the estate file go; a new temporary directory without it
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}
