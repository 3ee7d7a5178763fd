//! `credaudit init`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::common::duration;
use crate::estate::Identity;
use crate::reference::cloud::Cloud;

#[derive(Args, Debug)]
#[command(
    after_help = "Exits with 0 if everything was listed, and with 11 if not: what is missing is then in the file's head and on the terminal, with what to do.\n\nExamples:\n  credaudit init --demo\n  az login && credaudit init --identity azure-cli\n  credaudit init --environment https://contoso.crm4.dynamics.com\n  credaudit init --vault https://kv-contoso.vault.azure.net\n  credaudit init --update            # shows what is new\n  credaudit init --update --write    # and writes it"
)]
pub struct Init {
    /// Where to write the estate. Default: estate.toml; in the demo, standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Add what is new to an existing estate. Comments and everything written by hand stay. Shows the difference,
    /// and writes nothing without --write
    #[arg(long)]
    pub update: bool,
    /// Write what --update shows
    #[arg(long, requires = "update")]
    pub write: bool,
    /// Which identity to sign in with: auto (the first of these that there is), environment (AZURE_TENANT_ID, AZURE_CLIENT_ID and a
    /// secret or certificate), workload-identity, managed-identity, azure-cli (whoever ran `az login`),
    /// azure-pipelines
    #[arg(long, value_name = "IDENTITY", default_value = "auto", value_parser = identity)]
    pub identity: Identity,
    /// The client id of a user-assigned managed identity, or of a workload identity
    #[arg(long, value_name = "GUID")]
    pub client_id: Option<String>,
    /// The tenant. Default: AZURE_TENANT_ID, or the one that the identity signs in to
    #[arg(long, value_name = "GUID")]
    pub tenant: Option<String>,
    /// The cloud of the tenant: public, us-government, us-dod, china
    #[arg(long, value_name = "CLOUD", default_value = "public", value_parser = cloud)]
    pub cloud: Cloud,
    /// Also read this environment (Dataverse or Finance & Operations); may be given several times
    #[arg(long = "environment", value_name = "URL")]
    pub environments: Vec<String>,
    /// Also read this key vault; may be given several times
    #[arg(long = "vault", value_name = "URL")]
    pub vaults: Vec<String>,
    /// Also read the values in the vaults, to find the registration that each belongs to: Entra shows how a secret
    /// begins, and the thumbprint of a certificate. No value leaves this process
    #[arg(long)]
    pub match_values: bool,
    /// Stop reading after this long (90s, 10m, 1h) and write what was found so far
    #[arg(long, value_name = "TIME", default_value = "20m", value_parser = duration)]
    pub deadline: Duration,
    /// Read the built-in demo tenant
    #[arg(long, conflicts_with_all = ["identity", "client_id", "tenant", "cloud", "environments", "vaults"])]
    pub demo: bool,
    /// Read this built-in demo tenant
    #[arg(long, value_name = "NAME", conflicts_with_all = ["identity", "client_id", "tenant", "cloud"])]
    pub scenario: Option<String>,
}

pub(super) fn identity(text: &str) -> Result<Identity, String> {
    word(text, "identity")
}

pub(super) fn cloud(text: &str) -> Result<Cloud, String> {
    word(text, "cloud")
}

fn word<T: crate::model::Word>(text: &str, what: &str) -> Result<T, String> {
    T::from_word(text).ok_or_else(|| {
        let all: Vec<&str> = T::WORDS.iter().map(|one| one.word()).collect();
        format!(
            "`{text}` is not a known {what}; write one of {}",
            all.join(", ")
        )
    })
}
