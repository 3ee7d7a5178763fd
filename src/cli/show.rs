//! `credaudit show`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::common::{AnswerFormat, Judging, duration};

#[derive(Args, Debug)]
#[command(
    after_help = "Without a file it audits this registration only, as `audit --registration NAME` does, and keeps nothing. \
                  Ends with 0 whatever is wrong, and with 2 where the estate has no such registration.\n\n\
                  Examples:\n  credaudit show erp-bridge --demo\n  credaudit show raia-contact-sync\n  credaudit show raia-contact-sync --snapshot snapshot.json -p strict\n  credaudit show raia-contact-sync --assessment last.json"
)]
pub struct Show {
    /// A registration's name, its client id, or its name as Entra and Dataverse show it
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The estate file. Default: as for `audit`
    #[arg(short, long = "config", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Look in this snapshot instead, without network
    #[arg(long, value_name = "FILE", conflicts_with_all = ["config", "demo"])]
    pub snapshot: Option<PathBuf>,
    /// Look in this assessment or JSON report instead, without network
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["config", "demo", "snapshot", "policy", "as_of", "fail_on"]
    )]
    pub assessment: Option<PathBuf>,
    /// Look in the built-in demo tenant
    #[arg(long, conflicts_with = "config")]
    pub demo: bool,
    #[command(flatten)]
    pub judging: Judging,
    /// Stop reading after this long (90s, 10m, 1h) and show what was read until then
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub deadline: Duration,
    /// How to print it: json is the report of this registration
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: AnswerFormat,
}
