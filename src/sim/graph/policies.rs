//! `/v1.0/policies`: what the tenant allows credentials to be.

use serde_json::{Value, json};

use super::objects;
use super::paging::list;
use super::{Refused, allowed, found, no_segment, not_there};
use crate::sim::names;
use crate::sim::scenario::{Application, CustomPolicy, Restrictions};
use crate::sim::tokens::Caller;
use crate::sim::wire::{Answer, Call};
use crate::sim::world::{World, timestamp};

/// Permissions that let a caller read the policies.
pub(super) const READ_POLICIES: &[&str] = &[
    "Policy.Read.ApplicationConfiguration",
    "Policy.Read.All",
    "Policy.ReadWrite.ApplicationConfiguration",
];

/// And whom they apply to: the documents name these, each beside one that reads applications.
const READ_APPLIES_TO: &[&str] = &[
    "Policy.Read.All",
    "Policy.ReadWrite.ApplicationConfiguration",
];

pub(super) fn answer(
    world: &World,
    caller: &Caller,
    call: &Call,
    path: &[&str],
) -> Result<Answer, Refused> {
    allowed(caller, READ_POLICIES)?;
    let metadata = format!("https://{}/v1.0/$metadata", call.host);
    match path {
        ["defaultAppManagementPolicy"] => {
            let mut row = default(world, caller);
            row["@odata.context"] =
                format!("{metadata}#policies/defaultAppManagementPolicy/$entity").into();
            Ok(found(&row))
        }
        ["appManagementPolicies"] => {
            let rows = custom(world, caller).map(|policy| shown(world, policy));
            let context = format!("{metadata}#policies/appManagementPolicies");
            list(world, call, &context, rows.collect())
        }
        ["appManagementPolicies", id, rest @ ..] => {
            let policy = custom(world, caller)
                .find(|policy| policy_id(policy).eq_ignore_ascii_case(id))
                .ok_or_else(|| not_there(id))?;
            match rest {
                [] => {
                    let mut row = shown(world, policy);
                    row["@odata.context"] =
                        format!("{metadata}#policies/appManagementPolicies/$entity").into();
                    Ok(found(&row))
                }
                ["appliesTo"] => {
                    allowed(caller, READ_APPLIES_TO)?;
                    allowed(caller, super::READ_APPLICATIONS)?;
                    let rows = applies_to(world, policy);
                    list(world, call, &format!("{metadata}#directoryObjects"), rows)
                }
                _ => Err(no_segment(rest)),
            }
        }
        _ => Err(no_segment(path)),
    }
}

/// The custom policies that apply to an application.
pub(super) fn of_application(
    world: &World,
    caller: &Caller,
    application: &Application,
) -> Vec<Value> {
    custom(world, caller)
        .filter(|policy| policy.applies_to.contains(&application.name))
        .map(|policy| shown(world, policy))
        .collect()
}

fn custom<'a>(world: &'a World, caller: &Caller) -> impl Iterator<Item = &'a CustomPolicy> {
    let tenant = world.tenant_of(caller).map(|(_, tenant)| tenant);
    tenant
        .into_iter()
        .flat_map(|tenant| &tenant.app_management.custom)
}

fn policy_id(policy: &CustomPolicy) -> String {
    names::guid("app-management-policy", &policy.name)
}

fn default(world: &World, caller: &Caller) -> Value {
    let policy = world
        .tenant_of(caller)
        .map(|(_, tenant)| tenant.app_management.default.clone())
        .unwrap_or_default();
    let restrictions = restrictions(world, policy.restrictions());
    json!({
        "id": "00000000-0000-0000-0000-000000000000",
        "displayName": "Default app management tenant policy",
        "description": "Default tenant policy that enforces app management restrictions on applications and service principals. To apply policy to targeted resources, create a new policy under appManagementPolicies collection.",
        "isEnabled": policy.enabled,
        "applicationRestrictions": restrictions,
        "servicePrincipalRestrictions": restrictions,
    })
}

fn shown(world: &World, policy: &CustomPolicy) -> Value {
    json!({
        "id": policy_id(policy),
        "displayName": policy.name,
        "description": null,
        "isEnabled": policy.enabled,
        "restrictions": restrictions(world, policy.restrictions()),
    })
}

fn restrictions(world: &World, wanted: Restrictions) -> Value {
    let since = wanted
        .since_days_ago
        .map(|days| timestamp(world.day(-days)));
    let entry = |kind: &str, days: Option<u32>| {
        json!({
            "restrictionType": kind,
            "state": "enabled",
            "maxLifetime": days.map(|days| format!("P{days}D")),
            "restrictForAppsCreatedAfterDateTime": since,
        })
    };
    let mut passwords = Vec::new();
    if wanted.password_addition_blocked {
        passwords.push(entry("passwordAddition", None));
    }
    if wanted.password_max_days.is_some() {
        passwords.push(entry("passwordLifetime", wanted.password_max_days));
    }
    let mut keys = Vec::new();
    if wanted.key_max_days.is_some() {
        let mut key = entry("asymmetricKeyLifetime", wanted.key_max_days);
        key["certificateBasedApplicationConfigurationIds"] = json!([]);
        keys.push(key);
    }
    json!({ "passwordCredentials": passwords, "keyCredentials": keys })
}

fn applies_to(world: &World, policy: &CustomPolicy) -> Vec<Value> {
    policy
        .applies_to
        .iter()
        .filter_map(|name| world.scenario.application(name))
        .filter(|application| application.registered)
        .map(|application| {
            let mut row = objects::application(world, application);
            objects::hide_keys(&mut row);
            row["@odata.type"] = "#microsoft.graph.application".into();
            row
        })
        .collect()
}
