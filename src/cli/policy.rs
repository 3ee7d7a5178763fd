//! `credaudit policy`.

use clap::{Args, Subcommand};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit policy show baseline\n  credaudit policy show strict > policy.toml"
)]
pub struct Policy {
    #[command(subcommand)]
    pub what: PolicyCommand,
}

/// What to do with policies.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Print a built-in policy, to read it or to begin one of your own with it
    Show {
        /// The name of the policy
        #[arg(id = "name_of_policy", value_name = "NAME", default_value = "baseline")]
        name: String,
    },
}
