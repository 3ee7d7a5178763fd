//! Functions of the Web API: WhoAmI, the version, the organisation.

use serde_json::{Value, json};

use super::{Desk, people, privileges, refusals};
use crate::sim::names::guid;
use crate::sim::wire::Answer;

pub(super) fn context(desk: &Desk<'_>, rest: &str) -> String {
    format!("https://{}/api/data/v9.2/$metadata#{rest}", desk.call.host)
}

/// `contacts`, or with `$select` `contacts(contactid,fullname)`: as a context names what it describes.
pub(super) fn described(desk: &Desk<'_>, set: &str) -> String {
    match desk.call.query("$select").filter(|select| *select != "*") {
        Some(select) => format!("{set}({})", select.replace(' ', "")),
        None => set.to_owned(),
    }
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
