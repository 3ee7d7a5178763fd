//! `credaudit audit`.

use std::path::PathBuf;

use clap::Args;

use super::common::{ExitZero, Judging, Output, Reading, Scope};

#[derive(Args, Debug)]
#[command(
    after_help = "Who the audit signs in as: `identity` under [auditor] in the estate, `auto` unless it says otherwise.\n  \
                  auto               the first of these four that is set up\n  \
                  environment        AZURE_TENANT_ID, AZURE_CLIENT_ID, and AZURE_CLIENT_SECRET or\n                     \
                  AZURE_CLIENT_CERTIFICATE_PATH (with AZURE_CLIENT_CERTIFICATE_PASSWORD)\n  \
                  workload-identity  AZURE_FEDERATED_TOKEN_FILE, AZURE_TENANT_ID, AZURE_CLIENT_ID\n  \
                  managed-identity   of the machine; AZURE_CLIENT_ID picks one of several\n  \
                  azure-cli          whoever signed in with `az login`\n  \
                  azure-pipelines    the service connection of an AzureCLI@2 step\n\n\
                  Examples:\n  credaudit audit\n  credaudit audit -c estate.toml -p strict --env prod\n  credaudit audit -o report.json -o report.txt --mail\n  credaudit audit --deadline 5m --fail-on medium\n  credaudit audit --fail-on-new\n  credaudit audit --previous last.json --keep-snapshot last.json"
)]
pub struct Audit {
    #[command(flatten)]
    pub scope: Scope,
    #[command(flatten)]
    pub judging: Judging,
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub output: Output,
    /// Also keep what was read as a snapshot, for --previous of the next run
    #[arg(long, value_name = "FILE")]
    pub keep_snapshot: Option<PathBuf>,
    /// Exit with 10 only if something is new or worse since the last kept run of the same estate, and with 11
    /// only if something can no longer be checked
    #[arg(long)]
    pub fail_on_new: bool,
    #[command(flatten)]
    pub exit_zero: ExitZero,
    /// Do not keep this run in the history
    #[arg(long)]
    pub no_history: bool,
    /// Mail the report, as the [mail] table of the estate says
    #[arg(long)]
    pub mail: bool,
}
