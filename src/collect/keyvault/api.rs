//! Asking a vault through the Azure SDK: its list, and single secrets.

use std::collections::BTreeMap;
use std::sync::Arc;

use azure_core::error::ErrorKind;
use azure_core::http::{ClientOptions, RetryOptions, Transport};
use azure_security_keyvault_secrets::models::{Secret, SecretAttributes, SecretProperties};
use azure_security_keyvault_secrets::{ResourceExt, SecretClient, SecretClientOptions};
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use secrecy::SecretString;

use crate::collect::http::{SdkTransport, Wire, gap_in, vault_code};
use crate::collect::identity::{Auditor, VaultCredential};
use crate::evidence::{EntryAttributes, ListedSecret};
use crate::model::{Cloud, Gap, GapKind, Listing, Service};

/// One vault and the auditor who reads it.
pub(crate) struct VaultReader {
    wire: Arc<Wire>,
    auditor: Arc<Auditor>,
    pub(crate) host: String,
    client: Result<SecretClient, Gap>,
}

/// A secret as it was read.
pub(crate) struct ReadSecret {
    pub(crate) attributes: EntryAttributes,
    pub(crate) value: SecretString,
}

/// What an error of the SDK says, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VaultError {
    /// The vault answered: status, Key Vault's own code, length of the body.
    Answered {
        status: u16,
        code: Option<String>,
        length: usize,
    },
    /// Nothing that could be read was answered.
    Gap(Gap),
}

impl VaultReader {
    /// `purposes`: whose request the read of a secret is, by secret name.
    pub(crate) fn new(
        wire: &Arc<Wire>,
        auditor: &Arc<Auditor>,
        cloud: Cloud,
        host: &str,
        purposes: BTreeMap<String, String>,
    ) -> Self {
        let mut transport = SdkTransport::new(Arc::clone(wire), Service::KeyVault, host);
        transport.purposes = purposes;
        let credential = VaultCredential {
            auditor: Arc::clone(auditor),
            scope: format!("{}/.default", cloud.hosts().vault_resource),
        };
        let options = SecretClientOptions {
            client_options: ClientOptions {
                transport: Some(Transport::new(Arc::new(transport))),
                // The transport itself retries, within the run's limits.
                retry: RetryOptions::none(),
                ..ClientOptions::default()
            },
            verify_challenge_resource: Some(true),
            ..SecretClientOptions::default()
        };
        let client = SecretClient::new(
            &format!("https://{host}"),
            Arc::new(credential),
            Some(options),
        )
        .map_err(|_| {
            Gap::new(
                GapKind::Malformed,
                format!("{host} is no address of a key vault"),
            )
        });
        Self {
            wire: Arc::clone(wire),
            auditor: Arc::clone(auditor),
            host: host.to_owned(),
            client,
        }
    }

    /// All pages of the list, by name.
    pub(crate) async fn list(&self) -> Listing<ListedSecret> {
        let mut items = Vec::new();
        let call = format!("the list of secrets in {}", self.host);
        let client = match &self.client {
            Ok(client) => client,
            Err(gap) => return Listing::cut_short(items, gap.clone()),
        };
        let end = match client.list_secret_properties(None) {
            Err(error) => Some(read_error(&error, &call)),
            Ok(mut pager) => loop {
                let next = async { Ok(pager.try_next().await) };
                match self.wire.in_time(&call, next).await {
                    Err(gap) => break Some(VaultError::Gap(gap)),
                    Ok(Err(error)) => break Some(read_error(&error, &call)),
                    Ok(Ok(None)) => break None,
                    Ok(Ok(Some(properties))) => match listed(&properties) {
                        Some(secret) => items.push(secret),
                        None => {
                            break Some(VaultError::Gap(Gap::new(
                                GapKind::Malformed,
                                format!("{call} holds a line without an id or attributes"),
                            )));
                        }
                    },
                }
            },
        };
        items.sort_by(|left, right| left.name.cmp(&right.name));
        let Some(error) = end else {
            return Listing::complete(items);
        };
        let name = self.auditor.name().await;
        let gap = super::map::refused(&call, &self.host, &name, "List", &error);
        if items.is_empty() {
            return Listing::cut_short(items, gap);
        }
        let seen = format!("{call}: {} read, then: {}", items.len(), gap.seen);
        Listing::cut_short(
            items,
            Gap {
                kind: GapKind::Truncated,
                seen,
                remedy: gap.remedy,
                missing: gap.missing,
            },
        )
    }

    /// The current version of one secret.
    pub(crate) async fn get(&self, name: &str) -> Result<ReadSecret, VaultError> {
        let call = self.call(name);
        let client = self
            .client
            .as_ref()
            .map_err(|gap| VaultError::Gap(gap.clone()))?;
        let read = async { Ok(client.get_secret(name, None).await) };
        let response = match self.wire.in_time(&call, read).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(read_error(&error, &call)),
            Err(gap) => return Err(VaultError::Gap(gap)),
        };
        let odd = |what: &str| {
            VaultError::Gap(Gap::new(
                GapKind::Malformed,
                format!("{call} answered 200 with {what}"),
            ))
        };
        let mut secret: Secret = response.into_model().map_err(|_| {
            odd("a body that is no JSON of a secret: cut short, or not the vault's own")
        })?;
        let value = secret
            .value
            .take()
            .map(SecretString::from)
            .ok_or_else(|| odd("no value in it"))?;
        let version = secret.resource_id().ok().and_then(|id| id.version);
        let attributes = secret
            .attributes
            .as_ref()
            .and_then(|attributes| {
                attributes_of(
                    attributes,
                    version,
                    secret.content_type.clone(),
                    secret.managed,
                )
            })
            .ok_or_else(|| odd("no attributes in it"))?;
        Ok(ReadSecret { attributes, value })
    }

    /// A read in a reader's words.
    pub(crate) fn call(&self, name: &str) -> String {
        format!("the read of secret {name} in {}", self.host)
    }

    /// Words for a refused read.
    pub(crate) async fn refused(&self, name: &str, error: &VaultError) -> Gap {
        let auditor = self.auditor.name().await;
        super::map::refused(&self.call(name), &self.host, &auditor, "Get", error)
    }
}

fn listed(properties: &SecretProperties) -> Option<ListedSecret> {
    let id = properties.resource_id().ok()?;
    let attributes = properties.attributes.as_ref()?;
    Some(ListedSecret {
        name: id.name,
        attributes: attributes_of(
            attributes,
            id.version,
            properties.content_type.clone(),
            properties.managed,
        )?,
    })
}

/// `None` where the vault does not say whether the secret is enabled.
fn attributes_of(
    attributes: &SecretAttributes,
    version: Option<String>,
    content_type: Option<String>,
    managed: Option<bool>,
) -> Option<EntryAttributes> {
    Some(EntryAttributes {
        version,
        enabled: attributes.enabled?,
        not_before: attributes
            .not_before
            .and_then(|date| moment(date.unix_timestamp())),
        expires: attributes
            .expires
            .and_then(|date| moment(date.unix_timestamp())),
        created: attributes
            .created
            .and_then(|date| moment(date.unix_timestamp())),
        updated: attributes
            .updated
            .and_then(|date| moment(date.unix_timestamp())),
        content_type,
        managed: managed.unwrap_or(false),
        recovery_level: None,
        tags: Vec::new(),
        owner: None,
    })
}

fn moment(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
}

/// Reads an SDK error by its parts. Its text may quote the answer and is never used.
fn read_error(error: &azure_core::Error, call: &str) -> VaultError {
    if let Some(gap) = gap_in(error) {
        return VaultError::Gap(gap);
    }
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(ErrorKind::HttpResponse {
            status,
            raw_response,
            ..
        }) = current
            .downcast_ref::<azure_core::Error>()
            .map(azure_core::Error::kind)
        {
            let body: &[u8] = raw_response.as_ref().map_or(&[], |raw| raw.body().as_ref());
            let code = serde_json::from_slice(body)
                .ok()
                .and_then(|body| vault_code(&body));
            return VaultError::Answered {
                status: u16::from(*status),
                code,
                length: body.len(),
            };
        }
        cause = current.source();
    }
    VaultError::Gap(Gap::new(
        GapKind::Malformed,
        format!("{call} was answered with something that is no Key Vault answer"),
    ))
}
