//! The links of the auditor's chain: each is a credential of the Azure SDK, or why there is none.

use std::path::Path;
use std::sync::Arc;

use azure_core::cloud::CustomConfiguration;
use azure_core::credentials::{Secret, TokenCredential};
use azure_core::http::{ClientOptions, RetryOptions, Transport};
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, AzurePipelinesCredential,
    AzurePipelinesCredentialOptions, ClientAssertionCredential, ClientAssertionCredentialOptions,
    ClientSecretCredential, ClientSecretCredentialOptions, ManagedIdentityCredential,
    ManagedIdentityCredentialOptions, UserAssignedId, WorkloadIdentityCredential,
    WorkloadIdentityCredentialOptions,
};
use secrecy::{ExposeSecret, SecretString};

use super::certificate::CertificateAssertion;
use super::local::{LocalTransport, PipelinesTransport};
use super::promises::Promises;
use crate::collect::entra::api::endpoint;
use crate::collect::entra::screen::screen;
use crate::collect::http::{SdkTransport, Wire};
use crate::collect::options::AuditorVariables;
use crate::estate::{Auditor, Identity, Tenant};
use crate::evidence::CertificateFacts;
use crate::model::{Service, Signer};

/// The first identity that this machine has. One that is promised by its variables is the last that is tried:
/// where it fails, nobody else signs in in its place.
fn auto(ground: &Ground<'_>) -> Vec<Link> {
    let promises = Promises::of(ground.variables);
    let promised = |link: Link, promise: Option<&'static str>| Link { promise, ..link };
    vec![
        promised(environment(ground), promises.environment),
        promised(workload_identity(ground), promises.workload_identity),
        promised(
            managed_identity(ground, Pick::First),
            promises.managed_identity,
        ),
        azure_cli(ground),
    ]
}

/// One link: its name, and the credential or the sentence that says why there is none.
pub(super) struct Link {
    pub(super) name: &'static str,
    pub(super) credential: Result<Arc<dyn TokenCredential>, String>,
    /// Said beside its answer: which tenant was taken instead of which.
    pub(super) note: Option<String>,
    /// Who signs in by it: whose remedy a refusal takes.
    pub(super) signer: Signer,
    /// Whose it can be.
    pub(super) holder: Holder,
    /// What it sends, where that is in memory.
    pub(super) own: Option<OwnCredential>,
    /// The variable that promises this identity: where it fails, no other is tried.
    pub(super) promise: Option<&'static str>,
    /// Whether its tokens say when they expire by the services' clock, rather than how long they last.
    pub(super) by_services_clock: bool,
}

/// How a managed identity was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pick {
    /// By its name in the estate.
    Named,
    /// As the first of several that may be there.
    First,
}

/// Who may answer through a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// An application or a managed identity, always.
    Application,
    /// Whoever signed in: a person for one.
    Anybody,
}

/// The credential that the audit itself signs in with. It never leaves memory.
pub(super) enum OwnCredential {
    Secret(SecretString),
    Certificate(CertificateFacts),
}

/// Everything a link is built from.
pub(super) struct Ground<'a> {
    pub(super) wire: &'a Arc<Wire>,
    pub(super) variables: &'a AuditorVariables,
    pub(super) tenant: &'a Tenant,
    pub(super) auditor: &'a Auditor,
    /// Whether this runs against the pretend tenant: then nothing outside it is asked.
    pub(super) pretend: bool,
}

/// The links of one identity, in the order they are tried.
pub(super) fn links(ground: &Ground<'_>) -> Vec<Link> {
    match ground.auditor.identity {
        Identity::Auto => auto(ground),
        Identity::Environment => vec![environment(ground)],
        Identity::WorkloadIdentity => vec![workload_identity(ground)],
        Identity::ManagedIdentity => vec![managed_identity(ground, Pick::Named)],
        Identity::AzureCli => vec![azure_cli(ground)],
        Identity::AzurePipelines => vec![azure_pipelines(ground)],
    }
}

fn client_options(ground: &Ground<'_>) -> ClientOptions {
    let login = ground.tenant.cloud.hosts().login;
    let mut cloud = CustomConfiguration::default();
    cloud.authority_host = format!("https://{login}");
    let transport = login_transport(ground);
    ClientOptions {
        transport: Some(Transport::new(Arc::new(transport))),
        // The transport itself retries, within the run's limits.
        retry: RetryOptions::none(),
        // Beats AZURE_AUTHORITY_HOST: the authority comes from the table of clouds only.
        cloud: Some(Arc::new(cloud.into())),
        ..ClientOptions::default()
    }
}

/// What a token is asked for with. What is no token endpoint's answer does not reach the SDK.
fn login_transport(ground: &Ground<'_>) -> SdkTransport {
    let login = ground.tenant.cloud.hosts().login;
    let mut transport = SdkTransport::new(Arc::clone(ground.wire), Service::Entra, login);
    transport.screen = Some(screen);
    transport
}

/// The estate's tenant wins over a variable's; the difference is said.
fn tenant_note(ground: &Ground<'_>, variable: Option<&String>) -> Option<String> {
    let other = variable.filter(|id| !id.eq_ignore_ascii_case(&ground.tenant.id))?;
    Some(format!(
        "signs in to the estate's tenant {} instead of AZURE_TENANT_ID {other}",
        ground.tenant.id
    ))
}

/// A constructor's refusal without its text: only what the caller knows is said.
fn built<T: TokenCredential + 'static>(
    credential: azure_core::Result<Arc<T>>,
    otherwise: &str,
) -> Result<Arc<dyn TokenCredential>, String> {
    credential
        .map(|credential| credential as Arc<dyn TokenCredential>)
        .map_err(|_| otherwise.to_owned())
}

fn environment(ground: &Ground<'_>) -> Link {
    let variables = ground.variables;
    let mut own = None;
    let mut credential = || -> Result<Arc<dyn TokenCredential>, String> {
        let client_id = variables
            .client_id
            .clone()
            .ok_or("AZURE_CLIENT_ID is not set")?;
        some_tenant(ground)?;
        if let Some(secret) = &variables.client_secret {
            own = Some(OwnCredential::Secret(secret.clone()));
            let options = ClientSecretCredentialOptions {
                client_options: client_options(ground),
            };
            return built(
                ClientSecretCredential::new(
                    &ground.tenant.id,
                    client_id,
                    Secret::new(secret.expose_secret().to_owned()),
                    Some(options),
                ),
                "AZURE_CLIENT_ID or AZURE_CLIENT_SECRET cannot be used",
            );
        }
        let path = variables
            .certificate_path
            .as_deref()
            .ok_or("neither AZURE_CLIENT_SECRET nor AZURE_CLIENT_CERTIFICATE_PATH is set")?;
        certificate(ground, client_id, path, &mut own)
    };
    let credential = credential();
    Link {
        name: "environment",
        signer: match (&variables.client_secret, &variables.certificate_path) {
            (None, Some(_)) => Signer::AuditorCertificate,
            _ => Signer::AuditorSecret,
        },
        credential,
        note: tenant_note(ground, variables.tenant_id.as_ref()),
        holder: Holder::Application,
        own,
        promise: None,
        by_services_clock: false,
    }
}

fn certificate(
    ground: &Ground<'_>,
    client_id: String,
    path: &Path,
    own: &mut Option<OwnCredential>,
) -> Result<Arc<dyn TokenCredential>, String> {
    let assertion = CertificateAssertion::from_file(
        path,
        ground.variables.certificate_password.as_ref(),
        client_id.clone(),
        endpoint(ground.tenant),
    )?
    .timed_by(ground.wire);
    *own = Some(OwnCredential::Certificate(assertion.facts().clone()));
    let options = ClientAssertionCredentialOptions {
        client_options: client_options(ground),
    };
    built(
        ClientAssertionCredential::new(
            ground.tenant.id.clone(),
            client_id,
            assertion,
            Some(options),
        ),
        "AZURE_CLIENT_ID cannot be used",
    )
}

fn workload_identity(ground: &Ground<'_>) -> Link {
    let variables = ground.variables;
    let credential = || -> Result<Arc<dyn TokenCredential>, String> {
        let file = variables
            .federated_token_file
            .clone()
            .ok_or("AZURE_FEDERATED_TOKEN_FILE is not set")?;
        let client_id = ground
            .auditor
            .client_id
            .clone()
            .or_else(|| variables.client_id.clone())
            .ok_or("AZURE_CLIENT_ID is not set, and the estate names no client-id")?;
        some_tenant(ground)?;
        let options = WorkloadIdentityCredentialOptions {
            credential_options: ClientAssertionCredentialOptions {
                client_options: client_options(ground),
            },
            client_id: Some(client_id),
            tenant_id: Some(ground.tenant.id.clone()),
            token_file_path: Some(file),
        };
        built(
            WorkloadIdentityCredential::new(Some(options)),
            "the file that AZURE_FEDERATED_TOKEN_FILE names cannot be read",
        )
    };
    Link {
        name: "workload identity",
        signer: Signer::WorkloadIdentity,
        credential: credential(),
        note: tenant_note(ground, variables.tenant_id.as_ref()),
        holder: Holder::Application,
        own: None,
        promise: None,
        by_services_clock: false,
    }
}

fn managed_identity(ground: &Ground<'_>, pick: Pick) -> Link {
    let variables = ground.variables;
    // As the SDKs' own chains do: AZURE_CLIENT_ID says which of a machine's identities is meant.
    let from_variable = variables.client_id.clone().filter(|_| pick == Pick::First);
    let probe = pick == Pick::First && Promises::of(variables).managed_identity.is_none();
    let credential = || -> Result<Arc<dyn TokenCredential>, String> {
        let transport = LocalTransport::new(variables.identity_endpoint.as_deref(), probe)?;
        let options = ManagedIdentityCredentialOptions {
            user_assigned_id: ground
                .auditor
                .client_id
                .clone()
                .or(from_variable)
                .map(UserAssignedId::ClientId),
            client_options: ClientOptions {
                transport: Some(Transport::new(Arc::new(transport))),
                retry: RetryOptions::none(),
                ..ClientOptions::default()
            },
        };
        built(
            ManagedIdentityCredential::new(Some(options)),
            "this kind of managed identity is not supported (only virtual machines, App Service, Functions and Container Apps are)",
        )
    };
    Link {
        name: "managed identity",
        signer: Signer::ManagedIdentity,
        credential: offline(ground).and_then(|()| credential()),
        note: None,
        holder: Holder::Application,
        own: None,
        promise: None,
        by_services_clock: true,
    }
}

fn azure_cli(ground: &Ground<'_>) -> Link {
    let options = AzureCliCredentialOptions {
        // Without one, the tenant of whoever is logged in.
        tenant_id: some_tenant(ground).ok().map(str::to_owned),
        ..AzureCliCredentialOptions::default()
    };
    Link {
        name: "Azure CLI",
        signer: Signer::AzureCli,
        credential: offline(ground).and_then(|()| {
            built(
                AzureCliCredential::new(Some(options)),
                "the tenant id cannot be used",
            )
        }),
        note: None,
        holder: Holder::Anybody,
        own: None,
        promise: None,
        by_services_clock: true,
    }
}

fn azure_pipelines(ground: &Ground<'_>) -> Link {
    let variables = &ground.variables.pipelines;
    let set = |value: &Option<String>, name: &str| {
        value.clone().ok_or_else(|| {
            format!(
                "{name} is not set; run the audit in an AzureCLI task of the service connection"
            )
        })
    };
    let credential = || -> Result<Arc<dyn TokenCredential>, String> {
        let client_id = set(&variables.client_id, "AZURESUBSCRIPTION_CLIENT_ID")?;
        let connection = set(
            &variables.service_connection_id,
            "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",
        )?;
        let uri = set(&variables.oidc_request_uri, "SYSTEM_OIDCREQUESTURI")?;
        let token = variables
            .access_token
            .as_ref()
            .ok_or("SYSTEM_ACCESSTOKEN is not set; map it in the step's env")?;
        let login = client_options(ground);
        let transport = PipelinesTransport::new(login_transport(ground), &uri)?;
        let options = AzurePipelinesCredentialOptions {
            credential_options: ClientAssertionCredentialOptions {
                client_options: ClientOptions {
                    transport: Some(Transport::new(Arc::new(transport))),
                    ..login
                },
            },
        };
        built(
            AzurePipelinesCredential::new(
                ground.tenant.id.clone(),
                client_id,
                &connection,
                token.expose_secret().to_owned(),
                Some(options),
            ),
            "the pipeline's variables cannot be used",
        )
    };
    Link {
        name: "Azure Pipelines",
        signer: Signer::AzurePipelines,
        credential: offline(ground).and_then(|()| credential()),
        note: tenant_note(ground, variables.tenant_id.as_ref()),
        holder: Holder::Application,
        own: None,
        promise: None,
        by_services_clock: false,
    }
}

/// The tenant, where it is known: `init` may be about to ask which one it is.
fn some_tenant<'g>(ground: &Ground<'g>) -> Result<&'g str, String> {
    match ground.tenant.id.as_str() {
        "" => Err("AZURE_TENANT_ID is not set, and no --tenant is given".to_owned()),
        id => Ok(id),
    }
}

/// Against the pretend tenant no identity of the real world is asked: its token would go astray.
fn offline(ground: &Ground<'_>) -> Result<(), String> {
    if ground.pretend {
        return Err("not asked in a demo".to_owned());
    }
    Ok(())
}
