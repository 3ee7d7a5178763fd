//! The Power Platform: its API, and the administration service before it.

mod administration;
mod asker;
mod environments;
mod instances;

use serde_json::{Value, json};

use super::clouds::Platform;
use super::scenario::{Environment, Template, User};
use super::wire::{Answer, Call};
use super::world::World;
use asker::Asker;

/// Answers for the Power Platform API.
pub(super) fn answer(world: &World, platform: Platform, call: &Call) -> Answer {
    traced(environments::answer(world, platform, call))
}

/// Answers for the administration service.
pub(super) fn administration(world: &World, platform: Platform, call: &Call) -> Answer {
    traced(administration::answer(world, platform, call))
}

/// Answers for the Global Discovery service.
pub(super) fn global_discovery(world: &World, platform: Platform, call: &Call) -> Answer {
    instances::answer(world, platform, call).unwrap_or_else(|refused| refused)
}

fn traced(answer: Result<Answer, Answer>) -> Answer {
    let id = uuid::Uuid::new_v4().to_string();
    answer
        .unwrap_or_else(|refused| refused)
        .with("x-ms-request-id", id.clone())
        .with("x-ms-correlation-request-id", id)
}

fn error(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(
        status,
        &json!({ "error": { "code": code, "message": message } }),
    )
}

/// The environments of the asker's tenant in this cloud, by the scenario's key.
fn environments_of<'w>(world: &'w World, asker: &Asker<'w>) -> Vec<&'w Environment> {
    let all = world.scenario.environments.values();
    all.filter(|environment| {
        environment.tenant == asker.tenant_key
            && asker.tenant.cloud.platform_of(&environment.host) == asker.platform
    })
    .collect()
}

/// The enabled user that somebody is in an environment.
fn user_of<'e>(environment: &'e Environment, person: Option<&str>) -> Option<&'e User> {
    person?;
    let mut users = environment.users.iter();
    users.find(|user| user.person.as_deref() == person && !user.disabled)
}

/// Whether a user administers the environment.
fn administers(environment: &Environment, user: &User) -> bool {
    let mut roles = environment.roles.iter();
    roles.any(|role| {
        role.template == Some(Template::SystemAdministrator) && user.roles.contains(&role.name)
    })
}

/// `contoso` of `contoso.crm4.dynamics.com`.
fn domain_name(host: &str) -> &str {
    host.split('.').next().unwrap_or_default()
}

/// One page of `rows`: what it shows, and where the next one begins, if there is one.
fn page(rows: Vec<Value>, skip: usize, size: usize) -> (Vec<Value>, Option<usize>) {
    let next = skip.saturating_add(size);
    let more = next < rows.len();
    let shown = rows.into_iter().skip(skip).take(size).collect();
    (shown, more.then_some(next))
}
