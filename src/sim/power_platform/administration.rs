//! The administration service before the Power Platform API ("BAP"): lists environments to management
//! applications, and those applications themselves. Environments as in "List environments (preview)"; the list of
//! applications as `m365 pp managementapp list` and Microsoft's Terraform provider read it.

use axum::http::Method;
use serde_json::{Value, json};

use super::asker::{Asker, check_version};
use super::{administers, domain_name, environments_of, error, user_of};
use crate::sim::clouds::{Platform, region};
use crate::sim::names::guid;
use crate::sim::odata;
use crate::sim::scenario::{DirectoryRole, Environment};
use crate::sim::wire::{Answer, Call};
use crate::sim::world::{World, timestamp};

const VERSIONS: &[&str] = &[
    "2020-06-01",
    "2020-08-01",
    "2020-10-01",
    "2021-04-01",
    "2023-06-01",
];

pub(super) fn answer(world: &World, platform: Platform, call: &Call) -> Result<Answer, Answer> {
    let resources = platform.administration_resources();
    let asker = Asker::of(world, platform, call, &resources)?;
    check_version(call, VERSIONS)?;
    let path = call.path.to_ascii_lowercase();
    let path = path.trim_end_matches('/');
    let Some(path) = path.strip_prefix("/providers/microsoft.businessappplatform/") else {
        return Err(error(404, "ResourceNotFound", "The path is not known."));
    };
    if call.method != Method::GET {
        return Err(error(
            405,
            "MethodNotAllowed",
            "The simulator takes no writes.",
        ));
    }
    let path: Vec<&str> = path.split('/').collect();
    // People list what they administer; the rest is for administrators of the tenant.
    let of_person = asker.person.is_some() && path == ["scopes", "admin", "environments"];
    if !of_person && !is_administrator(world, &asker) {
        return Err(asker.forbidden(call));
    }
    match path.as_slice() {
        ["scopes", "admin", "environments"] => environments(world, &asker, call),
        ["adminapplications"] => {
            let value: Vec<Value> = applications(world, &asker).collect();
            Ok(Answer::json(200, &json!({ "value": value })))
        }
        ["adminapplications", id] => {
            let found = applications(world, &asker).find(|row| row["applicationId"] == *id);
            let text = format!("The management application '{id}' could not be found.");
            found.map_or_else(
                || Err(error(404, "AdminApplicationNotFound", &text)),
                |row| Ok(Answer::json(200, &row)),
            )
        }
        _ => Err(error(404, "ResourceNotFound", "The path is not known.")),
    }
}

/// Of the whole Power Platform: a management application, or somebody with the role.
fn is_administrator(world: &World, asker: &Asker<'_>) -> bool {
    let scenario = &world.scenario;
    match asker.person.and_then(|key| scenario.people.get(key)) {
        Some(person) => {
            let role = DirectoryRole::PowerPlatformAdministrator;
            person.directory_roles.contains(&role)
        }
        None => {
            let mut registered = scenario.discovery.management_applications.iter();
            registered.any(|name| name == asker.name)
        }
    }
}

fn applications<'w>(world: &'w World, asker: &'w Asker<'_>) -> impl Iterator<Item = Value> + 'w {
    let names = world.scenario.discovery.management_applications.iter();
    let known = names.filter_map(|name| world.scenario.application(name));
    let here = known.filter(|application| application.is_in(asker.tenant_key));
    here.map(|application| json!({ "applicationId": application.client_id }))
}

fn environments(world: &World, asker: &Asker<'_>, call: &Call) -> Result<Answer, Answer> {
    if let Some(option) = odata::unknown_option(&call.query, &["$expand"]) {
        let text = format!("The query option '{option}' is not supported by the simulator.");
        return Err(error(400, "InvalidQueryParameters", &text));
    }
    let all = is_administrator(world, asker);
    let mut environments = environments_of(world, asker);
    environments.retain(|one| {
        let user = user_of(one, asker.person);
        all || user.is_some_and(|user| administers(one, user))
    });
    let with = environments.into_iter().map(|one| row(world, asker, one));
    let bare = &world.scenario.discovery.environments_without_dataverse;
    let without = bare.iter().filter(|_| all).map(|name| {
        let id = guid("environment", name);
        listed(world, asker, &id, name, ("Default", "europe"), None)
    });
    let value: Vec<Value> = with.chain(without).collect();
    Ok(Answer::json(200, &json!({ "value": value })))
}

fn row(world: &World, asker: &Asker<'_>, environment: &Environment) -> Value {
    let name = domain_name(&environment.host);
    let api = asker.tenant.cloud.dataverse_api(&environment.host);
    let linked = json!({
        "resourceId": environment.organization_id,
        "friendlyName": environment.friendly_name,
        "uniqueName": format!("unq{name}"),
        "domainName": name,
        "version": "9.2.26104.00181",
        "instanceUrl": format!("https://{}/", environment.host),
        "instanceApiUrl": api.map(|api| format!("https://{api}")),
        "baseLanguage": 1033,
        "instanceState": environment.state,
        "createdTime": timestamp(world.ago(400)),
        "backgroundOperationsState": "Enabled",
        "platformSku": "Standard",
    });
    let id = guid("environment", &environment.host);
    let kind = (
        environment.kind.as_str(),
        region(&environment.host).location,
    );
    listed(
        world,
        asker,
        &id,
        &environment.friendly_name,
        kind,
        Some(linked),
    )
}

/// One environment; `linked` where it has Dataverse.
fn listed(
    world: &World,
    asker: &Asker<'_>,
    id: &str,
    name: &str,
    (kind, location): (&str, &str),
    linked: Option<Value>,
) -> Value {
    let mut properties = json!({
        "tenantId": asker.tenant.id,
        "azureRegion": "westeurope",
        "displayName": name,
        "createdTime": timestamp(world.ago(400)),
        "createdBy": { "id": "SYSTEM", "displayName": "SYSTEM", "type": "NotSpecified" },
        "provisioningState": "Succeeded",
        "creationType": "User",
        "environmentSku": kind,
        "isDefault": kind == "Default",
        "databaseType": if linked.is_some() { "CommonDataService" } else { "None" },
        "states": { "management": { "id": "Ready" }, "runtime": { "id": "Enabled" } },
    });
    if let Some(linked) = linked {
        properties["linkedEnvironmentMetadata"] = linked;
    }
    json!({
        "id": format!("/providers/Microsoft.BusinessAppPlatform/scopes/admin/environments/{id}"),
        "type": "Microsoft.BusinessAppPlatform/scopes/environments",
        "location": location,
        "name": id,
        "properties": properties,
    })
}
