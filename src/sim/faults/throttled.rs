//! "Not now", as each service words it.

use serde_json::json;

use crate::sim::scenario::Service;
use crate::sim::wire::Answer;

/// Azure Resource Graph's words. Each of its answers says, too, when the caller's quota begins anew.
fn of_resource_graph() -> Answer {
    let text = "Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.";
    let details = json!([{ "code": "RateLimiting", "message": text }]);
    let message = "Please provide below info when asking for support: timestamp = 2026-11-21T06:00:00.0000000Z, correlationId = 00000000-0000-0000-0000-000000000000.";
    let body =
        json!({ "error": { "code": "RateLimiting", "message": message, "details": details } });
    Answer::json(429, &body)
        .with("x-ms-user-quota-remaining", "0")
        .with("x-ms-user-quota-resets-after", "00:00:05")
}

/// An answer with 429, 503 or another status of that kind. Its `Retry-After` is the fault's.
pub(super) fn answer(status: u16, service: Option<Service>) -> Answer {
    let too_many = status == 429;
    let (code, text) = match (service, too_many) {
        (Some(Service::Graph), true) => ("TooManyRequests", "Too many requests."),
        (Some(Service::Graph), false) => ("ServiceUnavailable", "Service is unavailable."),
        (Some(Service::Vault), true) => (
            "Throttled",
            "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached",
        ),
        (Some(Service::Dataverse), true) => (
            "0x80072322",
            "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
        ),
        (Some(Service::Management), true) => return of_resource_graph(),
        // Plain text from Entra. What the others write is not known.
        (Some(Service::Login), true) => return Answer::text(status, "Too Many Requests"),
        (Some(_) | None, true) => return Answer::text(status, ""),
        (_, false) => return Answer::text(status, "The service is unavailable."),
    };
    Answer::json(
        status,
        &json!({ "error": { "code": code, "message": text } }),
    )
}
