//! Entra's error envelope, around what it usually answers with each AADSTS code.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::sim::catalogue::usual_refusal;
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
    pub(super) const fn code(code: u32) -> Self {
        Self {
            code,
            status: None,
            error: None,
        }
    }
}

/// The usual text of a code, where the caller has no better one.
pub(super) fn usual_text(code: u32) -> &'static str {
    usual_refusal(code).map_or("The request was refused.", |usual| &usual.text)
}

/// The answer to a refused request, `text` without the code in front and the trace behind.
pub(super) fn refusal(world: &World, call: &Call, refused: &Refused<'_>, text: &str) -> Answer {
    let code = refused.code;
    let (status, error, page) = usual_refusal(code)
        .map_or((400, "invalid_request", false), |usual| {
            (usual.status, usual.error.as_str(), usual.page)
        });
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
