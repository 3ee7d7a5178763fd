//! Hands mails to a mail server, and asks again where its "no" is for now.

use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use lettre::{Address, Message};
use secrecy::ExposeSecret;
use tokio::time::{Instant, timeout_at};

use super::error::DeliverError;
use super::mail::{MailServer, Outgoing, Refused, Sent, message};

mod seen;
mod talk;

use seen::seen;
use talk::{Attempt, NAMING, Talk};

/// One talk is over within this time, but for the message itself.
const DEADLINE: Duration = Duration::from_secs(30);
/// Handing over the message takes no longer than this.
const TAKING: Duration = Duration::from_secs(10 * 60);
/// And its last words no longer than this.
const GOODBYE: Duration = Duration::from_secs(5);
/// Before each further try, where the server asks to come back later.
const PAUSES: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(20)];

/// Hands `mail` to `server`. A recipient that is refused does not keep the mail from the others; one that is
/// refused for now is tried again, alone.
///
/// `extra_ca` are certificates (PEM) trusted as well as the machine's own.
///
/// # Errors
/// Which step failed, what was seen and what to do; never with the password in it.
pub async fn send(
    server: &MailServer,
    mail: &Outgoing,
    extra_ca: Option<&str>,
) -> Result<Sent, DeliverError> {
    send_again(server, mail, extra_ca, &PAUSES, DEADLINE).await
}

/// Tries again where the server's "no" is temporary by its own word. The mail stays the same to the byte,
/// its Message-ID with it, so that a server which took it after all can tell one mail from two.
async fn send_again(
    server: &MailServer,
    mail: &Outgoing,
    extra_ca: Option<&str>,
    pauses: &[Duration],
    deadline: Duration,
) -> Result<Sent, DeliverError> {
    let message = message(mail)?;
    let credentials = credentials(server)?;
    let tls = tls_parameters(server, extra_ca)?;
    let mut left = message.envelope().to().to_vec();
    let mut sent = Sent {
        accepted: 0,
        refused: Vec::new(),
    };
    let mut pauses = pauses.iter();
    loop {
        let talk = Talk {
            server,
            name: server.to_string(),
            deadline,
            until: Instant::now() + deadline,
            taking: TAKING,
        };
        let tried = try_once(&talk, &tls, credentials.as_ref(), &message, mail, &left).await;
        let pause = pauses.next();
        match tried {
            Ok(attempt) => {
                sent.accepted += attempt.accepted;
                sent.refused.extend(attempt.refused);
                if attempt.later.is_empty() || pause.is_none() {
                    return finished(server, sent, attempt.later);
                }
                left = attempt.later.into_iter().map(|(one, _)| one).collect();
            }
            Err(DeliverError::NotNow { .. }) if pause.is_some() => {}
            Err(error) if sent.accepted == 0 && sent.refused.is_empty() => return Err(error),
            // Some have it already: what went wrong after that keeps it from the rest alone.
            Err(error) => {
                let seen = error.to_string();
                let rest = left.into_iter().map(|one| (one, seen.clone())).collect();
                return finished(server, sent, rest);
            }
        }
        if let Some(pause) = pause {
            tokio::time::sleep(*pause).await;
        }
    }
}

async fn try_once(
    talk: &Talk<'_>,
    tls: &TlsParameters,
    credentials: Option<&Credentials>,
    message: &Message,
    mail: &Outgoing,
    recipients: &[Address],
) -> Result<Attempt, DeliverError> {
    let mut line = talk.connect(tls.clone()).await?;
    if let Some(credentials) = credentials {
        talk.sign_in(&mut line, credentials).await?;
    }
    let sent = talk
        .hand_over(&mut line, message, &mail.from, recipients)
        .await;
    // The mail is with the server or it is not: a goodbye that fails changes nothing.
    let _ = timeout_at(Instant::now() + GOODBYE, line.quit()).await;
    sent
}

/// What is told of a mail that is not tried again; `later` are those still refused for now.
fn finished(
    server: &MailServer,
    mut sent: Sent,
    later: Vec<(Address, String)>,
) -> Result<Sent, DeliverError> {
    let for_now = sent.refused.is_empty();
    sent.refused
        .extend(later.into_iter().map(|(address, seen)| Refused {
            address: address.to_string(),
            seen,
        }));
    if sent.accepted > 0 {
        return Ok(sent);
    }
    let server = server.to_string();
    let seen = sent
        .refused
        .iter()
        .map(|one| format!("{} ({})", one.address, one.seen))
        .collect::<Vec<_>>()
        .join(", ");
    Err(if for_now {
        let stage = NAMING;
        DeliverError::NotNow {
            server,
            stage,
            seen,
        }
    } else {
        DeliverError::RecipientsRefused { server, seen }
    })
}

fn credentials(server: &MailServer) -> Result<Option<Credentials>, DeliverError> {
    match (&server.user, &server.password) {
        (Some(user), Some(password)) => Ok(Some(Credentials::new(
            user.clone(),
            password.expose_secret().to_owned(),
        ))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(DeliverError::HalfASignIn {
            present: "a user",
            absent: "password",
        }),
        (None, Some(_)) => Err(DeliverError::HalfASignIn {
            present: "a password",
            absent: "user",
        }),
    }
}

/// The machine's own roots (`SSL_CERT_FILE` on Linux), TLS 1.2 at least, the name checked.
fn tls_parameters(
    server: &MailServer,
    extra_ca: Option<&str>,
) -> Result<TlsParameters, DeliverError> {
    let failed = |error: SmtpError| DeliverError::Encryption {
        server: server.to_string(),
        seen: seen(&error, server),
    };
    let mut builder = TlsParameters::builder(server.host.clone());
    if let Some(pem) = extra_ca {
        let certificate = Certificate::from_pem(pem.as_bytes()).map_err(failed)?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(failed)
}

#[cfg(test)]
mod tests;
