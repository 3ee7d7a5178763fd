//! `credaudit remind`.

use clap::Args;

use super::common::{ExitZero, Judging, Reading, Scope};

#[derive(Args, Debug)]
#[command(
    after_help = "Audits, then sends one mail to each person for whom something is due: a credential has reached a reminder date \
                  (the policy's days before it expires), or was renewed. Each reminder date is mailed once. What was sent is \
                  kept in the history, which must be on.\n\n\
                  Exits with 0 if everybody was mailed, with 11 if the audit is incomplete (every mail says so), and with 1 if \
                  a mail could not be sent; the next run tries it again.\n\n\
                  Examples:\n  credaudit remind\n  credaudit remind --dry-run\n  credaudit remind -c estate.toml --deadline 5m"
)]
pub struct Remind {
    #[command(flatten)]
    pub scope: Scope,
    #[command(flatten)]
    pub judging: Judging,
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub exit_zero: ExitZero,
    /// Print what would be sent; send nothing and remember nothing
    #[arg(long)]
    pub dry_run: bool,
}
