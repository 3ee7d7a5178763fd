//! A mail as it is put together, and the server it goes through.

use std::fmt;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::message::{Mailbox, SinglePart, header};
use secrecy::SecretString;

use super::error::DeliverError;

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
    /// Without angle brackets: `run-id@credaudit`.
    pub message_id: String,
    pub date: DateTime<Utc>,
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
    builder
        .singlepart(SinglePart::plain(mail.text.clone()))
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
mod tests {
    use super::*;

    fn outgoing() -> Outgoing {
        Outgoing {
            from: "credaudit <credaudit@contoso.com>".into(),
            to: vec!["security@contoso.com".into(), "crm@contoso.com".into()],
            subject: "credaudit: FINDINGS 1 für 日本".into(),
            text: "first line\n.\n..two dots\nGröße 日本\n".into(),
            message_id: "run-1@credaudit".into(),
            date: "2026-11-21T06:00:00Z".parse().expect("a literal date"),
        }
    }

    fn text(mail: &Outgoing) -> String {
        String::from_utf8(eml(mail).expect("a mail")).expect("text")
    }

    #[test]
    fn the_same_mail_gives_the_same_bytes() {
        let first = text(&outgoing());
        assert_eq!(first, text(&outgoing()));
        for line in [
            "Message-ID: <run-1@credaudit>\r\n",
            "Date: Sat, 21 Nov 2026 06:00:00 +0000\r\n",
            "To: security@contoso.com, crm@contoso.com\r\n",
            "MIME-Version: 1.0\r\n",
            "Content-Type: text/plain; charset=utf-8\r\n",
        ] {
            assert!(first.contains(line), "{line} in {first}");
        }
        assert!(
            first.is_ascii(),
            "a mail needs nothing but ASCII on its way"
        );
        assert!(
            !first.replace("\r\n", "").contains(['\r', '\n']),
            "no bare line ends"
        );
    }

    #[test]
    fn no_header_can_be_slipped_in() {
        let mut mail = outgoing();
        mail.subject = "x\r\nBcc: thief@example.com\u{2028}y".into();
        mail.message_id = "a>\r\nBcc: thief@example.com".into();
        let sent = text(&mail);
        let headers = sent.split_once("\r\n\r\n").expect("headers").0;
        assert!(
            !headers.lines().any(|line| line.starts_with("Bcc")),
            "{headers}"
        );
        for address in [
            "a@b.example\r\nBcc: thief@example.com",
            "a@b\0.example",
            "nobody",
            "ü@ü.example",
        ] {
            mail.to = vec![address.into()];
            let error = eml(&mail).expect_err("no address").to_string();
            assert!(
                error.contains("cannot be used as a mail address"),
                "{error}"
            );
            assert!(!error.contains(char::is_control), "{error:?}");
        }
    }

    #[test]
    fn a_mail_to_nobody_is_refused() {
        let mut mail = outgoing();
        mail.to.clear();
        assert!(matches!(eml(&mail), Err(DeliverError::NoRecipient)));
    }

    #[test]
    fn a_date_out_of_range_is_no_panic() {
        let mut mail = outgoing();
        for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            mail.date = at;
            assert!(eml(&mail).is_ok());
        }
    }

    #[test]
    fn the_password_is_in_no_debug_output() {
        let server = MailServer {
            host: "smtp.contoso.com".into(),
            port: 587,
            tls: Tls::StartTls,
            sign_in: SignIn::Password,
            user: Some("credaudit".into()),
            password: Some("hunter2-canary".into()),
        };
        assert!(!format!("{server:?} {server}").contains("hunter2"));
    }
}
