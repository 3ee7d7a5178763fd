//! `/beta/reports`: when credentials and service principals last signed in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::paging::{list, unsupported_filter};
use super::{Refused, no_segment};
use crate::sim::catalogue::{Resource, ResourceName};
use crate::sim::clouds::Cloud;
use crate::sim::names;
use crate::sim::odata::Filter;
use crate::sim::scenario::{Application, KeyUsage, Spelling};
use crate::sim::tokens::Caller;
use crate::sim::wire::{Answer, Call};
use crate::sim::world::{World, timestamp};

#[derive(Clone, Copy)]
enum Report {
    Credentials,
    Principals,
}

const PERMISSION: &str = "AuditLog.Read.All";

pub(super) fn answer(
    world: &World,
    cloud: Cloud,
    caller: &Caller,
    call: &Call,
    path: &[&str],
) -> Result<Answer, Refused> {
    // Documented for the global service only. How others refuse is not known.
    let report = match path {
        ["appCredentialSignInActivities"] if cloud == Cloud::Public => Report::Credentials,
        ["servicePrincipalSignInActivities"] if cloud == Cloud::Public => Report::Principals,
        _ => return Err(no_segment(path)),
    };
    // Directory.Read.All alone is refused, whatever the documents say.
    if !caller.roles.iter().any(|role| role == PERMISSION) {
        let message =
            format!("Calling principal does not have required MSGraph permissions {PERMISSION}");
        return Err(Refused(
            403,
            "Authentication_MSGraphPermissionMissing",
            message,
        ));
    }
    if !world.scenario.graph.licensed {
        let message = "Neither tenant is B2C or tenant doesn't have premium license".to_owned();
        let code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant";
        return Err(Refused(403, code, message));
    }
    if world.scenario.graph.report_limit {
        let who = format!("{}/{}", caller.tid, caller.appid);
        if let Err(seconds) = world.report_limit.take(who, world.now()) {
            let message = "Too many requests.".to_owned();
            let refused = Refused(429, "TooManyRequests", message).answer(world, call);
            return Ok(refused.with("retry-after", seconds.to_string()));
        }
    }
    // Filters are documented for `eq` on these alone.
    let keys: &[&str] = match report {
        Report::Credentials => &["keyId", "appId"],
        Report::Principals => &["appId"],
    };
    if let Some(text) = call.query("$filter") {
        match Filter::parse(text) {
            Some(Filter::Equals(field, _)) if keys.contains(&field.as_str()) => {}
            _ => return Err(unsupported_filter()),
        }
    }
    let name = path.first().copied().unwrap_or_default();
    let context = format!("https://{}/beta/$metadata#reports/{name}", call.host);
    let rows = match report {
        Report::Credentials => credentials(world, caller),
        Report::Principals => principals(world, caller),
    };
    list(world, call, &context, rows)
}

/// A credential that was used, as the report sees it.
struct Used<'a> {
    key_id: String,
    /// `keyType`, documented and as in the examples.
    kind: [&'static str; 2],
    usage: KeyUsage,
    label: &'a str,
    days_ago: i64,
    started_days_ago: i64,
    ends_in_days: Option<i64>,
    on_service_principal: bool,
}

/// What the report has a line for.
fn used(application: &Application) -> impl Iterator<Item = Used<'_>> {
    let secrets = application.secrets.iter().filter(|secret| !secret.removed);
    let secrets = secrets.filter_map(|secret| {
        Some(Used {
            key_id: names::guid("credential", &secret.label),
            kind: ["clientSecret", "secret"],
            usage: KeyUsage::Verify,
            label: &secret.label,
            days_ago: secret.used_days_ago?,
            started_days_ago: secret.started_days_ago,
            ends_in_days: secret.ends_in_days,
            on_service_principal: secret.on_service_principal,
        })
    });
    let certificates = application
        .certificates
        .iter()
        .filter(|known| !known.removed);
    let certificates = certificates.filter_map(|known| {
        Some(Used {
            key_id: super::objects::key_id(known),
            kind: ["certificate", "certificate"],
            usage: known.usage,
            label: &known.label,
            days_ago: known.used_days_ago?,
            started_days_ago: known.started_days_ago,
            ends_in_days: Some(known.ends_in_days),
            on_service_principal: known.on_service_principal,
        })
    });
    secrets.chain(certificates)
}

/// One line for each credential that was used.
fn credentials(world: &World, caller: &Caller) -> Vec<Value> {
    super::directory::clients(world, caller)
        .flat_map(|application| used(application).map(|used| credential(world, application, &used)))
        .collect()
}

fn credential(world: &World, application: &Application, used: &Used<'_>) -> Value {
    let origin = if used.on_service_principal {
        "servicePrincipal"
    } else {
        "application"
    };
    let object =
        (!application.only_principal).then(|| names::guid("application", &application.name));
    let end = super::objects::end(world, used.ends_in_days);
    let mut row = json!({
        "appId": application.client_id,
        "appObjectId": object,
        "credentialOrigin": origin,
        "id": STANDARD.encode(format!("{}|{origin}", used.key_id)),
        "keyId": used.key_id,
        "keyUsage": used.usage.as_str().to_lowercase(),
        "resourceId": Resource::of(ResourceName::DynamicsCrm).object_id(&application.tenant),
        "servicePrincipalObjectId": names::guid("service-principal", &application.name),
        "signInActivity": activity(world, used.days_ago, used.label),
    });
    let [documented, example] = used.kind;
    match world.scenario.graph.report_spelling {
        Spelling::Documented => {
            row["createdDateTime"] = timestamp(world.day(-used.started_days_ago)).into();
            row["expirationDateTime"] = end.into();
            row["keyType"] = documented.into();
        }
        Spelling::Example => {
            row["expirationDate"] = end.into();
            row["keyType"] = example.into();
        }
    }
    row
}

/// One line for each service principal that signed in.
fn principals(world: &World, caller: &Caller) -> Vec<Value> {
    super::directory::clients(world, caller)
        .filter_map(|application| {
            let last = used(application).map(|used| used.days_ago).min();
            let days = application.signed_in_days_ago.or(last)?;
            let activity = activity(world, days, &application.name);
            Some(json!({
                "appId": application.client_id,
                "applicationAuthenticationClientSignInActivity": activity,
                "applicationAuthenticationResourceSignInActivity": null,
                "delegatedClientSignInActivity": null,
                "delegatedResourceSignInActivity": null,
                "id": STANDARD.encode(&application.client_id),
                "lastSignInActivity": activity,
            }))
        })
        .collect()
}

fn activity(world: &World, days_ago: i64, label: &str) -> Value {
    json!({
        "lastSignInDateTime": timestamp(world.ago(days_ago)),
        "lastSignInRequestId": names::guid("sign-in", label),
    })
}
