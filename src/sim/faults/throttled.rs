//! "Not now", as each service words it.

use serde_json::json;

use crate::sim::scenario::Service;
use crate::sim::wire::Answer;

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
        // Plain text from Entra. What Finance & Operations writes is not known.
        (Some(Service::Login), true) => return Answer::text(status, "Too Many Requests"),
        (Some(Service::Finops) | None, true) => return Answer::text(status, ""),
        (_, false) => return Answer::text(status, "The service is unavailable."),
    };
    Answer::json(
        status,
        &json!({ "error": { "code": code, "message": text } }),
    )
}
