//! `GET /environmentmanagement/environments` of the Power Platform API: a flat list, read by who holds the role
//! Power Platform reader ("Environments - List Environments For User", 2024-10-01).

use axum::http::Method;
use serde_json::{Value, json};

use super::asker::{Asker, check_version};
use super::{domain_name, environments_of, error, page, user_of};
use crate::sim::clouds::{Platform, region};
use crate::sim::names::guid;
use crate::sim::odata::{self, Filter};
use crate::sim::scenario::Environment;
use crate::sim::wire::{Answer, Call};
use crate::sim::world::{World, timestamp};

const VERSIONS: &[&str] = &["2022-03-01-preview", "2024-10-01"];

/// `$orderby` is documented as well, and not served: ignoring it would give a wrong answer.
const OPTIONS: &[&str] = &["$select", "$filter", "$top", "$skip"];

/// Fields that may stand in a filter.
const FILTERED: &[&str] = &[
    "dataverseId",
    "type",
    "geo",
    "state",
    "environmentGroupId",
    "domainName",
];

const PAGE: usize = 100;

pub(super) fn answer(world: &World, platform: Platform, call: &Call) -> Result<Answer, Answer> {
    let resource = format!("https://{}", platform.api());
    let asker = Asker::of(world, platform, call, &[resource])?;
    check_version(call, VERSIONS)?;
    let segments = call.segments();
    let (&Method::GET, ["environmentmanagement", "environments", rest @ ..]) =
        (&call.method, segments.as_slice())
    else {
        return Err(error(404, "ResourceNotFound", "The path is not known."));
    };
    let discovery = &world.scenario.discovery;
    let reads_all = discovery.reads_power_platform(&world.scenario.auditor, asker.name);
    if !reads_all && asker.person.is_none() {
        return Err(asker.forbidden(call));
    }
    let rows = rows(world, &asker, reads_all);
    match rest {
        [] => list(world, call, rows),
        [id] => {
            let row = rows.into_iter().find(|row| row["id"] == *id);
            let row = row.ok_or_else(|| {
                let text = format!("The environment '{id}' could not be found in the tenant.");
                error(404, "EnvironmentNotFound", &text)
            })?;
            Ok(Answer::json(
                200,
                &odata::selected(&row, call.query("$select")),
            ))
        }
        _ => Err(error(404, "ResourceNotFound", "The path is not known.")),
    }
}

fn list(world: &World, call: &Call, mut rows: Vec<Value>) -> Result<Answer, Answer> {
    let bad = |text: String| error(400, "InvalidQueryParameters", &text);
    if let Some(option) = odata::unknown_option(&call.query, OPTIONS) {
        return Err(bad(format!(
            "The query option '{option}' is not supported by the simulator."
        )));
    }
    if let Some(ids) = call.query("ids") {
        let wanted: Vec<&str> = ids.split(',').map(str::trim).collect();
        rows.retain(|row| row["id"].as_str().is_some_and(|id| wanted.contains(&id)));
    }
    if let Some(text) = call.query("$filter") {
        let filter = Filter::parse(text)
            .filter(|filter| filter.fields().iter().all(|field| FILTERED.contains(field)))
            .ok_or_else(|| bad(format!("The filter '{text}' is not valid.")))?;
        rows.retain(|row| filter.matches(row));
    }
    let number = |name: &str| match call.query(name).map(str::parse::<usize>) {
        None => Ok(None),
        Some(Ok(number)) => Ok(Some(number)),
        Some(Err(_)) => Err(bad(format!("'{name}' must be a whole number."))),
    };
    let (top, skip) = (number("$top")?, number("$skip")?.unwrap_or(0));
    if let Some(top) = top {
        rows.truncate(skip.saturating_add(top));
    }
    let size = world.scenario.discovery.environment_page.unwrap_or(PAGE);
    let (shown, next) = page(rows, skip, size);
    let shown: Vec<Value> = shown
        .iter()
        .map(|row| odata::selected(row, call.query("$select")))
        .collect();
    let mut body = json!({ "value": shown });
    if let Some(next) = next {
        // In small letters, as the reference has it.
        body["@odata.nextlink"] = link(call, top.map(|top| top - size), next).into();
    }
    Ok(Answer::json(200, &body))
}

/// The address of the page that begins at `skip`, with what is left of `$top`.
fn link(call: &Call, top: Option<usize>, skip: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (key, value) in &call.query {
        if !["$skip", "$top"].contains(&key.to_ascii_lowercase().as_str()) {
            query.append_pair(key, value);
        }
    }
    if let Some(top) = top {
        query.append_pair("$top", &top.to_string());
    }
    query.append_pair("$skip", &skip.to_string());
    let query = query.finish().replace("%24", "$");
    format!("https://{}{}?{query}", call.host, call.path)
}

/// What stands in the tenant: environments with Dataverse, and those without. A person sees those it uses.
fn rows(world: &World, asker: &Asker<'_>, reads_all: bool) -> Vec<Value> {
    let bare = &world.scenario.discovery.environments_without_dataverse;
    let mut environments = environments_of(world, asker);
    environments.retain(|one| reads_all || user_of(one, asker.person).is_some());
    let with = environments.into_iter().map(|one| row(world, asker, one));
    let without = bare.iter().filter(|_| reads_all);
    let without = without.map(|name| without_dataverse(world, asker, name));
    with.chain(without).collect()
}

fn row(world: &World, asker: &Asker<'_>, environment: &Environment) -> Value {
    let id = guid("environment", &environment.host);
    let mut row = without_dataverse(world, asker, &environment.friendly_name);
    let finops = environment.finops.as_ref().map(|finops| {
        json!({
            "id": guid("finops-environment", &finops.host),
            "type": "Unified",
            "url": format!("https://{}/", finops.host),
        })
    });
    let own = json!({
        "id": id,
        "type": environment.kind.as_str(),
        "state": environment.state,
        "geo": region(&environment.host).location,
        "dataverseId": environment.organization_id,
        "url": format!("https://{}/", environment.host),
        "domainName": domain_name(&environment.host),
        "version": "9.2.26104.00181",
        "finOpsMetadata": finops,
    });
    for (name, value) in own.as_object().into_iter().flatten() {
        row[name] = value.clone();
    }
    row
}

/// An environment that has no database: its address and what goes with it are null.
fn without_dataverse(world: &World, asker: &Asker<'_>, name: &str) -> Value {
    json!({
        "id": guid("environment", name),
        "displayName": name,
        "type": "Default",
        "state": "Ready",
        "tenantId": asker.tenant.id,
        "geo": "europe",
        "azureRegion": "westeurope",
        "clusterCategory": "Prod",
        "adminMode": "Disabled",
        "backgroundOperationsState": "Enabled",
        "protectionLevel": "Basic",
        "environmentGroupId": null,
        "connectedGroupId": null,
        "securityGroupId": null,
        "scenarioName": null,
        "dataverseId": null,
        "url": null,
        "domainName": null,
        "version": null,
        "createdDateTime": timestamp(world.ago(400)),
        "createdBy": { "id": guid("person", "administrator"), "type": "User" },
        "deletedDateTime": null,
        "retentionDetails": { "retentionPeriod": "P7D", "availableFromDateTime": timestamp(world.ago(7)) },
        "finOpsMetadata": null,
        "enterprisePolicies": null,
    })
}
