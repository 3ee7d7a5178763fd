//! What a run is told from outside: its id, its deadline, who watches, and the auditor's variables.
#![expect(
    clippy::disallowed_methods,
    reason = "the auditor's variables are read from the process environment, once, in `from_env`"
)]

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::watch;

use crate::estate::Production;
use crate::evidence::Snapshot;
use crate::model::{IsolationProbe, Service};

/// Graph takes five report requests of one application and tenant in this time (throttling limits, "reports").
pub const REPORT_SPAN: Duration = Duration::from_secs(10);

/// Everything a run needs besides the estate.
#[derive(Clone)]
pub struct Options {
    /// The last run's snapshot: what `prove = "on-change"` may repeat, and which sign-ins were the audit's.
    pub previous: Option<Arc<Snapshot>>,
    /// Which credentials are tried on other environments than their own.
    pub isolation: IsolationProbe,
    /// Where expectations that writing is refused are to be probed: everything that must not be touched, of
    /// the whole estate, however little of it this run looks at.
    pub probe_writes: Option<Production>,
    /// GUID; also sent in the User-Agent, so that sign-in logs show which calls were the audit's.
    pub run: String,
    /// Only the demo and tests build it: no flag and no file can.
    pub trust: Option<Trust>,
    pub environment: AuditorVariables,
    /// For the whole run.
    pub deadline: Duration,
    /// The time over which Graph counts report requests: [`REPORT_SPAN`], and less where a test is the tenant.
    pub report_span: Duration,
    pub progress: Arc<dyn Progress>,
    /// Turns true when the run should end early: what was not asked by then is a gap.
    pub cancel: Option<watch::Receiver<bool>>,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("run", &self.run)
            .field("trust", &self.trust)
            .field("environment", &self.environment)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// The pretend tenant: trust exactly this CA, and find every host at this address.
#[derive(Clone, Debug)]
pub struct Trust {
    pub ca_pem: String,
    pub connect: SocketAddr,
}

/// The environment variables that say who the auditor is.
#[derive(Clone, Debug, Default)]
pub struct AuditorVariables {
    /// `AZURE_TENANT_ID`.
    pub tenant_id: Option<String>,
    /// `AZURE_CLIENT_ID`.
    pub client_id: Option<String>,
    /// `AZURE_CLIENT_SECRET`.
    pub client_secret: Option<SecretString>,
    /// `AZURE_CLIENT_CERTIFICATE_PATH`: private key and certificate, in PEM or PKCS#12.
    pub certificate_path: Option<PathBuf>,
    /// `AZURE_CLIENT_CERTIFICATE_PASSWORD`: opens a PKCS#12 file.
    pub certificate_password: Option<SecretString>,
    /// `AZURE_FEDERATED_TOKEN_FILE`.
    pub federated_token_file: Option<PathBuf>,
    /// `IDENTITY_ENDPOINT`: set where App Service, Functions or Container Apps run the audit.
    pub identity_endpoint: Option<String>,
    pub pipelines: PipelinesVariables,
}

/// What an `AzureCLI@2` step of Azure Pipelines sets.
#[derive(Clone, Debug, Default)]
pub struct PipelinesVariables {
    /// `AZURESUBSCRIPTION_TENANT_ID`.
    pub tenant_id: Option<String>,
    /// `AZURESUBSCRIPTION_CLIENT_ID`.
    pub client_id: Option<String>,
    /// `AZURESUBSCRIPTION_SERVICE_CONNECTION_ID`.
    pub service_connection_id: Option<String>,
    /// `SYSTEM_OIDCREQUESTURI`.
    pub oidc_request_uri: Option<String>,
    /// `SYSTEM_ACCESSTOKEN`.
    pub access_token: Option<SecretString>,
}

impl AuditorVariables {
    /// Reads the process environment. An empty variable counts as not set.
    pub fn from_env() -> Self {
        Self {
            tenant_id: variable("AZURE_TENANT_ID"),
            client_id: variable("AZURE_CLIENT_ID"),
            client_secret: variable("AZURE_CLIENT_SECRET").map(SecretString::from),
            certificate_path: variable("AZURE_CLIENT_CERTIFICATE_PATH").map(PathBuf::from),
            certificate_password: variable("AZURE_CLIENT_CERTIFICATE_PASSWORD")
                .map(SecretString::from),
            federated_token_file: variable("AZURE_FEDERATED_TOKEN_FILE").map(PathBuf::from),
            identity_endpoint: variable("IDENTITY_ENDPOINT"),
            pipelines: PipelinesVariables {
                tenant_id: variable("AZURESUBSCRIPTION_TENANT_ID"),
                client_id: variable("AZURESUBSCRIPTION_CLIENT_ID"),
                service_connection_id: variable("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"),
                oidc_request_uri: variable("SYSTEM_OIDCREQUESTURI"),
                access_token: variable("SYSTEM_ACCESSTOKEN").map(SecretString::from),
            },
        }
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Who watches the run. Called from many tasks at once.
pub trait Progress: Send + Sync {
    /// So many more requests to this service are under way or waiting.
    fn planned(&self, service: Service, requests: u32);
    /// One of them has ended, however it ended.
    fn done(&self, service: Service);
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn planned(&self, _: Service, _: u32) {}
    fn done(&self, _: Service) {}
}
