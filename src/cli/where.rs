//! `credaudit where`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::common::{AnswerFormat, duration};

#[derive(Args, Debug)]
#[command(
    after_help = "Exits with 0 if it is found, even if something could not be read (which is shown), and with 2 if not.\n\nExamples:\n  credaudit where raia-contact-sync\n  credaudit where 5b7a2f0e-2d35-4a55-8a64-0d3a51c60001 --inventory\n  credaudit where raia-contact-sync --snapshot snapshot.json\n  credaudit where erp-bridge --demo"
)]
pub struct Where {
    /// A registration's name, a client id, or a name as Entra and Dataverse show it
    #[arg(value_name = "CLIENT-ID|NAME")]
    pub name: String,
    /// The estate file; its services are read now, and no audited credential is used. Default: as for `audit`
    #[arg(short, long = "config", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Look in this snapshot instead, without network
    #[arg(long, value_name = "FILE", conflicts_with_all = ["config", "demo"])]
    pub snapshot: Option<PathBuf>,
    /// Look in the built-in demo tenant
    #[arg(long, conflicts_with = "config")]
    pub demo: bool,
    /// Also find Dynamics-related apps that the estate does not list (as scope = "tenant" does)
    #[arg(long, conflicts_with = "snapshot")]
    pub inventory: bool,
    /// Stop reading after this long (90s, 10m, 1h) and show what was read so far
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub deadline: Duration,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: AnswerFormat,
}
