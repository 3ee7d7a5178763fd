//! The mail server and how the audit signs in to it.

use crate::estate::{Smtp, SmtpAuth, SmtpTls};
use crate::model::word::labels;
use crate::source::{Table, Value};

use super::declared::Declared;
use super::secret_ref;

pub(super) fn read(value: &Value<'_>, declared: &Declared<'_>) -> Option<Smtp> {
    let table = value.table("the mail server")?;
    let host = table.needed("host", "the server's name", host);
    let tls = match table.get("tls") {
        None => Some(SmtpTls::Starttls),
        Some(value) => tls(&value),
    };
    let port = match table.get("port") {
        None => tls.map(|tls| match tls {
            SmtpTls::Starttls => 587,
            SmtpTls::Implicit => 465,
        }),
        Some(value) => value
            .whole(&(1..=65_535))
            .and_then(|port| u16::try_from(port).ok()),
    };
    let auth = auth(&table, declared);
    let ca = table.maybe("ca", Value::kept);
    table.close();
    Some(Smtp {
        host: host?,
        port: port?,
        tls: tls?,
        auth: auth?,
        ca: ca?,
    })
}

labels! {
    /// The words of `auth`.
    enum Auth {
        Password = "password",
        Xoauth2 = "xoauth2",
    }
}

/// By password where one is named, else as `auth` says.
fn auth(table: &Table<'_>, declared: &Declared<'_>) -> Option<SmtpAuth> {
    let (user, password) = (table.get("user"), table.get("password"));
    let by_token = match table.get("auth") {
        None => Some(Auth::Password),
        Some(value) => value.word(),
    }? == Auth::Xoauth2;
    if by_token && let Some(password) = &password {
        password.refuse_key(
            "`password` has no effect with auth = \"xoauth2\"",
            "does nothing here",
            "take it out: the audit's own identity gets a token for the mailbox",
        );
    }
    match (&user, &password) {
        (Some(user), None) if !by_token => user.refuse_key(
            "`user` is given without `password`",
            "no password",
            "write password = { env = \"NAME\" } or { secret = \"vault/name\" }, or auth = \"xoauth2\" for \
             Exchange Online",
        ),
        (None, Some(password)) => password.refuse_key(
            "`password` is given without `user`",
            "no user",
            "name the user, or take the password out",
        ),
        (None, None) if by_token => {
            table.need("user", "the mailbox that the token is for: user = \"credaudit@example.com\"");
        }
        _ => {}
    }
    match (user, password) {
        (Some(user), _) if by_token => user.kept().map(|user| SmtpAuth::Xoauth2 { user }),
        (Some(user), Some(password)) => {
            let password = secret_ref::password(&password, declared);
            Some(SmtpAuth::Password {
                user: user.kept()?,
                password: password?,
            })
        }
        (None, None) if !by_token => Some(SmtpAuth::None),
        _ => None,
    }
}

fn tls(value: &Value<'_>) -> Option<SmtpTls> {
    if value.raw().as_str() == Some("none") {
        return value.reject(
            "mail without TLS would send the report and the password in the clear",
            "refused",
            "write \"starttls\" (port 587) or \"implicit\" (port 465)",
        );
    }
    value.word()
}

fn host(value: &Value<'_>) -> Option<String> {
    let text = value.text()?;
    let fits = !text.is_empty()
        && text.len() <= 253
        && text.split('.').all(|label| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
    if !fits {
        return value.reject(
            "`host` is not a host name",
            "not a host name",
            "write the name alone: smtp.example.com; the port has a key of its own",
        );
    }
    Some(text.to_ascii_lowercase())
}
