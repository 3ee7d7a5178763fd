//! Who signed in: what a refusal means to do depends on whose it was.

use crate::model::word::words;

words! {
    /// Whose sign-in it was, and with what.
    pub enum Signer {
        /// An integration, with the credential that its vault entry holds.
        Integration = "integration",
        /// The auditor, with `AZURE_CLIENT_SECRET`.
        AuditorSecret = "auditor-secret",
        /// The auditor, with the certificate that `AZURE_CLIENT_CERTIFICATE_PATH` names.
        AuditorCertificate = "auditor-certificate",
        /// The auditor, as whoever logged in with the Azure CLI: a person, or a pipeline.
        AzureCli = "azure-cli",
        /// The auditor, with the token in the file that `AZURE_FEDERATED_TOKEN_FILE` names.
        WorkloadIdentity = "workload-identity",
        /// The auditor, as the machine's or the service's own identity.
        ManagedIdentity = "managed-identity",
        /// The auditor, by a service connection of Azure Pipelines.
        AzurePipelines = "azure-pipelines",
    }
}
