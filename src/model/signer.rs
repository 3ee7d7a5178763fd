//! Who signed in: what a refusal means to do depends on whose it was.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whose sign-in it was, and with what.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Signer {
    /// An integration, with the credential that its vault entry holds.
    Integration,
    /// The auditor, with `AZURE_CLIENT_SECRET`.
    AuditorSecret,
    /// The auditor, with the certificate that `AZURE_CLIENT_CERTIFICATE_PATH` names.
    AuditorCertificate,
    /// The auditor, as whoever logged in with the Azure CLI: a person, or a pipeline.
    AzureCli,
    /// The auditor, with the token in the file that `AZURE_FEDERATED_TOKEN_FILE` names.
    WorkloadIdentity,
    /// The auditor, as the machine's or the service's own identity.
    ManagedIdentity,
    /// The auditor, by a service connection of Azure Pipelines.
    AzurePipelines,
}

impl Signer {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Integration,
        Self::AuditorSecret,
        Self::AuditorCertificate,
        Self::AzureCli,
        Self::WorkloadIdentity,
        Self::ManagedIdentity,
        Self::AzurePipelines,
    ];

    /// The word used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Integration => "integration",
            Self::AuditorSecret => "auditor-secret",
            Self::AuditorCertificate => "auditor-certificate",
            Self::AzureCli => "azure-cli",
            Self::WorkloadIdentity => "workload-identity",
            Self::ManagedIdentity => "managed-identity",
            Self::AzurePipelines => "azure-pipelines",
        }
    }
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
