//! Azure Resource Manager: the subscriptions a caller reads, and Azure Resource Graph over what stands in them.

mod answered;
mod asker;
mod parse;
mod query;
mod refusals;
mod resources;
mod subscriptions;
mod tokens;

use axum::http::Method;
use serde_json::json;
use uuid::Uuid;

use super::clouds::Cloud;
use super::wire::{Answer, Call};
use super::world::World;
use asker::Asker;

/// Answers for the hosts of Azure Resource Manager.
pub(super) fn answer(world: &World, cloud: Cloud, call: &Call) -> Answer {
    let id = Uuid::new_v4().to_string();
    judged(world, cloud, call)
        .unwrap_or_else(|refused| refused)
        .with("x-ms-request-id", id.clone())
        .with("x-ms-correlation-request-id", id)
        .with("x-ms-ratelimit-remaining-tenant-reads", "249")
}

fn judged(world: &World, cloud: Cloud, call: &Call) -> Result<Answer, Answer> {
    let asker = Asker::of(world, cloud, call)?;
    // Names of providers are written in any case.
    let path = call.path.to_ascii_lowercase();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match (&call.method, parts.as_slice()) {
        (&Method::GET, ["subscriptions"]) => subscriptions::list(world, &asker, call),
        (&Method::POST, ["providers", "microsoft.resourcegraph", "resources"]) => {
            query::answer(world, &asker, call)
        }
        _ => {
            let text = "The request did not have a subscription or a valid tenant level resource provider.";
            Err(error(404, "MissingSubscription", text))
        }
    }
}

fn error(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(
        status,
        &json!({ "error": { "code": code, "message": message } }),
    )
}

/// `api-version` has no default.
fn check_version(call: &Call, known: &[&str]) -> Result<(), Answer> {
    match call.query("api-version") {
        Some(version) if known.contains(&version) => Ok(()),
        Some(version) => {
            let text = format!(
                "The api-version '{version}' is invalid. The supported versions are '{}'.",
                known.join(",")
            );
            Err(error(400, "InvalidApiVersionParameter", &text))
        }
        None => {
            let text =
                "The api-version query parameter (?api-version=) is required for all requests.";
            Err(error(400, "MissingApiVersionParameter", text))
        }
    }
}
