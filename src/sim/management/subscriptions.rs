//! `GET /subscriptions`: those on which the caller has a role; whoever has none gets an empty list, and 200.

use serde_json::{Value, json};

use super::asker::{Asker, Subscription};
use super::check_version;
use crate::sim::wire::{Answer, Call};
use crate::sim::world::World;

const VERSIONS: &[&str] = &[
    "2016-06-01",
    "2019-06-01",
    "2020-01-01",
    "2021-01-01",
    "2022-01-01",
    "2022-09-01",
    "2022-12-01",
];

pub(super) fn list(world: &World, asker: &Asker<'_>, call: &Call) -> Result<Answer, Answer> {
    check_version(call, VERSIONS)?;
    let all = asker.subscriptions(world);
    let size = world.scenario.discovery.subscription_page.unwrap_or(1000);
    let skip = call.skip();
    let value: Vec<Value> = all
        .iter()
        .skip(skip)
        .take(size)
        .map(|one| row(asker, one))
        .collect();
    let mut body = json!({ "value": value, "count": { "type": "Total", "value": value.len() } });
    if skip + size < all.len() {
        let token = format!("eyJuZXh0TWFya2VyIjoi-{}", skip + size);
        body["nextLink"] = call.link_with_skiptoken(&call.host, &token).into();
    }
    Ok(Answer::json(200, &body))
}

fn row(asker: &Asker<'_>, subscription: &Subscription<'_>) -> Value {
    json!({
        "id": format!("/subscriptions/{}", subscription.id),
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": subscription.id,
        "tenantId": asker.tenant.id,
        "displayName": subscription.label,
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "EnterpriseAgreement_2014-09-01",
            "spendingLimit": "Off",
        },
    })
}
