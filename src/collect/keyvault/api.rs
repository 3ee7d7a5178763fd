//! Asking a vault through the Azure SDK: its list, and single secrets.

use std::collections::BTreeMap;
use std::sync::Arc;

use azure_core::http::{ClientOptions, Pager, RetryOptions, Transport};
use azure_security_keyvault_certificates::{CertificateClient, CertificateClientOptions};
use azure_security_keyvault_secrets::models::{
    ListSecretPropertiesResult, Secret, SecretClientGetSecretOptions, SecretProperties,
};
use azure_security_keyvault_secrets::{SecretClient, SecretClientOptions};
use futures::TryStreamExt;
use secrecy::SecretString;

use super::attributes;
use super::error::{VaultError, read_error};
use super::grants::{self, Right};
use super::place::Place;
use crate::collect::http::{SdkTransport, Wire};
use crate::collect::identity::{Auditor, VaultCredential};
use crate::evidence::{EntryAttributes, ListedSecret};
use crate::model::{Gap, GapKind, Listing, Service};
use crate::reference::cloud::Cloud;

/// One vault and the auditor who reads it.
pub(crate) struct VaultReader {
    pub(super) wire: Arc<Wire>,
    pub(super) auditor: Arc<Auditor>,
    pub(crate) host: String,
    pub(super) secrets: Result<SecretClient, Gap>,
    pub(super) certificates: Result<CertificateClient, Gap>,
}

/// A secret as it was read.
pub(crate) struct ReadSecret {
    pub(crate) attributes: EntryAttributes,
    pub(crate) value: SecretString,
}

impl VaultReader {
    /// `purposes`: whose request the read of an entry is, by its name.
    pub(crate) fn new(
        wire: &Arc<Wire>,
        auditor: &Arc<Auditor>,
        cloud: Cloud,
        host: &str,
        purposes: BTreeMap<String, String>,
    ) -> Self {
        let mut transport = SdkTransport::new(Arc::clone(wire), Service::KeyVault, host);
        transport.purposes = purposes;
        let credential = Arc::new(VaultCredential {
            auditor: Arc::clone(auditor),
            scope: format!("{}/.default", cloud.hosts().vault_resource),
        });
        // One transport for both clients: the vault challenges once.
        let client_options = ClientOptions {
            transport: Some(Transport::new(Arc::new(transport))),
            // The transport itself retries, within the run's limits.
            retry: RetryOptions::none(),
            ..ClientOptions::default()
        };
        let root = format!("https://{host}");
        let odd = |_| {
            Gap::new(
                GapKind::Malformed,
                format!("{host} is not the address of a key vault"),
            )
        };
        let secrets = SecretClientOptions {
            client_options: client_options.clone(),
            verify_challenge_resource: Some(true),
            ..SecretClientOptions::default()
        };
        let certificates = CertificateClientOptions {
            client_options,
            verify_challenge_resource: Some(true),
            ..CertificateClientOptions::default()
        };
        let secrets = SecretClient::new(
            &root,
            Arc::<VaultCredential>::clone(&credential),
            Some(secrets),
        );
        let certificates = CertificateClient::new(&root, credential, Some(certificates));
        Self {
            wire: Arc::clone(wire),
            auditor: Arc::clone(auditor),
            host: host.to_owned(),
            secrets: secrets.map_err(odd),
            certificates: certificates.map_err(odd),
        }
    }

    /// All pages of the list, by name.
    pub(crate) async fn list(&self) -> Listing<ListedSecret> {
        let call = format!("the list of secrets in {}", self.host);
        let pager = |client: &SecretClient| client.list_secret_properties(None);
        let place = self.place("secrets", None);
        let line = |properties: &SecretProperties| attributes::listed(place, properties);
        let mut listed = self.pages(&call, pager, line).await;
        listed
            .items
            .sort_by(|left, right| left.name.cmp(&right.name));
        listed
    }

    /// A list to its end, or as far as it goes. `line` is `None` where a line lacks what it must have.
    pub(super) async fn pages<T>(
        &self,
        call: &str,
        pager: impl FnOnce(&SecretClient) -> azure_core::Result<Pager<ListSecretPropertiesResult>>,
        line: impl Fn(&SecretProperties) -> Option<T>,
    ) -> Listing<T> {
        let (mut items, mut begun) = (Vec::new(), false);
        let client = match &self.secrets {
            Ok(client) => client,
            Err(gap) => return Listing::cut_short(items, gap.clone()),
        };
        let mut pages = match pager(client) {
            Ok(pager) => pager.into_pages(),
            Err(error) => {
                let error = read_error(&error, call);
                let gap = self.in_words(call, Right::ListSecrets, &error).await;
                return Listing::cut_short(items, gap);
            }
        };
        let end = loop {
            let next = async { Ok(pages.try_next().await) };
            let page = match self.wire.in_time(call, next).await {
                Err(gap) => break Some(VaultError::Gap(gap)),
                Ok(Err(error)) => break Some(read_error(&error, call)),
                Ok(Ok(None)) => break None,
                Ok(Ok(Some(page))) => page.into_model(),
            };
            if let Err(odd) = take(call, page, &line, &mut items) {
                break Some(odd);
            }
            begun = true;
        };
        let Some(error) = end else {
            return Listing::complete(items);
        };
        let gap = self.in_words(call, Right::ListSecrets, &error).await;
        // A page without a line is a page.
        if !begun && items.is_empty() {
            return Listing::cut_short(items, gap);
        }
        let seen = format!("{call}: {} read, then: {}", items.len(), gap.seen);
        Listing::cut_short(
            items,
            Gap {
                kind: GapKind::Truncated,
                seen: seen.into(),
                ..gap
            },
        )
    }

    /// One version of a secret, the current one without.
    pub(crate) async fn get(
        &self,
        name: &str,
        version: Option<String>,
    ) -> Result<ReadSecret, VaultError> {
        let call = self.call(name);
        let client = self.secrets.as_ref().map_err(VaultError::of)?;
        let options = version.map(|version| SecretClientGetSecretOptions {
            secret_version: Some(version),
            ..SecretClientGetSecretOptions::default()
        });
        let read = async { Ok(client.get_secret(name, options).await) };
        let response = match self.wire.in_time(&call, read).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(read_error(&error, &call)),
            Err(gap) => return Err(VaultError::Gap(gap)),
        };
        let secret = response.into_model().map_err(|_| {
            let what = "a body that is not the JSON of a secret: cut off, or not from the vault";
            VaultError::odd(&call, what)
        })?;
        brought(&call, self.place("secrets", Some(name)), secret)
    }

    pub(super) fn place<'p>(&'p self, collection: &'p str, name: Option<&'p str>) -> Place<'p> {
        Place {
            host: &self.host,
            collection,
            name,
        }
    }

    /// A read in a reader's words.
    pub(crate) fn call(&self, name: &str) -> String {
        format!("the read of secret {name} in {}", self.host)
    }

    /// Words for a refused read.
    pub(crate) async fn refused(&self, name: &str, error: &VaultError) -> Gap {
        self.in_words(&self.call(name), Right::ReadValue, error)
            .await
    }

    /// Words for a call that failed, and the right that it takes.
    pub(super) async fn in_words(&self, call: &str, right: Right, error: &VaultError) -> Gap {
        let auditor = self.auditor.name().await;
        grants::refused(call, &self.host, &auditor, right, error)
    }
}

/// What a read of a secret brought: this very secret, a version of it, its attributes, and its value.
pub(super) fn brought(
    call: &str,
    place: Place<'_>,
    mut secret: Secret,
) -> Result<ReadSecret, VaultError> {
    let odd = |what: &str| VaultError::odd(call, what);
    let value = secret.value.take().map(SecretString::from);
    let version = secret
        .id
        .as_deref()
        .and_then(|id| place.named(id)?.version)
        .ok_or_else(|| odd("an id that is none of this secret"))?;
    let attributes =
        attributes::of_secret(version, &secret).ok_or_else(|| odd("no attributes in it"))?;
    Ok(ReadSecret {
        attributes,
        value: value.ok_or_else(|| odd("no value in it"))?,
    })
}

/// Adds a page's lines, up to the first that lacks what it must have.
fn take<T>(
    call: &str,
    page: azure_core::Result<ListSecretPropertiesResult>,
    line: impl Fn(&SecretProperties) -> Option<T>,
    items: &mut Vec<T>,
) -> Result<(), VaultError> {
    let page = page.map_err(|error| read_error(&error, call))?;
    for properties in &page.value {
        let item = line(properties).ok_or_else(|| {
            VaultError::Gap(Gap::new(
                GapKind::Malformed,
                format!("{call} holds a line without an id or attributes"),
            ))
        })?;
        items.push(item);
    }
    Ok(())
}
