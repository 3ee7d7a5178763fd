//! From the socket to the service: finds the host, plays faults, keeps the log.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use futures::StreamExt as _;

use super::connections::Connection;
use super::faults::Entry;
use super::scenario::Service;
use super::wire::{Answer, Call};
use super::world::{Place, World};
use super::{dataverse, entra, finops, graph, keyvault, management, power_platform};

const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// In the log: the connection was broken off instead.
const NO_ANSWER: u16 = 0;

pub(super) fn router(world: Arc<World>) -> Router {
    Router::new().fallback(answer).with_state(world)
}

async fn answer(
    State(world): State<Arc<World>>,
    Extension(connection): Extension<Connection>,
    request: Request,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let host = head
        .uri
        .host()
        .or_else(|| {
            let host = head.headers.get(header::HOST)?.to_str().ok()?;
            Some(host.split(':').next().unwrap_or(host))
        })
        .unwrap_or_default()
        .to_ascii_lowercase();
    let path_and_query = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return response(Answer::text(413, "the request's body is too large"));
    };
    let call = Call::new(
        host,
        head.method,
        path_and_query,
        head.headers,
        body.to_vec(),
    );

    let in_flight = connection.enter();
    let service = world.place(&call.host).map(Place::service);
    let hit = world
        .faults
        .hit(&call, service, || world.token_client(&call));
    let answer = match hit.filter(|entry| entry.fault.break_connection) {
        Some(entry) => {
            record(&world, &call, NO_ANSWER);
            connection.break_off(entry.fault.in_flight).await;
            Answer::text(503, "")
        }
        None => in_the_end(&world, &call, service, hit).await,
    };
    // What comes while the connection is to be broken goes with it.
    connection.settled().await;
    drop(in_flight);
    response(match service {
        Some(service) => answer.with("date", world.date_of(service)),
        None => answer,
    })
}

/// The answer, after all that the fault does to it.
async fn in_the_end(
    world: &World,
    call: &Call,
    service: Option<Service>,
    entry: Option<&Entry>,
) -> Answer {
    if let Some(entry) = entry
        && !entry.gather().await
    {
        let answer = Answer::text(503, "the requests that should come together did not");
        record(world, call, answer.status);
        return answer;
    }
    let fault = entry.map(|entry| &entry.fault);
    if let Some(delay) = fault.and_then(|fault| fault.delay()) {
        tokio::time::sleep(delay).await;
    }
    let answer = fault
        .and_then(|fault| fault.answer(service))
        .unwrap_or_else(|| served(world, call));
    let answer = match fault {
        Some(fault) => fault.spoil(answer, call, service, world.now()),
        None => answer,
    };
    record(world, call, answer.status);
    answer
}

fn served(world: &World, call: &Call) -> Answer {
    match world.place(&call.host) {
        Some(Place::Login) => entra::answer(world, call),
        Some(Place::Graph(cloud)) => graph::answer(world, *cloud, call),
        Some(Place::Vault(key)) => keyvault::answer(world, key, call),
        Some(Place::Dataverse(key)) => dataverse::answer(world, key, call),
        Some(Place::Finops(key)) => finops::answer(world, key, call),
        Some(Place::PowerPlatform(platform)) => power_platform::answer(world, *platform, call),
        Some(Place::Administration(platform)) => {
            power_platform::administration(world, *platform, call)
        }
        Some(Place::Management(cloud)) => management::answer(world, *cloud, call),
        Some(Place::GlobalDiscovery(platform)) => {
            power_platform::global_discovery(world, *platform, call)
        }
        None => Answer::text(421, "no service of this name stands here"),
    }
}

fn record(world: &World, call: &Call, status: u16) {
    let client = match world.place(&call.host) {
        Some(Place::Login) if call.method == Method::POST => entra::asking_client(call),
        _ => world.token_client(call),
    };
    world.record(call, client, status, false);
}

fn response(answer: Answer) -> Response<Body> {
    let body = if answer.broken {
        let mut half = answer.body;
        half.truncate(half.len() / 2);
        let end = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        let parts = futures::stream::iter([Ok(Bytes::from(half)), Err(end)]);
        Body::from_stream(parts.boxed())
    } else {
        Body::from(answer.body)
    };
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (
            header::HeaderName::try_from(name),
            HeaderValue::from_str(&value),
        ) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
