//! `/beta/reports`: when credentials and service principals last signed in.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::paging::{list, unsupported_filter};
use super::resources::Resource;
use super::{Refused, no_segment};
use crate::model::Cloud;
use crate::sim::names;
use crate::sim::odata::Filter;
use crate::sim::scenario::{AppSecret, Application, ResourceName, Spelling};
use crate::sim::tokens::Caller;
use crate::sim::wire::{Answer, Call};
use crate::sim::world::{World, timestamp};

/// As many requests as one application may send to the reports of one tenant ..
const MOST: usize = 5;
/// .. in so many seconds.
const WINDOW: i64 = 10;

const PERMISSION: &str = "AuditLog.Read.All";

/// Who asked for reports, and when.
#[derive(Debug, Default)]
pub(in crate::sim) struct ReportLimit(Mutex<BTreeMap<String, VecDeque<DateTime<Utc>>>>);

impl ReportLimit {
    /// Counts a request; where it is one too many, the seconds to wait.
    fn take(&self, who: String, now: DateTime<Utc>) -> Result<(), i64> {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let times = asked.entry(who).or_default();
        let window = Duration::seconds(WINDOW);
        while times.front().is_some_and(|first| *first + window <= now) {
            times.pop_front();
        }
        match times.front() {
            Some(first) if times.len() >= MOST => {
                // Rounded up: who waits as long is let in.
                Err(((*first + window - now).num_milliseconds() + 999) / 1000)
            }
            _ => {
                times.push_back(now);
                Ok(())
            }
        }
    }
}

pub(super) fn answer(
    world: &World,
    cloud: Cloud,
    caller: &Caller,
    call: &Call,
    path: &[&str],
) -> Result<Answer, Refused> {
    let (rows, keys): (fn(&World, &Caller) -> Vec<Value>, &[&str]) = match path {
        // Documented for the global service only. How others refuse is not known.
        _ if cloud != Cloud::Public => return Err(no_segment(path)),
        ["appCredentialSignInActivities"] => (credentials, &["keyId", "appId"]),
        ["servicePrincipalSignInActivities"] => (principals, &["appId"]),
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
    if let Some(text) = call.query("$filter") {
        match Filter::parse(text) {
            Some(Filter::Equals(field, _)) if keys.contains(&field.as_str()) => {}
            _ => return Err(unsupported_filter()),
        }
    }
    let name = path.first().copied().unwrap_or_default();
    let context = format!("https://{}/beta/$metadata#reports/{name}", call.host);
    list(world, call, &context, rows(world, caller))
}

/// One line for each credential that was used.
fn credentials(world: &World, caller: &Caller) -> Vec<Value> {
    let mut rows = Vec::new();
    for application in super::directory::clients(world, caller) {
        for secret in application.secrets.iter().filter(|secret| !secret.removed) {
            if let Some(days) = secret.used_days_ago {
                rows.push(credential(world, application, secret, days));
            }
        }
    }
    rows
}

fn credential(world: &World, application: &Application, secret: &AppSecret, days: i64) -> Value {
    let key = names::guid("credential", &secret.label);
    let origin = if secret.on_service_principal {
        "servicePrincipal"
    } else {
        "application"
    };
    let object =
        (!application.only_principal).then(|| names::guid("application", &application.name));
    let end = super::objects::end(world, secret.ends_in_days);
    let mut row = json!({
        "appId": application.client_id,
        "appObjectId": object,
        "credentialOrigin": origin,
        "id": STANDARD.encode(format!("{key}|{origin}")),
        "keyId": key,
        "keyUsage": "verify",
        "resourceId": Resource::of(ResourceName::DynamicsCrm).object_id(&application.tenant),
        "servicePrincipalObjectId": names::guid("service-principal", &application.name),
        "signInActivity": activity(world, days, &secret.label),
    });
    match world.scenario.graph.report_spelling {
        Spelling::Documented => {
            row["createdDateTime"] = timestamp(world.day(-secret.started_days_ago)).into();
            row["expirationDateTime"] = end.into();
            row["keyType"] = "clientSecret".into();
        }
        Spelling::Example => {
            row["expirationDate"] = end.into();
            row["keyType"] = "secret".into();
        }
    }
    row
}

/// One line for each service principal that signed in.
fn principals(world: &World, caller: &Caller) -> Vec<Value> {
    super::directory::clients(world, caller)
        .filter_map(|application| {
            let used = application.secrets.iter();
            let used = used.filter(|secret| !secret.removed);
            let last = used.filter_map(|secret| secret.used_days_ago).min();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_requests_in_ten_seconds_are_one_too_many() {
        let limit = ReportLimit::default();
        let start: DateTime<Utc> = "2026-11-21T06:00:00Z".parse().expect("a date");
        let at = |seconds| start + Duration::seconds(seconds);
        let take = |who: &str, seconds| limit.take(who.to_owned(), at(seconds));
        for seconds in 0..5 {
            assert_eq!(take("a", seconds), Ok(()));
        }
        assert_eq!(take("a", 5), Err(5));
        // Others have a limit of their own, and the first request leaves the window.
        assert_eq!(take("b", 5), Ok(()));
        assert_eq!(take("a", 11), Ok(()));
        assert_eq!(take("a", 11), Ok(()));
        assert_eq!(take("a", 11), Err(1));
    }
}
