//! Microsoft's own SDK for Rust, its checks of the challenge switched on.

use std::sync::Arc;

use azure_core::credentials::Secret;
use azure_core::error::ErrorKind;
use azure_core::http::{ClientOptions, Transport};
use azure_identity::{ClientSecretCredential, ClientSecretCredentialOptions};
use azure_security_keyvault_secrets::models::SecretClientListSecretPropertiesOptions;
use azure_security_keyvault_secrets::{ResourceExt as _, SecretClient, SecretClientOptions};
use futures::TryStreamExt as _;

use super::{Desk, VAULT, desk};

fn options(desk: &Desk) -> ClientOptions {
    ClientOptions {
        transport: Some(Transport::new(Arc::new(desk.http.clone()))),
        ..ClientOptions::default()
    }
}

fn client(desk: &Desk, secret: &str) -> SecretClient {
    let auditor = desk.sim.auditor();
    let credential = ClientSecretCredential::new(
        &auditor.tenant_id,
        auditor.client_id,
        Secret::from(secret.to_owned()),
        Some(ClientSecretCredentialOptions {
            client_options: options(desk),
        }),
    )
    .expect("a credential");
    let options = SecretClientOptions {
        client_options: options(desk),
        ..SecretClientOptions::default()
    };
    SecretClient::new(VAULT, credential, Some(options)).expect("a client")
}

#[tokio::test]
async fn the_sdk_lists_and_reads() {
    let desk = desk("tidy").await;
    let client = client(&desk, &desk.sim.auditor().client_secret);
    let pages = SecretClientListSecretPropertiesOptions {
        maxresults: Some(2),
        ..SecretClientListSecretPropertiesOptions::default()
    };
    let listed = client.list_secret_properties(Some(pages)).expect("a pager");
    let names: Vec<String> = listed
        .and_then(async |item| Ok(item.resource_id()?.name))
        .try_collect()
        .await
        .expect("every page");
    assert_eq!(names.len(), 7, "{names:?}");
    let secret = client
        .get_secret("erp-bridge-secret", None)
        .await
        .expect("read");
    let secret = secret.into_model().expect("a secret");
    assert_eq!(secret.value, Some(crate::sim::names::secret("erp-bridge")));
    assert!(
        secret
            .attributes
            .is_some_and(|attributes| attributes.expires.is_some())
    );
    // One token for all of it.
    let requests = desk.sim.requests();
    let tokens = requests.iter().filter(|seen| seen.method == "POST").count();
    assert_eq!(tokens, 1, "{requests:#?}");
}

#[tokio::test]
async fn the_sdk_sees_why_a_secret_is_refused() {
    let desk = desk("tidy").await;
    let refused = client(&desk, "wrong")
        .get_secret("erp-bridge-secret", None)
        .await;
    let error = refused.err().expect("refused");
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    let mut codes = Vec::new();
    while let Some(error) = cause {
        if let Some(ErrorKind::HttpResponse { error_code, .. }) = error
            .downcast_ref::<azure_core::Error>()
            .map(azure_core::Error::kind)
        {
            codes.extend(error_code.clone());
        }
        cause = error.source();
    }
    assert_eq!(codes, ["7000215"], "{error:?}");
}
