//! Microsoft Graph v1.0: applications, service principals, owners, `$batch`.

mod batch;
mod objects;
mod people;

use axum::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::names;
use super::odata::{self, Filter, keyed};
use super::scenario::Application;
use super::tokens::Caller;
use super::wire::{Answer, Call};
use super::world::{World, timestamp};
use crate::model::Cloud;

/// Permissions that let a caller read applications.
const READ_APPLICATIONS: &[&str] = &[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
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
    match judged(world, cloud, call) {
        Ok(answer) => answer,
        Err(refused) => error(world, call, refused.0, refused.1, &refused.2),
    }
}

/// Status, code and message.
struct Refused(u16, &'static str, String);

fn judged(world: &World, cloud: Cloud, call: &Call) -> Result<Answer, Refused> {
    let caller = caller(world, cloud, call)?;
    let segments = call.segments();
    match (&call.method, segments.as_slice()) {
        (&Method::POST, ["v1.0", "$batch"]) => batch::answer(world, cloud, call),
        (&Method::GET, ["v1.0", rest @ ..]) => resource(world, &caller, call, rest),
        (&Method::GET, _) => Err(Refused(400, "BadRequest", "Invalid version.".to_owned())),
        _ => {
            let message = "The simulator takes no writes.".to_owned();
            Err(Refused(405, "Request_BadRequest", message))
        }
    }
}

fn caller(world: &World, cloud: Cloud, call: &Call) -> Result<Caller, Refused> {
    let refused = |message: &str| Refused(401, "InvalidAuthenticationToken", message.to_owned());
    let token = call
        .bearer()
        .ok_or_else(|| refused("Access token is empty."))?;
    let caller = world
        .key
        .verify(token, world.now())
        .map_err(|fault| match fault {
            super::tokens::TokenFault::Expired => {
                refused("Lifetime validation failed, the token is expired.")
            }
            super::tokens::TokenFault::Invalid => refused("Access token validation failure."),
        })?;
    let own = format!("https://{}", cloud.hosts().graph);
    if !caller.is_for(&own) && !caller.is_for("00000003-0000-0000-c000-000000000000") {
        return Err(refused(
            "Access token validation failure. Invalid audience.",
        ));
    }
    Ok(caller)
}

fn resource(world: &World, caller: &Caller, call: &Call, path: &[&str]) -> Result<Answer, Refused> {
    if !caller
        .roles
        .iter()
        .any(|role| READ_APPLICATIONS.contains(&role.as_str()))
    {
        let message = "Insufficient privileges to complete the operation.".to_owned();
        return Err(Refused(403, "Authorization_RequestDenied", message));
    }
    if let Some(option) = odata::unknown_option(&call.query, OPTIONS) {
        let message = format!("The query option '{option}' is not supported by the simulator.");
        return Err(Refused(400, "Request_UnsupportedQuery", message));
    }
    let kind = path
        .first()
        .and_then(|first| Kind::of(first))
        .ok_or_else(|| {
            let segment = path.first().copied().unwrap_or_default();
            let message = format!("Resource not found for the segment '{segment}'.");
            Refused(400, "BadRequest", message)
        })?;
    let context = |rest: &str| format!("https://{}/v1.0/$metadata#{}{rest}", call.host, kind.set());
    // `applications/{id}/..` and `applications(appId='..')/..` are one object.
    let (object, rest) = match (keyed(path[0]), path.get(1)) {
        (Some((_, field, key)), _) => (Some((field.unwrap_or("id"), key)), &path[1..]),
        (None, Some(&"$count")) => return Ok(count(world, caller, kind)),
        (None, Some(key)) => (Some(("id", *key)), &path[2..]),
        (None, None) => (None, &path[1..]),
    };
    let Some((field, key)) = object else {
        return list(world, caller, call, kind, &context(""));
    };
    let application = of_tenant(world, caller, kind)
        .into_iter()
        .find(|known| {
            let own = match field {
                "appId" => known.client_id.clone(),
                _ => kind.object_id(known),
            };
            own.eq_ignore_ascii_case(key)
        })
        .ok_or_else(|| {
            let message = format!(
                "Resource '{key}' does not exist or one of its queried reference-property objects are not present."
            );
            Refused(404, "Request_ResourceNotFound", message)
        })?;
    match rest {
        [] => {
            let mut row = shown(world, caller, call, kind, application, true)?;
            row["@odata.context"] = context("/$entity").into();
            Ok(found(&row))
        }
        ["owners"] => {
            let owners: Vec<Value> = people::owners(world, caller, application)
                .iter()
                .map(|owner| odata::selected(owner, call.query("$select")))
                .collect();
            let context = format!("https://{}/v1.0/$metadata#directoryObjects", call.host);
            Ok(found(
                &json!({ "@odata.context": context, "value": owners }),
            ))
        }
        // No scenario has any.
        ["federatedIdentityCredentials"] if kind == Kind::Application => Ok(found(
            &json!({ "@odata.context": context("/federatedIdentityCredentials"), "value": [] }),
        )),
        _ => {
            let segment = rest.first().copied().unwrap_or_default();
            let message = format!("Resource not found for the segment '{segment}'.");
            Err(Refused(400, "BadRequest", message))
        }
    }
}

/// The two collections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Application,
    ServicePrincipal,
}

impl Kind {
    fn of(segment: &str) -> Option<Self> {
        match segment.split('(').next() {
            Some("applications") => Some(Self::Application),
            Some("servicePrincipals") => Some(Self::ServicePrincipal),
            _ => None,
        }
    }

    const fn set(self) -> &'static str {
        match self {
            Self::Application => "applications",
            Self::ServicePrincipal => "servicePrincipals",
        }
    }

    fn object_id(self, application: &Application) -> String {
        let kind = match self {
            Self::Application => "application",
            Self::ServicePrincipal => "service-principal",
        };
        names::guid(kind, &application.name)
    }

    const fn type_name(self) -> &'static str {
        match self {
            Self::Application => "microsoft.graph.application",
            Self::ServicePrincipal => "microsoft.graph.servicePrincipal",
        }
    }

    fn row(self, world: &World, application: &Application) -> Value {
        match self {
            Self::Application => objects::application(world, application),
            Self::ServicePrincipal => objects::service_principal(world, application),
        }
    }
}

fn of_tenant<'a>(world: &'a World, caller: &Caller, kind: Kind) -> Vec<&'a Application> {
    world
        .scenario
        .applications
        .iter()
        .filter(|application| {
            let exists = match kind {
                Kind::Application => application.registered,
                Kind::ServicePrincipal => application.registered && application.service_principal,
            };
            let tenant = world.tenant(&application.tenant);
            exists && tenant.is_some_and(|tenant| tenant.id.eq_ignore_ascii_case(&caller.tid))
        })
        .collect()
}

fn list(
    world: &World,
    caller: &Caller,
    call: &Call,
    kind: Kind,
    context: &str,
) -> Result<Answer, Refused> {
    let filter = match call.query("$filter") {
        Some(text) => Some(Filter::parse(text).ok_or_else(|| {
            Refused(
                400,
                "Request_UnsupportedQuery",
                "Unsupported or invalid query filter clause specified.".to_owned(),
            )
        })?),
        None => None,
    };
    let switches = &world.scenario.graph;
    let page = match call.query("$top").map(str::parse::<usize>) {
        None => switches.page,
        Some(Ok(top)) if (1..=999).contains(&top) => top.min(switches.largest_page),
        Some(_) => {
            let message =
                "Invalid page size specified. Must be between 1 and 999 inclusive.".to_owned();
            return Err(Refused(400, "Request_UnsupportedQuery", message));
        }
    };
    let matching: Vec<&Application> = of_tenant(world, caller, kind)
        .into_iter()
        .filter(|known| {
            filter
                .as_ref()
                .is_none_or(|filter| filter.matches(&kind.row(world, known)))
        })
        .collect();
    let skip = call.skip();
    let mut rows = Vec::new();
    for application in matching.iter().skip(skip).take(page) {
        rows.push(shown(world, caller, call, kind, application, false)?);
    }
    let mut body = json!({ "@odata.context": context });
    if call.query("$count") == Some("true") {
        body["@odata.count"] = matching.len().into();
    }
    if skip + page < matching.len() {
        let token = format!("RFNwdAIAAQAAACM6QXBwbGljYXRpb25f-{}", skip + page);
        body["@odata.nextLink"] = call.link_with_skiptoken(&call.host, &token).into();
    }
    body["value"] = rows.into();
    Ok(found(&body))
}

/// One object as the request wants to see it.
fn shown(
    world: &World,
    caller: &Caller,
    call: &Call,
    kind: Kind,
    application: &Application,
    alone: bool,
) -> Result<Value, Refused> {
    let mut row = kind.row(world, application);
    let names_keys = call
        .query("$select")
        .is_some_and(|select| select.contains("keyCredentials"));
    if !(alone && names_keys) {
        objects::hide_keys(&mut row);
    }
    // A property added lately: naming it is no mistake where it is not shown yet.
    let known = |field: &str| row.get(field).is_some() || field == "isDisabled";
    if let Some(field) = odata::fields(call.query("$select")).find(|field| !known(field)) {
        let message = format!(
            "Could not find a property named '{field}' on type '{}'.",
            kind.type_name()
        );
        return Err(Refused(400, "BadRequest", message));
    }
    let mut row = odata::selected(&row, call.query("$select"));
    for expand in odata::expands(call.query("$expand").unwrap_or_default()) {
        if expand.name != "owners" {
            let message = format!("Could not find a property named '{}'.", expand.name);
            return Err(Refused(400, "BadRequest", message));
        }
        let owners: Vec<Value> = people::owners(world, caller, application)
            .iter()
            .take(20)
            .map(|owner| odata::selected(owner, expand.select))
            .collect();
        row["owners"] = owners.into();
    }
    Ok(row)
}

fn count(world: &World, caller: &Caller, kind: Kind) -> Answer {
    let count = of_tenant(world, caller, kind).len();
    Answer::text(200, count.to_string()).with("content-type", "text/plain")
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
