//! How Azure Resource Graph refuses a query: what happened stands in the details.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::sim::wire::Answer;
use crate::sim::world::World;

pub(super) fn detail(code: &str, message: &str) -> Value {
    json!({ "code": code, "message": message })
}

/// The service's envelope: what happened stands in the details.
pub(super) fn refused(world: &World, status: u16, code: &str, details: &[Value]) -> Answer {
    let moment = world.now().format("%Y-%m-%dT%H:%M:%S%.6f0Z");
    let message = format!(
        "Please provide below info when asking for support: timestamp = {moment}, correlationId = {}.",
        Uuid::new_v4()
    );
    let body = json!({ "error": { "code": code, "message": message, "details": details } });
    Answer::json(status, &body)
}

/// 429, with what a client reads to wait.
pub(super) fn too_many(world: &World, seconds: i64) -> Answer {
    let text = "Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.";
    refused(world, 429, "RateLimiting", &[detail("RateLimiting", text)])
        .with("retry-after", seconds.to_string())
        .with("x-ms-user-quota-remaining", "0")
        .with("x-ms-user-quota-resets-after", clock(seconds))
}

/// `00:00:05`
pub(super) fn clock(seconds: i64) -> String {
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}
