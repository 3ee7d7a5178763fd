//! Entra's error envelope, and the status and `error` word that go with each AADSTS code.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::sim::wire::{Answer, Call};
use crate::sim::world::World;

/// A refusal with what differs from the usual form of its code.
#[derive(Clone, Debug, Default)]
pub(super) struct Refused<'a> {
    pub code: u32,
    pub status: Option<u16>,
    pub error: Option<&'a str>,
}

impl Refused<'_> {
    pub const fn code(code: u32) -> Self {
        Self {
            code,
            status: None,
            error: None,
        }
    }
}

/// Code, HTTP status, `error`, whether a lookup page exists (`error_uri`), and what the text says.
/// Status and word of 53003, 500014, 501051 and 7000112 are not verified; a scenario can change them.
/// Of the refused assertions, 700023, 700024 and 700027 are as captured; the word of 50027 and 50048 and
/// the statuses of those two, 700021 and 5002738 are not verified.
const USUAL: &[(u32, u16, &str, bool, &str)] = &[
    (50012, 401, "invalid_client", true, "Authentication failed."),
    (50027, 400, "invalid_request", true, "Invalid JWT token."),
    (
        50048,
        400,
        "invalid_request",
        true,
        "Subject must match the issuer claim in the client assertion.",
    ),
    (
        50049,
        400,
        "invalid_instance",
        true,
        "Unknown or invalid instance.",
    ),
    (
        50196,
        400,
        "invalid_grant",
        true,
        "The server terminated an operation because it encountered a client request loop.",
    ),
    (
        53003,
        400,
        "invalid_grant",
        true,
        "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
    ),
    (
        53011,
        400,
        "invalid_grant",
        true,
        "User blocked due to risk on home tenant.",
    ),
    (
        65001,
        400,
        "invalid_grant",
        true,
        "The application has not been consented to in this directory.",
    ),
    (
        70011,
        400,
        "invalid_scope",
        true,
        "The provided value for the input parameter 'scope' is not valid.",
    ),
    (90002, 400, "invalid_request", true, "Tenant not found."),
    (
        90033,
        503,
        "temporarily_unavailable",
        false,
        "A transient error has occurred. Please try again.",
    ),
    (
        90038,
        400,
        "invalid_request",
        true,
        "The tenant is confirmed to reside in another national cloud.",
    ),
    (
        500011,
        400,
        "invalid_resource",
        true,
        "The resource principal was not found in the tenant.",
    ),
    (
        500014,
        400,
        "invalid_resource",
        true,
        "The service principal for the resource is disabled.",
    ),
    (
        501051,
        400,
        "invalid_grant",
        true,
        "The application is not assigned to a role for the resource, which requires assignment.",
    ),
    (
        700016,
        400,
        "unauthorized_client",
        true,
        "The application was not found in the directory.",
    ),
    (
        70021,
        401,
        "invalid_client",
        true,
        "No matching federated identity record found for presented assertion.",
    ),
    (
        700211,
        401,
        "invalid_client",
        true,
        "No matching federated identity record found for presented assertion issuer.",
    ),
    (
        700212,
        401,
        "invalid_client",
        true,
        "No matching federated identity record found for presented assertion audience.",
    ),
    (
        700213,
        401,
        "invalid_client",
        true,
        "No matching federated identity record found for presented assertion subject.",
    ),
    (
        700021,
        401,
        "invalid_client",
        true,
        "Client assertion application identifier doesn't match 'client_id' parameter.",
    ),
    (
        700023,
        401,
        "invalid_client",
        true,
        "Client assertion audience claim does not match Realm issuer.",
    ),
    (
        700024,
        401,
        "invalid_client",
        true,
        "Client assertion is not within its valid time range.",
    ),
    (
        700027,
        401,
        "invalid_client",
        true,
        "Client assertion failed signature validation.",
    ),
    (
        900144,
        400,
        "invalid_request",
        true,
        "The request body must contain a required parameter.",
    ),
    (
        900382,
        400,
        "invalid_request",
        true,
        "Confidential clients are not supported in cross-cloud requests.",
    ),
    (
        900432,
        400,
        "invalid_request",
        true,
        "Confidential client is not supported in cross-cloud request.",
    ),
    // As in microsoft-identity-web#2834; no page was shown for it.
    (
        1000502,
        401,
        "invalid_client",
        false,
        "The provided certificate is not within its specified validity period.",
    ),
    (
        5002738,
        401,
        "invalid_client",
        true,
        "Invalid JWT token. The signature algorithm is not supported.",
    ),
    (
        7000112,
        400,
        "unauthorized_client",
        true,
        "The application is disabled.",
    ),
    // Microsoft-identity-web#2444 has code, status and word; the text is not verified.
    (
        7000214,
        401,
        "invalid_client",
        true,
        "Certificate has been revoked.",
    ),
    (
        7000215,
        401,
        "invalid_client",
        true,
        "Invalid client secret provided.",
    ),
    (
        7000216,
        401,
        "invalid_client",
        true,
        "'client_assertion' or 'client_secret' is required for the 'client_credentials' grant type.",
    ),
    (
        7000222,
        401,
        "invalid_client",
        true,
        "The provided client secret keys are expired.",
    ),
    (
        7000229,
        401,
        "invalid_client",
        true,
        "The client application is missing a service principal in the tenant.",
    ),
];

/// The usual text of a code, where the caller has no better one.
pub(super) fn usual_text(code: u32) -> &'static str {
    USUAL
        .iter()
        .find(|row| row.0 == code)
        .map_or("The request was refused.", |row| row.4)
}

/// The answer to a refused request, `text` without the code in front and the trace behind.
pub(super) fn refusal(world: &World, call: &Call, refused: &Refused<'_>, text: &str) -> Answer {
    let code = refused.code;
    let (status, error, page) = USUAL
        .iter()
        .find(|row| row.0 == code)
        .map_or((400, "invalid_request", false), |row| (row.1, row.2, row.3));
    let status = refused.status.unwrap_or(status);
    let text = format!("AADSTS{code}: {text}");
    let mut body = envelope(world, call, refused.error.unwrap_or(error), &[code], &text);
    if page {
        body["error_uri"] = format!("https://{}/error?code={code}", call.host).into();
    }
    answer(status, &body)
}

/// The answer to a refused assertion. Its older form (2016, 2017) has two codes and no page.
pub(super) fn refused_assertion(world: &World, call: &Call, why: &(u32, String)) -> Answer {
    let (code, text) = why;
    if !world.scenario.entra.crlf {
        return refusal(world, call, &Refused::code(*code), text);
    }
    let older = if *code == 50027 { 50027 } else { 50012 };
    let text = format!("AADSTS70002: Error validating credentials. AADSTS{older}: {text}");
    answer(
        401,
        &envelope(world, call, "invalid_client", &[70002, older], &text),
    )
}

fn answer(status: u16, body: &Value) -> Answer {
    Answer::json(status, body)
        .with("cache-control", "no-store, no-cache")
        .with(
            "x-ms-request-id",
            body["trace_id"].as_str().unwrap_or_default(),
        )
}

fn envelope(world: &World, call: &Call, error: &str, codes: &[u32], text: &str) -> Value {
    let trace = Uuid::new_v4().to_string();
    let correlation = call
        .header("client-request-id")
        .or_else(|| call.query("client-request-id"))
        .map_or_else(|| Uuid::new_v4().to_string(), str::to_owned);
    let time = world.now().format("%Y-%m-%d %H:%M:%SZ").to_string();
    let between = if world.scenario.entra.crlf {
        "\r\n"
    } else {
        " "
    };
    let description = format!(
        "{text}{between}Trace ID: {trace}{between}Correlation ID: {correlation}{between}Timestamp: {time}"
    );
    json!({
        "error": error,
        "error_description": description,
        "error_codes": codes,
        "timestamp": time,
        "trace_id": trace,
        "correlation_id": correlation,
    })
}
