//! How Finance & Operations refuses: who asks, as which user, and what a refusal looks like.

use serde_json::json;

use super::{Finops, FinopsUser};
use crate::sim::scenario::{DisabledFinopsUser, Environment, RefusalBody};
use crate::sim::wire::{Answer, Call};
use crate::sim::world::World;

/// The user that the asking client acts as. Everything wrong with the token looks the same from outside.
pub(super) fn user<'a>(
    world: &World,
    environment: &Environment,
    finops: &'a Finops,
    call: &Call,
) -> Result<&'a FinopsUser, Answer> {
    let refuse = || unauthorized(finops);
    let token = call.bearer().ok_or_else(refuse)?;
    let caller = world.key.verify(token, world.now()).map_err(|_| refuse())?;
    let tenant = world.tenant(&environment.tenant).ok_or_else(refuse)?;
    // Exactly the root url: no slash at its end, no capitals.
    if caller.aud != format!("https://{}", finops.host)
        || !caller.tid.eq_ignore_ascii_case(&tenant.id)
        || caller.oid.is_empty()
    {
        return Err(refuse());
    }
    let mut users = finops.users.iter();
    let user = match world.person_of(&caller) {
        Some(person) => users.find(|user| user.person.as_deref() == Some(person)),
        None => {
            let name = world.name_of(&caller).ok_or_else(refuse)?;
            let mut clients = finops.clients.iter();
            let client = clients.find(|client| client.application == name);
            let client = client.ok_or_else(refuse)?;
            users.find(|user| user.name == client.user)
        }
    };
    let user = user.ok_or_else(refuse)?;
    match finops.disabled_user {
        _ if !user.disabled => Ok(user),
        DisabledFinopsUser::Unauthorized => Err(refuse()),
        DisabledFinopsUser::Forbidden => Err(forbidden(finops)),
    }
}

fn unauthorized(finops: &Finops) -> Answer {
    let json = json!({
        "Message": "Authentication failed.",
        "StackTrace": null,
        "ExceptionType": "System.InvalidOperationException",
    });
    dressed(401, finops.unauthorized, &json, "Unauthorized")
}

pub(super) fn forbidden(finops: &Finops) -> Answer {
    let json = json!({ "Message": "Forbidden" });
    dressed(403, finops.forbidden, &json, "Forbidden")
}

fn dressed(status: u16, form: RefusalBody, json: &serde_json::Value, word: &str) -> Answer {
    let answer = match form {
        RefusalBody::Empty => Answer::text(status, ""),
        RefusalBody::Json => Answer::json(status, json),
        RefusalBody::Html => Answer::text(
            status,
            format!(
                "<!DOCTYPE html>\r\n<html><head><title>{status} - {word}</title></head>\r\n<body><h1>{word}</h1><p>Access is denied.</p></body></html>\r\n"
            ),
        )
        .with("content-type", "text/html"),
    };
    answer.with("p3p", "CP=\"No P3P policy defined.\"")
}

pub(super) fn message(status: u16, text: &str) -> Answer {
    Answer::json(status, &json!({ "Message": text }))
}

/// 404 of a path that leads nowhere; an unknown collection is one.
pub(super) fn no_route(call: &Call) -> Answer {
    let text = format!(
        "No HTTP resource was found that matches the request URI 'https://{}{}'. No route data was found for this request.",
        call.host, call.path_and_query
    );
    message(404, &text)
}

/// 400 of a query that is not understood.
pub(super) fn bad_query(text: &str) -> Answer {
    let error = json!({ "error": { "code": "", "message": "The query specified in the URI is not valid.", "innererror": { "message": text } } });
    Answer::json(400, &error)
}
