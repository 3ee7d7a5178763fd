//! Microsoft Graph: applications, service principals and what they may, policies, `$batch`; the beta reports.

mod batch;
mod directory;
mod federated;
mod grants;
mod me;
mod objects;
mod odd_dates;
mod paging;
mod people;
mod policies;
mod reports;
mod resources;
mod send_mail;

use axum::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::odata;
use super::tokens::Caller;
use super::wire::{Answer, Call};
use super::world::{World, timestamp};
use crate::sim::clouds::Cloud;

/// Permissions that let a caller read applications.
const READ_APPLICATIONS: &[&str] = &[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];

/// Permissions that let a caller read delegated grants.
const READ_GRANTS: &[&str] = &[
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "DelegatedPermissionGrant.Read.All",
    "DelegatedPermissionGrant.ReadWrite.All",
];

const OPTIONS: &[&str] = &[
    "$select",
    "$filter",
    "$expand",
    "$top",
    "$count",
    "$skiptoken",
];

/// Answers for the Graph hosts.
pub(super) fn answer(world: &World, cloud: Cloud, call: &Call) -> Answer {
    let answer = match judged(world, cloud, call) {
        Ok(answer) => answer,
        Err(refused) => refused.answer(world, call),
    };
    if world.scenario.graph.odd_dates {
        odd_dates::rewritten(answer)
    } else {
        answer
    }
}

/// Status, code and message.
struct Refused(u16, &'static str, String);

impl Refused {
    fn answer(&self, world: &World, call: &Call) -> Answer {
        error(world, call, self.0, self.1, &self.2)
    }
}

fn not_there(key: &str) -> Refused {
    let message = format!(
        "Resource '{key}' does not exist or one of its queried reference-property objects are not present."
    );
    Refused(404, "Request_ResourceNotFound", message)
}

fn no_segment(path: &[&str]) -> Refused {
    let segment = path.first().copied().unwrap_or_default();
    let message = format!("Resource not found for the segment '{segment}'.");
    Refused(400, "BadRequest", message)
}

/// Whether the caller has one of these permissions.
fn allowed(caller: &Caller, permissions: &[&str]) -> Result<(), Refused> {
    let has = |role: &String| permissions.contains(&role.as_str());
    if caller.roles.iter().any(has) {
        return Ok(());
    }
    let message = "Insufficient privileges to complete the operation.".to_owned();
    Err(Refused(403, "Authorization_RequestDenied", message))
}

fn judged(world: &World, cloud: Cloud, call: &Call) -> Result<Answer, Refused> {
    let caller = caller(world, cloud, call)?;
    let segments = call.segments();
    match (&call.method, segments.as_slice()) {
        (&Method::POST, [version @ ("v1.0" | "beta"), "$batch"]) => {
            batch::answer(world, cloud, call, version)
        }
        (&Method::POST, ["v1.0", "users", mailbox, "sendMail"]) => {
            send_mail::answer(world, &caller, call, mailbox)
        }
        (&Method::GET, ["v1.0", rest @ ..]) => {
            options(call)?;
            match rest {
                ["me"] => me::answer(world, &caller, call),
                ["policies", rest @ ..] => policies::answer(world, &caller, call, rest),
                ["oauth2PermissionGrants"] => directory::delegated(world, &caller, call),
                _ => directory::answer(world, &caller, call, rest),
            }
        }
        (&Method::GET, ["beta", "reports", rest @ ..]) => {
            options(call)?;
            reports::answer(world, cloud, &caller, call, rest)
        }
        (&Method::GET, ["beta", rest @ ..]) => {
            options(call)?;
            directory::answer(world, &caller, call, rest)
        }
        (&Method::GET, _) => Err(Refused(400, "BadRequest", "Invalid version.".to_owned())),
        _ => {
            let message = "The simulator takes no writes.".to_owned();
            Err(Refused(405, "Request_BadRequest", message))
        }
    }
}

/// Ignoring an option would give a wrong answer.
fn options(call: &Call) -> Result<(), Refused> {
    let Some(option) = odata::unknown_option(&call.query, OPTIONS) else {
        return Ok(());
    };
    let message = format!("The query option '{option}' is not supported by the simulator.");
    Err(Refused(400, "Request_UnsupportedQuery", message))
}

fn caller(world: &World, cloud: Cloud, call: &Call) -> Result<Caller, Refused> {
    let refused = |message: &str| Refused(401, "InvalidAuthenticationToken", message.to_owned());
    let token = call
        .bearer()
        .ok_or_else(|| refused("Access token is empty."))?;
    let mut caller = world
        .key
        .verify(token, world.now())
        .map_err(|fault| match fault {
            super::tokens::TokenFault::Expired => {
                refused("Lifetime validation failed, the token is expired.")
            }
            super::tokens::TokenFault::Invalid => refused("Access token validation failure."),
        })?;
    let own = format!("https://{}", cloud.graph());
    if !caller.is_for(&own) && !caller.is_for("00000003-0000-0000-c000-000000000000") {
        return Err(refused(
            "Access token validation failure. Invalid audience.",
        ));
    }
    if caller.scp.is_some() {
        caller.roles = me::permissions(world, &caller);
    }
    Ok(caller)
}

/// `https://graph.microsoft.com/v1.0/$metadata`, or that of beta.
fn metadata(call: &Call) -> String {
    let version = if is_beta(call) { "beta" } else { "v1.0" };
    format!("https://{}/{version}/$metadata", call.host)
}

/// Whether the request wants an advanced query.
fn is_eventual(call: &Call) -> bool {
    let level = call.header("consistencylevel").unwrap_or_default();
    level.eq_ignore_ascii_case("eventual")
}

/// Whether `@odata.count` is given: for the tenant's delegated grants to advanced queries only.
fn is_counted(call: &Call) -> bool {
    let of_grants = call.segments().get(1) == Some(&"oauth2PermissionGrants");
    call.query("$count") == Some("true") && (!of_grants || is_eventual(call))
}

fn is_beta(call: &Call) -> bool {
    call.segments().first() == Some(&"beta")
}

/// `applications`, or with `$select` `applications(id,appId)`: as a context names what it describes.
fn described(call: &Call, set: &str) -> String {
    match call.query("$select").filter(|select| *select != "*") {
        Some(select) => format!("{set}({})", select.replace(' ', "")),
        None => set.to_owned(),
    }
}

fn found(body: &Value) -> Answer {
    Answer::json(200, body)
        .with(
            "content-type",
            "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
        )
        .with("odata-version", "4.0")
        .with("x-ms-resource-unit", "2")
}

fn error(world: &World, call: &Call, status: u16, code: &str, message: &str) -> Answer {
    let id = Uuid::new_v4().to_string();
    let client = call.header("client-request-id").unwrap_or(&id).to_owned();
    let date = timestamp(world.now());
    let body = json!({ "error": {
        "code": code,
        "message": message,
        "innerError": {
            "date": date.trim_end_matches('Z'),
            "request-id": id,
            "client-request-id": client,
        },
    } });
    let answer = Answer::json(status, &body).with("request-id", id);
    if status == 401 {
        return answer.with("www-authenticate", "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", client_id=\"00000003-0000-0000-c000-000000000000\"");
    }
    answer
}
