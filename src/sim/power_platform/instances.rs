//! The Global Discovery service: the organisations in which a signed-in person is an enabled user ("Discover user
//! organizations", 2022-07). It knows no applications (powerplatform-actions#269); how it turns them away is not
//! documented, so each way can be had.

use axum::http::Method;
use serde_json::{Value, json};

use super::{administers, domain_name, user_of};
use crate::sim::clouds::{Platform, region};
use crate::sim::names::guid;
use crate::sim::odata::{self, Filter, keyed};
use crate::sim::scenario::{Environment, ToApplications, User};
use crate::sim::wire::{Answer, Call};
use crate::sim::world::{World, timestamp};

const OPTIONS: &[&str] = &["$select", "$filter", "$top", "$count"];

pub(super) fn answer(world: &World, platform: Platform, call: &Call) -> Result<Answer, Answer> {
    let token = call.bearer().ok_or_else(|| unauthorized(platform))?;
    let caller = world
        .key
        .verify(token, world.now())
        .map_err(|_| unauthorized(platform))?;
    let resource = format!("https://{}", platform.global_discovery());
    let tenant = world
        .tenant_of(&caller)
        .filter(|_| caller.is_for(&resource));
    let (tenant_key, tenant) = tenant.ok_or_else(|| unauthorized(platform))?;
    let person = world.person_of(&caller);
    if person.is_none() {
        match world.scenario.discovery.global_discovery_to_applications {
            ToApplications::Unauthorized => return Err(unauthorized(platform)),
            ToApplications::Forbidden => return Err(message(403, "Access is denied.")),
            ToApplications::EmptyList => {}
        }
    }
    let segments = call.segments();
    let (&Method::GET, ["api", "discovery", "v2.0", rest @ ..]) =
        (&call.method, segments.as_slice())
    else {
        let text = "No HTTP resource was found that matches the request URI.";
        return Err(message(404, text));
    };
    let environments = world.scenario.environments.values();
    let here = environments.filter(|environment| {
        environment.tenant == tenant_key && tenant.cloud.platform_of(&environment.host) == platform
    });
    let rows = here.filter_map(|environment| {
        let user = user_of(environment, person)?;
        Some(row(world, &tenant.id, environment, user))
    });
    match rest {
        [] => Ok(service()),
        ["Instances"] => list(call, rows.collect()),
        [instances] => by_key(call, instances, rows.collect()),
        _ => Err(message(
            404,
            "No HTTP resource was found that matches the request URI.",
        )),
    }
}

/// What a token for something else gets (dynamics-365-customer-engagement#518).
fn unauthorized(platform: Platform) -> Answer {
    let authority = platform.entra().login();
    let challenge = format!("Bearer authorization_uri=https://{authority}/common/oauth2/authorize");
    message(401, "Authorization has been denied for this request.")
        .with("www-authenticate", challenge)
}

fn message(status: u16, text: &str) -> Answer {
    Answer::json(status, &json!({ "Message": text }))
}

/// The address that the service names is one of its machines' inside.
fn context(rest: &str) -> String {
    format!("https://10.0.1.76:20193/api/discovery/v2.0/$metadata{rest}")
}

fn service() -> Answer {
    let set = json!({ "name": "Instances", "kind": "EntitySet", "url": "Instances" });
    found(&json!({ "@odata.context": context(""), "value": [set] }))
}

/// `Instances(..)`: a list as well, of the one.
fn by_key(call: &Call, segment: &str, mut rows: Vec<Value>) -> Result<Answer, Answer> {
    let Some(("Instances", field, key)) = keyed(segment) else {
        return Err(message(
            404,
            "No HTTP resource was found that matches the request URI.",
        ));
    };
    let field = field.unwrap_or("Id");
    if !["Id", "UniqueName", "Region", "State", "Version"].contains(&field) {
        return Err(bad_query(&format!("'{field}' is no key of an instance.")));
    }
    rows.retain(|row| match &row[field] {
        Value::String(text) => text == key,
        Value::Number(number) => key.parse().ok() == number.as_i64(),
        _ => false,
    });
    list(call, rows)
}

fn list(call: &Call, mut rows: Vec<Value>) -> Result<Answer, Answer> {
    if let Some(option) = odata::unknown_option(&call.query, OPTIONS) {
        let text = format!("The query option '{option}' is not supported by the simulator.");
        return Err(bad_query(&text));
    }
    if let Some(text) = call.query("$filter") {
        let filter = Filter::parse(text)
            .ok_or_else(|| bad_query("The query specified in the URI is not valid."))?;
        // Letters of either case differ here.
        rows.retain(|row| filter.matches_exactly(row));
    }
    let count = rows.len();
    if let Some(top) = call.query("$top") {
        let top = top
            .parse()
            .map_err(|_| bad_query("Invalid value for $top."))?;
        rows.truncate(top);
    }
    let select = call.query("$select");
    for field in odata::fields(select) {
        if rows.iter().any(|row| row.get(field).is_none()) {
            let text = format!(
                "Could not find a property named '{field}' on type 'Microsoft.Dynamics.CRM.Instance'."
            );
            return Err(bad_query(&text));
        }
    }
    let shown: Vec<Value> = rows
        .iter()
        .map(|row| odata::selected(row, select))
        .collect();
    let described = match select {
        Some(select) => format!("#Instances({})", select.replace(' ', "")),
        None => "#Instances".to_owned(),
    };
    let mut body = json!({ "@odata.context": context(&described) });
    if call.query("$count") == Some("true") {
        body["@odata.count"] = count.into();
    }
    body["value"] = shown.into();
    Ok(found(&body))
}

fn found(body: &Value) -> Answer {
    Answer::json(200, body)
        .with("content-type", "application/json; odata.metadata=minimal")
        .with("odata-version", "4.0")
}

fn bad_query(text: &str) -> Answer {
    Answer::json(400, &json!({ "error": { "code": "", "message": text } }))
}

fn row(world: &World, tenant: &str, environment: &Environment, user: &User) -> Value {
    let name = domain_name(&environment.host);
    let (_, region_of_host) = environment.host.split_once('.').unwrap_or_default();
    json!({
        "Id": environment.organization_id,
        "UniqueName": format!("unq{name}"),
        "UrlName": name,
        "FriendlyName": environment.friendly_name,
        "State": 0,
        "Version": "9.2.26104.00181",
        "Url": format!("https://{}/", environment.host),
        "ApiUrl": format!("https://{name}.api.{region_of_host}"),
        "LastUpdated": timestamp(world.ago(3)),
        "SchemaType": "Standard",
        "OrganizationType": 0,
        "TenantId": tenant,
        "EnvironmentId": guid("environment", &environment.host),
        "DatacenterId": guid("datacenter", "eur"),
        "DatacenterName": null,
        "Region": region(&environment.host).code,
        "StatusMessage": 6,
        "TrialExpirationDate": null,
        "Purpose": null,
        "IsUserSysAdmin": administers(environment, user),
    })
}
