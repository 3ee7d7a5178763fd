//! Federated credentials of registrations. v1.0 fails at flexible ones, which have no subject
//! (azure-workload-identity#373); beta shows them with their expressions ("federatedIdentityCredential resource
//! type", beta).

use serde_json::{Value, json};

use super::{Refused, is_beta};
use crate::sim::names;
use crate::sim::odata;
use crate::sim::scenario::{Application, Flexible};
use crate::sim::wire::{Answer, Call};
use crate::sim::world::World;

pub(super) const NAME: &str = "federatedIdentityCredentials";

const NULL_SUBJECT: &str = "The property 'subject[Nullable=False]' of type 'Edm.String' has a null value, which is not allowed.";

/// The federated credentials of a registration. Only beta has their expressions.
pub(super) fn rows(application: &Application, call: &Call) -> Vec<Value> {
    let row = |trust: &crate::sim::scenario::Federated| {
        let label = format!("{}/{}", application.name, trust.name);
        let mut row = json!({
            "id": names::guid("federated", &label),
            "name": trust.name,
            "issuer": trust.issuer,
            "subject": trust.subject,
            "description": trust.description,
            "audiences": trust.audiences,
        });
        if is_beta(call) {
            let expression = trust.expression.as_ref();
            let shown = expression.map(|text| json!({ "value": text, "languageVersion": 1 }));
            row["claimsMatchingExpression"] = json!(shown);
        }
        row
    };
    application.federated.iter().map(row).collect()
}

/// Whether the request wants federated credentials shown inside of registrations.
pub(super) fn is_expanded(call: &Call) -> bool {
    let expand = call.query("$expand").unwrap_or_default();
    odata::expands(expand).iter().any(|one| one.name == NAME)
}

/// The answer that shows the credentials of these registrations, as the version asked for gives it.
pub(super) fn judged<'a>(
    world: &World,
    call: &Call,
    mut shown: impl Iterator<Item = &'a Application>,
    answer: Answer,
) -> Result<Answer, Refused> {
    let flexible = shown.any(|application| {
        let mut trusts = application.federated.iter();
        trusts.any(|trust| trust.subject.is_none())
    });
    if is_beta(call) || !flexible {
        return Ok(answer);
    }
    match world.scenario.graph.flexible {
        Flexible::InternalError => Err(internal_error()),
        Flexible::BreaksOff => Ok(broken_off(answer)),
    }
}

pub(super) fn internal_error() -> Refused {
    Refused(500, "InternalServerError", NULL_SUBJECT.to_owned())
}

/// Whether an answer breaks off amid its JSON.
pub(super) fn is_broken_off(answer: &Answer) -> bool {
    let text = String::from_utf8_lossy(&answer.body);
    answer.status == 200
        && text.contains(NULL_SUBJECT)
        && serde_json::from_slice::<Value>(&answer.body).is_err()
}

/// Where the null would stand, an error begins.
fn broken_off(mut answer: Answer) -> Answer {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let at = text.find("\"subject\":null").unwrap_or(text.len() / 2);
    let error = json!({ "error": { "code": "InternalServerError", "message": NULL_SUBJECT } });
    answer.body = format!("{}{error}", text[..at].trim_end_matches(',')).into_bytes();
    answer
}
