//! A vault of another tenant, and an entry of which one version is meant.

use serde_json::json;

use super::super::cloud::Reply;
use super::super::tenant::estate;
use super::{HOST, NAME, entry, forbidden, raia, seen, vault_path};
use crate::model::GapKind;

/// A vault of another tenant than Dynamics: its auditor's token is asked for there, and nobody else's.
#[tokio::test]
async fn a_vault_of_another_tenant_is_asked_with_that_tenants_token() {
    const OTHER: &str = "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0002";
    let mut estate = estate();
    let mut other = estate.tenants["contoso"].clone();
    other.id = OTHER.to_owned();
    estate.tenants.insert("fabrikam".into(), other);
    let vault = estate.vaults.get_mut("crm").expect("a vault");
    vault.tenant = Some("fabrikam".into());
    let path = format!("/{OTHER}/oauth2/v2.0/token");
    let own = path.clone();
    let (snapshot, calls) = seen(estate, move |call| {
        (call.host.starts_with("login.") && call.path == own).then(|| {
            Reply::json(
                200,
                &json!({"token_type": "Bearer", "expires_in": 3599,
                    "access_token": super::super::tenant::token("https://vault.azure.net", super::super::tenant::AUDITOR)}),
            )
        })
    })
    .await;
    assert!(entry(&snapshot).content.known().is_some());
    let for_vault: Vec<&str> = calls
        .iter()
        .filter(|call| call.host.starts_with("login.") && call.body.contains("vault.azure.net"))
        .map(|call| call.path.as_str())
        .collect();
    assert_eq!(for_vault, [path.as_str()]);
}

/// A pinned version is the one that is read; the list, which tells of current versions, says nothing of it.
#[tokio::test]
async fn a_pinned_version_is_read_by_its_own_address() {
    const OLD: &str = "fedcba9876543210fedcba9876543210";
    let pinned = || {
        let mut estate = estate();
        estate.registrations[0].stored_mut().version = Some(OLD.to_owned());
        estate
    };
    let address = format!("/secrets/raia-secret/{OLD}");
    let own = address.clone();
    let (snapshot, calls) = seen(pinned(), move |call| {
        (vault_path(call)? == own).then(|| {
            Reply::json(
                200,
                &json!({"value": super::super::tenant::VALUE, "id": format!("{HOST}/secrets/{NAME}/{OLD}"),
                    "attributes": {"enabled": true, "created": 1_600_000_000}}),
            )
        })
    })
    .await;
    let attributes = entry(&snapshot).attributes.known().expect("read");
    assert_eq!(attributes.version.as_deref(), Some(OLD));
    let current = calls.iter().filter_map(vault_path);
    assert_eq!(
        current
            .filter(|path| *path == "/secrets/raia-secret")
            .count(),
        0
    );

    let own = address.clone();
    let (snapshot, _) = seen(pinned(), move |call| {
        (vault_path(call)? == own).then(forbidden)
    })
    .await;
    let gap = raia(&snapshot).entry.gap().expect("the list does not tell");
    assert_eq!(gap.kind, GapKind::Denied);
}
