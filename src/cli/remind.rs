//! `credaudit remind`.

use clap::Args;

use super::common::{Judging, Reading, Scope};

#[derive(Args, Debug)]
#[command(
    after_help = "Audits, and sends one message to each person for whom something is due: a credential of theirs that entered a \
                  new band of days before its end, or that was renewed. Each band is told once. What was sent stands in the \
                  history, which must be on.\n\n\
                  Ends with 0 where everybody who had to be told was told, with 11 where the audit is incomplete (every message \
                  says so), with 1 where somebody could not be told: they are tried again next time.\n\n\
                  Examples:\n  credaudit remind\n  credaudit remind --dry-run\n  credaudit remind -c estate.toml --deadline 5m"
)]
pub struct Remind {
    #[command(flatten)]
    pub scope: Scope,
    #[command(flatten)]
    pub judging: Judging,
    #[command(flatten)]
    pub reading: Reading,
    /// Print what would be sent, and send and remember nothing
    #[arg(long)]
    pub dry_run: bool,
}
