//! Where reports are mailed, and through which server.

use crate::estate::{Mail, PasswordRef, Smtp, SmtpTls};
use crate::source::Value;

use super::declared::Declared;
use super::entry;
use super::text::{self, optional};

pub(super) fn read(value: &Value<'_>, declared: &Declared<'_>) -> Option<Mail> {
    let table = value.table("[mail]")?;
    let from = table
        .need("from", "the address reports come from")
        .and_then(|value| text::address(&value));
    let to = table
        .need("to", "write to = [\"security@example.com\"]")
        .and_then(|value| recipients(&value));
    let smtp = table
        .need(
            "smtp",
            "write smtp = { host = \"smtp.example.com\", tls = \"starttls\" }",
        )
        .and_then(|value| smtp(&value, declared));
    table.close();
    Some(Mail {
        from: from?,
        to: to?,
        smtp: smtp?,
    })
}

fn recipients(value: &Value<'_>) -> Option<Vec<String>> {
    let all = text::each(value, text::address)?;
    if all.is_empty() {
        value.refuse("`to` names nobody", "empty", "name at least one address");
        return None;
    }
    Some(all)
}

fn smtp(value: &Value<'_>, declared: &Declared<'_>) -> Option<Smtp> {
    let table = value.table("the mail server")?;
    let host = table
        .need("host", "the server's name")
        .and_then(|value| host(&value));
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
    let user = table.get("user");
    let password = table.get("password");
    match (&user, &password) {
        (Some(user), None) => user.refuse_key(
            "`user` stands without `password`",
            "no password",
            "write password = { env = \"NAME\" } or { secret = \"vault/name\" }",
        ),
        (None, Some(password)) => password.refuse_key(
            "`password` stands without `user`",
            "no user",
            "name the user, or take the password out",
        ),
        _ => {}
    }
    let user = optional(user, |value| value.filled().map(str::to_owned));
    let password = optional(password, |value| password_ref(value, declared));
    table.close();
    Some(Smtp {
        host: host?,
        port: port?,
        tls: tls?,
        user: user?,
        password: password?,
    })
}

fn tls(value: &Value<'_>) -> Option<SmtpTls> {
    if value.raw().as_str() == Some("none") {
        value.refuse(
            "mail without TLS would send the report and the password in the clear",
            "refused",
            "write \"starttls\" (port 587) or \"implicit\" (port 465)",
        );
        return None;
    }
    value.word(&[SmtpTls::Starttls, SmtpTls::Implicit], |tls| match tls {
        SmtpTls::Starttls => "starttls",
        SmtpTls::Implicit => "implicit",
    })
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
        value.refuse(
            "`host` is no host name",
            "not a host name",
            "write the name alone: smtp.example.com; the port has a key of its own",
        );
        return None;
    }
    Some(text.to_ascii_lowercase())
}

fn password_ref(value: &Value<'_>, declared: &Declared<'_>) -> Option<PasswordRef> {
    if value.raw().is_str() {
        value.refuse(
            "`password` is a plain text: secrets never stand in this file",
            "where it stands, not what it is",
            "write { env = \"NAME\" } or { secret = \"vault/name\" }; if this was a real password, \
             replace it, for the file may have been copied",
        );
        return None;
    }
    let table = value.table("the password")?;
    let found = match (table.get("env"), table.get("secret")) {
        (Some(env), None) => entry::variable(&env).map(PasswordRef::Env),
        (None, Some(secret)) => entry::read(&secret, declared).map(PasswordRef::Secret),
        (Some(_), Some(secret)) => {
            secret.refuse_key(
                "the password has both `env` and `secret`",
                "one of the two",
                "keep one",
            );
            None
        }
        (None, None) => {
            value.sheet().report_absence(
                value.span(),
                "the password has neither `env` nor `secret`",
                "where does it stand?",
                "write { env = \"NAME\" } or { secret = \"vault/name\" }",
            );
            None
        }
    };
    table.close();
    found
}
