//! A mail as it is put together, and the server it goes through.

use std::fmt;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::message::{Mailbox, header};
use secrecy::SecretString;

use super::error::DeliverError;

mod body;

use body::{Body, body};

/// How the connection to the mail server is encrypted. There is no unencrypted way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Plain at first, then encrypted before anything is said; a server that does not offer it is left.
    StartTls,
    /// Encrypted from the first byte.
    Implicit,
}

/// How to sign in to a mail server, where a user is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// PLAIN or LOGIN.
    Password,
    /// XOAUTH2: `user=<mailbox>^Aauth=Bearer <token>^A^A` (Exchange Online).
    Token,
}

/// The server a mail is handed to.
#[derive(Clone, Debug)]
pub struct MailServer {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub sign_in: SignIn,
    pub user: Option<String>,
    /// The password, or the token.
    pub password: Option<SecretString>,
}

impl fmt::Display for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// One mail, ready to go. Everything that would differ between two runs is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// `credaudit@contoso.com` or `Audit <credaudit@contoso.com>`.
    pub from: String,
    pub to: Vec<String>,
    pub subject: String,
    pub text: String,
    /// The same content as HTML, for clients that show it; they choose.
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
    /// Without angle brackets: `run-id@credaudit`.
    pub message_id: String,
    pub date: DateTime<Utc>,
}

/// A file that goes with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// `report.html`; what no file name may hold is replaced.
    pub name: String,
    /// `text/html; charset=utf-8`.
    pub content_type: String,
    pub bytes: Vec<u8>,
}

/// What became of a mail that went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// How many recipients the server took it for.
    pub accepted: usize,
    /// Those it did not, with its words; the mail went to the others.
    pub refused: Vec<Refused>,
}

/// A recipient that the server would not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub address: String,
    pub seen: String,
}

/// The mail as bytes, headers and all, as a `.eml` file holds it.
///
/// # Errors
/// When an address is none, or nobody is named.
pub fn eml(mail: &Outgoing) -> Result<Vec<u8>, DeliverError> {
    Ok(message(mail)?.formatted())
}

/// The mail with its envelope.
pub(super) fn message(mail: &Outgoing) -> Result<Message, DeliverError> {
    if mail.to.is_empty() {
        return Err(DeliverError::NoRecipient);
    }
    let mut builder = Message::builder()
        .from(mailbox(&mail.from)?)
        .subject(one_line(&mail.subject))
        .date(date(mail.date))
        .message_id(Some(message_id(&mail.message_id)))
        .raw_header(header::HeaderValue::new(
            header::HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    for address in &mail.to {
        builder = builder.to(mailbox(address)?);
    }
    match body(mail)? {
        Body::Text(part) => builder.singlepart(part),
        Body::Parts(parts) => builder.multipart(parts),
    }
    .map_err(|error| DeliverError::Message {
        seen: error.to_string(),
    })
}

fn mailbox(address: &str) -> Result<Mailbox, DeliverError> {
    let refuse = |reason: &str| DeliverError::Address {
        address: one_line(address),
        reason: reason.to_owned(),
    };
    if address.contains(char::is_control) {
        return Err(refuse("it holds a control character"));
    }
    let mailbox: Mailbox = address
        .parse()
        .map_err(|error: lettre::address::AddressError| refuse(&error.to_string()))?;
    if !mailbox.email.to_string().is_ascii() {
        return Err(refuse(
            "only ASCII addresses are sent to; write the domain in its xn-- form",
        ));
    }
    Ok(mailbox)
}

/// Text for a header: no character that could end it and start another.
fn one_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|one| {
            if one.is_control() || one == '\u{2028}' || one == '\u{2029}' {
                ' '
            } else {
                one
            }
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn message_id(id: &str) -> String {
    let kept: String = id
        .chars()
        .filter(|one| one.is_ascii_graphic() && !matches!(one, '<' | '>'))
        .collect();
    format!("<{kept}>")
}

/// The date header knows the years 1970 to 9999 only.
fn date(at: DateTime<Utc>) -> SystemTime {
    let latest = DateTime::from_timestamp(253_402_300_799, 0).unwrap_or(DateTime::UNIX_EPOCH);
    at.clamp(DateTime::UNIX_EPOCH, latest).into()
}

#[cfg(test)]
mod tests;
