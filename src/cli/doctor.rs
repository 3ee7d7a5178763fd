//! `credaudit doctor`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::common::{AnswerFormat, duration};
use super::init::{cloud, identity};
use crate::estate::Identity;
use crate::reference::cloud::Cloud;

#[derive(Args, Debug)]
#[command(
    after_help = "Tries each read of an audit once and changes nothing. No credential of a registration is used; of each \
                  vault one value is read, to see whether it can be, and dropped. Without an estate file it looks at the identity, Graph and the network.\n\n\
                  Exits with 0 if everything can be read (a licence that the tenant does not have is shown and does not \
                  count), with 11 if something cannot be read, and with 2 if the configuration is wrong.\n\n\
                  Examples:\n  credaudit doctor\n  credaudit doctor --scenario half-permitted\n  credaudit doctor --mail ann@contoso.com"
)]
pub struct Doctor {
    /// The estate file. Default: the one that CREDAUDIT_CONFIG names, or estate.toml or credaudit.toml in this
    /// folder or one above, if there is one
    #[arg(short, long = "config", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Who signs in, in place of the estate's choice: auto (the first of these that there is), environment
    /// (AZURE_TENANT_ID, AZURE_CLIENT_ID and a secret or certificate), workload-identity, managed-identity,
    /// azure-cli (whoever ran `az login`), azure-pipelines
    #[arg(long, value_name = "IDENTITY", value_parser = identity)]
    pub identity: Option<Identity>,
    /// Which user-assigned managed identity, or workload identity
    #[arg(long, value_name = "GUID", requires = "identity")]
    pub client_id: Option<String>,
    /// Without an estate: the tenant. Default: AZURE_TENANT_ID, or the one that the identity signs in to
    #[arg(long, value_name = "GUID", conflicts_with = "config")]
    pub tenant: Option<String>,
    /// Without an estate: the cloud of the tenant: public, us-government, us-dod, china
    #[arg(long, value_name = "CLOUD", default_value = "public", value_parser = cloud, conflicts_with = "config")]
    pub cloud: Cloud,
    /// Look at the built-in demo tenant
    #[arg(long, conflicts_with_all = ["config", "identity", "tenant", "cloud"])]
    pub demo: bool,
    /// Look at this built-in demo tenant
    #[arg(long, value_name = "NAME", conflicts_with_all = ["config", "identity", "tenant", "cloud"])]
    pub scenario: Option<String>,
    /// Also send a test mail to this address, by the estate's [mail] settings
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["demo", "scenario"])]
    pub mail: Option<String>,
    /// Also send a test message to each of the estate's webhooks
    #[arg(long, conflicts_with_all = ["demo", "scenario"])]
    pub webhook: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: AnswerFormat,
    /// Stop after this long (90s, 10m, 1h) and show what was seen until then
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = duration)]
    pub deadline: Duration,
}
