//! `POST /v1.0/$batch`: up to twenty requests in one, each with its own status.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Refused, found};
use crate::sim::clouds::Cloud;
use crate::sim::scenario::Service;
use crate::sim::wire::{Answer, Call};
use crate::sim::world::World;

const MOST: usize = 20;

#[derive(Deserialize)]
struct Batch {
    requests: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    id: String,
    method: String,
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

pub(super) fn answer(
    world: &World,
    cloud: Cloud,
    call: &Call,
    version: &str,
) -> Result<Answer, Refused> {
    let bad = |message: &str| Refused(400, "BadRequest", message.to_owned());
    let batch: Batch =
        serde_json::from_slice(&call.body).map_err(|_| bad("Invalid batch payload format."))?;
    if batch.requests.len() > MOST {
        return Err(bad(
            "Number of batch request steps exceeds the maximum value of 20.",
        ));
    }
    let answers: Vec<Value> = batch
        .requests
        .iter()
        // The order of the answers is not promised; turning it round finds clients that rely on it.
        .rev()
        .map(|part| {
            let answer = part_answer(world, cloud, call, version, part);
            let headers: Map<String, Value> = answer
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), value.clone().into()))
                .collect();
            let body: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
            json!({ "id": part.id, "status": answer.status, "headers": headers, "body": body })
        })
        .collect();
    Ok(found(&json!({ "responses": answers })))
}

fn part_answer(world: &World, cloud: Cloud, call: &Call, version: &str, part: &Part) -> Answer {
    let method = Method::from_bytes(part.method.as_bytes()).unwrap_or(Method::OPTIONS);
    let path = format!("/{version}/{}", part.url.trim_start_matches('/'));
    let inner = Call::new(
        call.host.clone(),
        method,
        &path,
        headers(call, part),
        Vec::new(),
    );
    // A part's token is the batch's own: no fault tells clients apart here.
    let service = Some(Service::Graph);
    let hit = world.faults.hit(&inner, service, || None);
    let fault = hit.map(|entry| &entry.fault);
    let answer = fault
        .and_then(|fault| fault.answer(service))
        .unwrap_or_else(|| {
            // A batch inside a batch is refused, not followed.
            if inner.method == Method::POST {
                return super::error(
                    world,
                    &inner,
                    405,
                    "Request_BadRequest",
                    "The simulator takes no writes.",
                );
            }
            let answer = super::answer(world, cloud, &inner);
            // What breaks off amid its JSON cannot stand inside of another document.
            if super::federated::is_broken_off(&answer) {
                super::federated::internal_error().answer(world, &inner)
            } else {
                answer
            }
        });
    let answer = match fault {
        Some(fault) => fault.spoil(answer, &inner, service, world.now()),
        None => answer,
    };
    world.record(&inner, world.token_client(&inner), answer.status, true);
    answer
}

/// Those of the batch, but for what each part has to say itself: the level of consistency.
fn headers(call: &Call, part: &Part) -> HeaderMap {
    let mut headers = call.headers.clone();
    headers.remove("consistencylevel");
    for (name, value) in &part.headers {
        if let (Ok(name), Ok(value)) = (
            HeaderName::try_from(name.as_str()),
            HeaderValue::from_str(value),
        ) && name != "authorization"
        {
            headers.insert(name, value);
        }
    }
    headers
}
