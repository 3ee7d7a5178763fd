//! Functions of the Web API: WhoAmI, the version, the organisation, a user's privileges.

use serde_json::{Value, json};

use super::{Desk, catalogue, people, privileges, refusals};
use crate::sim::names::guid;
use crate::sim::wire::Answer;

pub(super) fn context(desk: &Desk<'_>, rest: &str) -> String {
    format!("https://{}/api/data/v9.2/$metadata#{rest}", desk.call.host)
}

pub(super) fn found(body: &Value) -> Answer {
    Answer::json(200, body).with("content-type", "application/json; odata.metadata=minimal")
}

/// Needs no privilege; whether it needs a role at all is a switch of the scenario.
pub(super) fn who_am_i(desk: &Desk<'_>) -> Result<Answer, Answer> {
    let environment = desk.environment;
    let roles = privileges::roles(environment, desk.user);
    if environment.who_am_i_needs_a_role && roles.is_empty() {
        return Err(refusals::no_roles(environment, desk.user));
    }
    let switches = &desk.user.who_am_i;
    let user = people::user_id(environment, desk.user);
    let unit = people::unit_id(environment, people::unit_of(environment, desk.user));
    Ok(found(&json!({
        "@odata.context": context(desk, "Microsoft.Dynamics.CRM.WhoAmIResponse"),
        "BusinessUnitId": unit,
        "UserId": switches.user_id.as_ref().unwrap_or(&user),
        "OrganizationId": switches.organization_id.as_ref().unwrap_or(&environment.organization_id),
    })))
}

const VERSION: &str = "9.2.26104.00181";

pub(super) fn version(desk: &Desk<'_>) -> Result<Answer, Answer> {
    Ok(found(&json!({
        "@odata.context": context(desk, "Microsoft.Dynamics.CRM.RetrieveVersionResponse"),
        "Version": VERSION,
    })))
}

pub(super) fn organization(desk: &Desk<'_>) -> Result<Answer, Answer> {
    let environment = desk.environment;
    let name = environment.host.split('.').next().unwrap_or_default();
    let tenant = desk
        .world
        .tenant(&environment.tenant)
        .map(|tenant| tenant.id.clone());
    Ok(found(&json!({
        "@odata.context": context(desk, "Microsoft.Dynamics.CRM.RetrieveCurrentOrganizationResponse"),
        "Detail": {
            "OrganizationId": environment.organization_id,
            "FriendlyName": environment.friendly_name,
            "OrganizationVersion": VERSION,
            "EnvironmentId": guid("environment", &environment.host),
            "DatacenterId": guid("datacenter", "eur"),
            "Geo": "EMEA",
            "TenantId": tenant,
            "UrlName": name,
            "UniqueName": format!("unq{name}"),
            "State": "Enabled",
            "SchemaType": "Standard",
            "OrganizationType": "Customer",
            "Endpoints": { "Count": 2, "IsReadOnly": false,
                "Keys": ["WebApplication", "OrganizationDataService"],
                "Values": [
                    format!("https://{}/", environment.host),
                    format!("https://{}/XRMServices/2011/OrganizationData.svc", environment.host),
                ] },
        },
    })))
}

/// Functions bound to a user: its effective privileges, team roles included.
pub(super) fn bound(desk: &Desk<'_>, row: &Value, segment: &str) -> Result<Answer, Answer> {
    let function = segment
        .trim_start_matches("Microsoft.Dynamics.CRM.")
        .split('(')
        .next()
        .unwrap_or_default();
    let wanted: Option<Vec<String>> = match function {
        "RetrieveUserPrivileges" => None,
        "RetrieveUserSetOfPrivilegesByNames" => {
            let names = desk.call.query("@p").or_else(|| {
                let given = desk.call.query.iter().find(|(key, _)| key.starts_with('@'));
                given.map(|(_, value)| value.as_str())
            });
            let names = names.and_then(|names| serde_json::from_str(names).ok());
            Some(names.ok_or_else(|| refusals::bad_query("PrivilegeNames is missing."))?)
        }
        _ => return Err(refusals::no_segment(segment)),
    };
    let environment = desk.environment;
    let id = row["systemuserid"].as_str().unwrap_or_default();
    let user = environment
        .users
        .iter()
        .find(|user| people::user_id(environment, user) == id);
    let user = user.ok_or_else(|| refusals::no_segment(segment))?;
    let unit = people::unit_id(environment, people::unit_of(environment, user));
    let roles = privileges::roles(environment, user);
    let mut names: Vec<String> = Vec::new();
    for table in catalogue::all(environment) {
        for operation in [
            "Create", "Read", "Write", "Delete", "Append", "AppendTo", "Assign", "Share",
        ] {
            if roles
                .iter()
                .any(|role| privileges::grants(role, operation, &table))
            {
                names.push(table.privilege(operation));
            }
        }
    }
    names.sort();
    names.dedup();
    let rows: Vec<Value> = names
        .iter()
        .filter(|name| wanted.as_ref().is_none_or(|wanted| wanted.contains(name)))
        .map(|name| {
            json!({
                "Depth": "Global", "PrivilegeId": guid("privilege", name), "PrivilegeName": name,
                "BusinessUnitId": unit, "RecordFilterId": "00000000-0000-0000-0000-000000000000",
                "RecordFilterUniqueName": "",
            })
        })
        .collect();
    let kind = format!("Microsoft.Dynamics.CRM.{function}Response");
    Ok(found(
        &json!({ "@odata.context": context(desk, &kind), "RolePrivileges": rows }),
    ))
}
