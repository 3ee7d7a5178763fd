//! `POST /v1.0/users/{id or address}/sendMail` with a mail as MIME (Graph v1.0, "user: sendMail").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Refused;
use crate::sim::tokens::Caller;
use crate::sim::wire::{Answer, Call};
use crate::sim::world::{TakenMail, World};

/// 202 and nothing else. A token may send with the permission Mail.Send, from every mailbox; or with none,
/// from a mailbox whose Exchange role names its application.
pub(super) fn answer(
    world: &World,
    caller: &Caller,
    call: &Call,
    mailbox: &str,
) -> Result<Answer, Refused> {
    let known = world
        .scenario
        .mailboxes
        .iter()
        .find(|known| known.address.eq_ignore_ascii_case(mailbox));
    let application = world.application_of(caller);
    let sends_for_it = known.is_some_and(|known| {
        application.is_some_and(|application| known.senders.contains(&application.name))
    });
    if !sends_for_it && !caller.roles.iter().any(|role| role == "Mail.Send") {
        let message = "Access is denied. Check credentials and try again.";
        return Err(Refused(403, "ErrorAccessDenied", message.to_owned()));
    }
    let Some(known) = known else {
        let message = format!("The requested user '{mailbox}' is invalid.");
        return Err(Refused(404, "ErrorInvalidUser", message));
    };
    let kind = call.header("content-type").unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("text/plain") {
        let message = "The simulator takes mails as MIME only.".to_owned();
        return Err(Refused(415, "RequestBodyRead", message));
    }
    let mime = STANDARD.decode(&call.body).map_err(|_| {
        let message = "Invalid base64 string for MIME content.".to_owned();
        Refused(400, "ErrorMimeContentInvalidBase64String", message)
    })?;
    world.take_mail(TakenMail {
        mailbox: known.address.clone(),
        client_id: caller.appid.clone(),
        mime,
    });
    Ok(Answer::text(202, ""))
}
