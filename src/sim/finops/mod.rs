//! Finance & Operations: its data collections, and the metadata that names them.

mod metadata;
mod query;
mod refusals;
mod rows;

use axum::http::Method;
use serde_json::{Value, json};

use super::scenario::{Environment, Finops, FinopsRole, FinopsUser};
use super::wire::{Answer, Call};
use super::world::World;

/// A request to one environment, with everything its answer depends on.
struct Desk<'a> {
    world: &'a World,
    call: &'a Call,
    finops: &'a Finops,
    /// The user that the asking client acts as.
    user: &'a FinopsUser,
}

/// Answers for the environment with this key.
pub(super) fn answer(world: &World, key: &str, call: &Call) -> Answer {
    judged(world, key, call)
        .unwrap_or_else(|refused| refused)
        .with("ms-dyn-aid", uuid::Uuid::new_v4().simple().to_string())
}

fn judged(world: &World, key: &str, call: &Call) -> Result<Answer, Answer> {
    let nowhere = || Answer::text(421, "");
    let environment: &Environment = world.environment(key).ok_or_else(nowhere)?;
    let finops = environment.finops.as_ref().ok_or_else(nowhere)?;
    let user = refusals::user(world, environment, finops, call)?;
    let desk = Desk {
        world,
        call,
        finops,
        user,
    };
    if call.method != Method::GET {
        return Err(refusals::message(
            405,
            "The simulator takes no writes here.",
        ));
    }
    desk.path(&call.segments())
}

impl Desk<'_> {
    /// The first part of a path is a route and may be written in any case; collections may not.
    fn path(&self, path: &[&str]) -> Result<Answer, Answer> {
        let (first, rest) = path
            .split_first()
            .ok_or_else(|| refusals::no_route(self.call))?;
        match (first.to_ascii_lowercase().as_str(), rest) {
            ("data", []) => Ok(self.service()),
            ("data", ["$metadata"]) => Ok(metadata::document(self)),
            ("data", [name]) => {
                let collection = self
                    .finops
                    .collection(name)
                    .ok_or_else(|| refusals::no_route(self.call))?;
                if !self.may_read(&collection.set) {
                    return Err(refusals::forbidden(self.finops));
                }
                query::list(self, &collection)
            }
            ("metadata", [name]) => metadata::answer(self, name),
            _ => Err(refusals::no_route(self.call)),
        }
    }

    /// The service document: every public collection, whoever asks.
    fn service(&self) -> Answer {
        let value: Vec<Value> = self.finops.every_collection()
            .iter()
            .map(|collection| {
                json!({ "name": collection.set, "kind": "EntitySet", "url": collection.set })
            })
            .collect();
        found(&json!({ "@odata.context": self.context(""), "value": value }))
    }

    fn context(&self, rest: &str) -> String {
        format!("https://{}/data/$metadata{rest}", self.finops.host)
    }

    fn may_read(&self, set: &str) -> bool {
        roles(self.finops, self.user)
            .any(|role| role.administrator || role.read.iter().any(|read| read == set))
    }
}

/// The roles a user holds.
fn roles<'a>(finops: &'a Finops, user: &'a FinopsUser) -> impl Iterator<Item = &'a FinopsRole> {
    finops
        .roles
        .iter()
        .filter(|role| user.roles.contains(&role.name))
}

fn found(body: &Value) -> Answer {
    Answer::json(200, body)
        .with(
            "content-type",
            "application/json; odata.metadata=minimal; odata.streaming=true",
        )
        .with("odata-version", "4.0")
}
