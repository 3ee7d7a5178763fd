//! Entra ID: the token endpoint, and the documents clients read before it.

mod asked;
mod assertion;
mod discovery;
mod person;
mod refusals;
mod resources;
mod token;

use axum::http::Method;

use super::wire::{Answer, Call};
use super::world::World;

pub(super) use person::{AZURE_CLI, password, token_of};
pub(super) use token::asking_client;

/// Answers for the login hosts.
pub(super) fn answer(world: &World, call: &Call) -> Answer {
    let segments = call.segments();
    match (&call.method, segments.as_slice()) {
        (&Method::POST, [tenant, "oauth2", "v2.0", "token"]) => token::answer(world, call, tenant),
        (&Method::GET, ["common", "discovery", "instance"]) => discovery::instances(call),
        (&Method::GET, ["common", "userrealm", user]) => discovery::user_realm(user),
        (&Method::GET, [tenant, "v2.0", ".well-known", "openid-configuration"])
        | (&Method::GET, [tenant, ".well-known", "openid-configuration"]) => {
            discovery::configuration(world, call, tenant)
        }
        (&Method::GET, [tenant, "discovery", "v2.0", "keys"]) => {
            discovery::keys(world, call, tenant)
        }
        (&Method::GET, _) => Answer::text(404, "").with("content-type", "text/html"),
        _ => Answer::text(405, "").with("allow", "GET"),
    }
}
