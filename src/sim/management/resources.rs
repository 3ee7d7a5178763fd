//! What stands in subscriptions, as Azure Resource Graph's table `resources` shows it: key vaults, and in each
//! subscription a storage account, which is no vault.

use serde_json::{Value, json};

use super::asker::{Asker, Subscription};
use crate::sim::names::guid;
use crate::sim::scenario::Vault;
use crate::sim::world::World;

/// The columns of the table ("Azure Resource Graph table and resource type reference").
pub(super) const COLUMNS: &[&str] = &[
    "id",
    "name",
    "type",
    "tenantId",
    "kind",
    "location",
    "resourceGroup",
    "subscriptionId",
    "managedBy",
    "sku",
    "plan",
    "properties",
    "tags",
    "identity",
    "zones",
    "extendedLocation",
];

/// The rows of these subscriptions.
pub(super) fn rows(
    world: &World,
    asker: &Asker<'_>,
    subscriptions: &[Subscription<'_>],
) -> Vec<Value> {
    let vaults = subscriptions.iter().flat_map(|subscription| {
        let all = world.scenario.vaults.iter();
        let indexed = all.filter(|(_, vault)| {
            let own = vault.subscription.as_deref().unwrap_or(asker.tenant_key);
            vault.tenant == asker.tenant_key
                && own == subscription.label
                && vault.seen_by_resource_graph
        });
        indexed.map(|(name, vault)| key_vault(asker, subscription, name, vault))
    });
    let accounts = subscriptions
        .iter()
        .map(|subscription| storage_account(asker, subscription));
    vaults.chain(accounts).collect()
}

fn key_vault(
    asker: &Asker<'_>,
    subscription: &Subscription<'_>,
    name: &str,
    vault: &Vault,
) -> Value {
    let host = format!("{name}.{}", asker.tenant.cloud.vault());
    let mut properties = json!({
        "vaultUri": format!("https://{host}/"),
        "tenantId": asker.tenant.id,
        "sku": { "family": "A", "name": "standard" },
        "accessPolicies": [],
        "enableRbacAuthorization": !vault.access_policies,
        "enableSoftDelete": true,
        "softDeleteRetentionInDays": 90,
        "enabledForDeployment": false,
        "provisioningState": "Succeeded",
        "publicNetworkAccess": "Enabled",
    });
    // It is there when it is on, and never false.
    if !vault.purgeable {
        properties["enablePurgeProtection"] = true.into();
    }
    let path = format!("Microsoft.KeyVault/vaults/{name}");
    row(
        asker,
        subscription,
        &path,
        "microsoft.keyvault/vaults",
        &properties,
    )
}

fn storage_account(asker: &Asker<'_>, subscription: &Subscription<'_>) -> Value {
    let digits = guid("storage", subscription.label).replace('-', "");
    let path = format!("Microsoft.Storage/storageAccounts/st{}", &digits[..12]);
    let kind = "microsoft.storage/storageaccounts";
    row(
        asker,
        subscription,
        &path,
        kind,
        &json!({ "provisioningState": "Succeeded" }),
    )
}

fn row(
    asker: &Asker<'_>,
    subscription: &Subscription<'_>,
    path: &str,
    kind: &str,
    properties: &Value,
) -> Value {
    let id = &subscription.id;
    json!({
        "id": format!("/subscriptions/{id}/resourceGroups/integration/providers/{path}"),
        "name": path.rsplit('/').next(),
        "type": kind,
        "tenantId": asker.tenant.id,
        "kind": "",
        "location": "westeurope",
        "resourceGroup": "integration",
        "subscriptionId": id,
        "managedBy": "",
        "sku": null,
        "plan": null,
        "properties": properties,
        "tags": {},
        "identity": null,
        "zones": null,
        "extendedLocation": null,
    })
}
