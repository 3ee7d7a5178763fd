//! Dataverse's Web API: who am I, users with their roles, table metadata, and reads of tables.

mod choices;
mod functions;
mod metadata;
mod people;
mod privileges;
mod query;
mod refusals;
mod rights;
mod rows;
mod sight;
mod writes;

use axum::http::Method;
use serde_json::Value;

use super::catalogue::Table;
use super::odata::{self, keyed};
use super::scenario::{Environment, User};
use super::tokens::Caller;
use super::wire::{Answer, Call};
use super::world::World;

/// Characters of a path and query that the server reads; the documents name no number.
const LONGEST: usize = 4096;

const OPTIONS: &[&str] = &[
    "$select",
    "$filter",
    "$expand",
    "$top",
    "$count",
    "$skiptoken",
];

/// A request to one environment, with everything its answer depends on.
struct Desk<'a> {
    world: &'a World,
    call: &'a Call,
    environment: &'a Environment,
    /// The user that asks.
    user: &'a User,
    /// And the client its token was issued to.
    client_id: String,
}

/// Answers for the environment with this key.
pub(super) fn answer(world: &World, key: &str, call: &Call) -> Answer {
    let answer = judged(world, key, call).unwrap_or_else(|refused| refused);
    let answer = answer
        .with("odata-version", "4.0")
        .with("x-ms-service-request-id", uuid::Uuid::new_v4().to_string());
    match call.header("x-ms-client-request-id") {
        Some(id) => answer.with("x-ms-client-request-id", id.to_owned()),
        None => answer,
    }
}

fn judged(world: &World, key: &str, call: &Call) -> Result<Answer, Answer> {
    let environment = world
        .environment(key)
        .ok_or_else(|| Answer::text(421, ""))?;
    let caller = refusals::caller(world, environment, call)?;
    let user = member(world, environment, &caller)?;
    let desk = Desk {
        world,
        call,
        environment,
        user,
        client_id: caller.appid,
    };
    if call.path_and_query.len() > LONGEST {
        let text = "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"><HTML><HEAD><TITLE>URI Too Long</TITLE></HEAD><BODY><h2>URI Too Long</h2></BODY></HTML>";
        return Err(Answer::text(414, text).with("content-type", "text/html; charset=us-ascii"));
    }
    let segments = call.segments();
    let ["api", "data", version, path @ ..] = segments.as_slice() else {
        return Err(refusals::no_segment(
            segments.last().copied().unwrap_or_default(),
        ));
    };
    if !["v9.0", "v9.1", "v9.2"].contains(version) {
        return Err(refusals::no_segment(version));
    }
    match call.method {
        Method::GET => desk.path(path),
        Method::PATCH | Method::DELETE | Method::POST => writes::answer(&desk, path),
        _ => {
            let text = "The requested resource does not support this method.";
            Err(refusals::error(405, "0x80060888", text))
        }
    }
}

/// The enabled user of a token: an application's, or a person's.
fn member<'a>(
    world: &'a World,
    environment: &'a Environment,
    caller: &Caller,
) -> Result<&'a User, Answer> {
    let person = world.person_of(caller);
    let application = world.application_of(caller);
    let user = environment
        .users
        .iter()
        .find(|user| match person {
            Some(_) => user.person.as_deref() == person,
            None => {
                user.application.is_some()
                    && user.application.as_ref() == application.map(|known| &known.name)
            }
        })
        .ok_or_else(refusals::not_a_member)?;
    if user.disabled {
        return Err(refusals::disabled(environment, user));
    }
    Ok(user)
}

impl Desk<'_> {
    /// Whether this is the asking user's own row, in an environment that lets everybody see that.
    fn is_self(&self, table: &Table, key: &str) -> bool {
        self.environment.own_user_is_readable
            && table.name == "systemuser"
            && people::user_id(self.environment, self.user).eq_ignore_ascii_case(key)
    }

    fn path(&self, path: &[&str]) -> Result<Answer, Answer> {
        let (first, rest) = path.split_first().ok_or_else(|| refusals::no_segment(""))?;
        let function = first.split('(').next().unwrap_or(first);
        match (function, rest) {
            ("WhoAmI", []) => return functions::who_am_i(self),
            ("RetrieveVersion", []) => return functions::version(self),
            ("RetrieveCurrentOrganization", []) => return functions::organization(self),
            ("RetrieveRolePrivilegesRole", []) => return rights::of_role(self, first),
            ("EntityDefinitions", []) => return metadata::answer(self, keyed(first)),
            ("GlobalOptionSetDefinitions", []) => return choices::answer(self, keyed(first)),
            _ => {}
        }
        if let Some(option) = odata::unknown_option(&self.call.query, OPTIONS) {
            let message = format!("The query option '{option}' is not supported by the simulator.");
            return Err(refusals::bad_query(&message));
        }
        let table = self
            .environment
            .table_of_set(function)
            .ok_or_else(|| refusals::no_segment(function))?;
        match (keyed(first), rest) {
            (None, []) => query::list(
                self,
                &table,
                &sight::seen(self, &table, rows::of_table(self, &table)),
            ),
            (Some((_, field, key)), rest) => {
                let row = self.row(&table, field, key)?;
                self.of_row(&table, &row, rest)
            }
            (None, _) => Err(no_last_segment(rest)),
        }
    }

    /// The row of this key, where the user may see it.
    fn row(&self, table: &Table, field: Option<&str>, key: &str) -> Result<Value, Answer> {
        let is_self = self.is_self(table, key);
        if !is_self {
            privileges::check(self, "Read", table)?;
        }
        let row = rows::of_table(self, table)
            .into_iter()
            .find(|row| matches_key(row, field.unwrap_or(&table.id_field), key))
            .ok_or_else(|| refusals::no_record(self.environment, table, key))?;
        if is_self || sight::sees(self, table, &row) {
            Ok(row)
        } else {
            Err(refusals::no_access(self.environment, self.user, table, key))
        }
    }

    /// A row, or what hangs on it.
    fn of_row(&self, table: &Table, row: &Value, rest: &[&str]) -> Result<Answer, Answer> {
        match rest {
            [] => query::single(self, table, row),
            [navigation] if navigation.starts_with("Microsoft.Dynamics.CRM.") => {
                rights::of_user(self, row, navigation)
            }
            [navigation] => {
                let (target, rows) = rows::related(self, table, row, navigation)
                    .ok_or_else(|| refusals::no_segment(navigation))?;
                query::list(self, &target, &sight::seen(self, &target, rows))
            }
            _ => Err(no_last_segment(rest)),
        }
    }
}

fn no_last_segment(rest: &[&str]) -> Answer {
    refusals::no_segment(rest.last().copied().unwrap_or_default())
}

fn matches_key(row: &Value, field: &str, key: &str) -> bool {
    row[field]
        .as_str()
        .is_some_and(|value| value.eq_ignore_ascii_case(key))
}
