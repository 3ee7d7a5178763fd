//! Whose token a request to Azure Resource Manager carries, and which subscriptions it reads.

use std::collections::BTreeSet;

use super::error;
use crate::sim::clouds::Cloud;
use crate::sim::names::guid;
use crate::sim::scenario::Tenant;
use crate::sim::tokens::{Caller, TokenFault};
use crate::sim::wire::{Answer, Call};
use crate::sim::world::World;

/// Who asks.
pub(super) struct Asker<'w> {
    pub caller: Caller,
    pub tenant_key: &'w str,
    pub tenant: &'w Tenant,
    name: &'w str,
}

/// A subscription of a tenant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Subscription<'w> {
    /// As the scenario calls it.
    pub label: &'w str,
    pub id: String,
}

impl<'w> Asker<'w> {
    /// Codes and words as Azure Resource Manager's answers have them.
    pub(super) fn of(world: &'w World, cloud: Cloud, call: &Call) -> Result<Self, Answer> {
        let refuse = |code: &str, text: &str| {
            let challenge = format!(
                "Bearer authorization_uri=\"https://{}/\", error=\"invalid_token\", error_description=\"{text}\"",
                cloud.login()
            );
            error(401, code, text).with("www-authenticate", challenge)
        };
        let token = call.bearer().ok_or_else(|| {
            let text = "Authentication failed. The 'Authorization' header is missing.";
            refuse("AuthenticationFailed", text)
        })?;
        let caller = world
            .key
            .verify(token, world.now())
            .map_err(|fault| match fault {
                TokenFault::Expired => {
                    let text = "The access token expiry UTC time is earlier than current UTC time.";
                    refuse("ExpiredAuthenticationToken", text)
                }
                TokenFault::Invalid => {
                    refuse("InvalidAuthenticationToken", "The access token is invalid.")
                }
            })?;
        let resources = cloud.management_resources();
        let known = world.tenant_of(&caller);
        let known = known.filter(|(_, tenant)| tenant.cloud == cloud);
        let Some((tenant_key, tenant)) =
            known.filter(|_| resources.iter().any(|resource| caller.is_for(resource)))
        else {
            let text = format!(
                "The access token has been obtained for wrong audience or resource '{}'. It should exactly match with one of the allowed audiences '{}'.",
                caller.aud,
                resources.join("','")
            );
            return Err(refuse("InvalidAuthenticationTokenAudience", &text));
        };
        let name = world.name_of(&caller).unwrap_or_default();
        Ok(Self {
            caller,
            tenant_key,
            tenant,
            name,
        })
    }

    /// The subscriptions it reads, by name.
    pub(super) fn subscriptions(&self, world: &'w World) -> Vec<Subscription<'w>> {
        let discovery = &world.scenario.discovery;
        if !discovery.reads_subscriptions(&world.scenario.auditor, self.name) {
            return Vec::new();
        }
        let vaults = world.scenario.vaults.values();
        let here = vaults.filter(|vault| vault.tenant == self.tenant_key);
        let labels = here.filter_map(|vault| vault.subscription.as_deref());
        // Every tenant has one.
        let labels: BTreeSet<&str> = labels.chain([self.tenant_key]).collect();
        let unreadable = &discovery.unreadable_subscriptions;
        labels
            .into_iter()
            .filter(|label| !unreadable.iter().any(|known| known == label))
            .map(|label| Subscription {
                label,
                id: guid("subscription", label),
            })
            .collect()
    }
}
