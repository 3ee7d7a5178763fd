//! From the estate's [mail] table to a mail on its way.
#![expect(
    clippy::disallowed_methods,
    reason = "the mail password may stand in an environment variable that the estate names"
)]

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::error::Failure;
use super::output::Screen;
use crate::collect::{Options, read_secret};
use crate::deliver::{self, Attachment, MailServer, Outgoing, Tls};
use crate::estate::{Estate, Mail, PasswordRef, SmtpTls};
use crate::model::Assessment;
use crate::report;

/// Mails the report to everyone in `[mail]`.
pub(super) async fn send(
    estate: &Estate,
    options: &Options,
    assessment: &Assessment,
    date: DateTime<Utc>,
    screen: &Screen,
) -> Result<(), Failure> {
    let Some(mail) = &estate.mail else {
        return Ok(());
    };
    let server = MailServer {
        host: mail.smtp.host.clone(),
        port: mail.smtp.port,
        tls: match mail.smtp.tls {
            SmtpTls::Starttls => Tls::StartTls,
            SmtpTls::Implicit => Tls::Implicit,
        },
        user: mail.smtp.user.clone(),
        password: match &mail.smtp.password {
            Some(from) => Some(password(from, estate, options).await?),
            None => None,
        },
    };
    let sent = deliver::send(&server, &outgoing(mail, assessment, date), None).await?;
    for refused in &sent.refused {
        screen.error(&format!(
            "the mail server refused {}: {}",
            refused.address, refused.seen
        ));
    }
    screen.note(&format!(
        "mailed the report to {} of {}",
        sent.accepted,
        mail.to.len()
    ));
    if sent.refused.is_empty() {
        Ok(())
    } else {
        Err(Failure::Tool(
            "not everyone got the report; correct the addresses in [mail]".to_owned(),
        ))
    }
}

/// The mail itself. Its Message-ID comes from the run, so that the same run sent twice is one mail.
pub(super) fn outgoing(mail: &Mail, assessment: &Assessment, date: DateTime<Utc>) -> Outgoing {
    let text = report::mail(assessment);
    let domain = mail
        .from
        .rsplit_once('@')
        .map_or("credaudit", |(_, domain)| domain);
    Outgoing {
        from: mail.from.clone(),
        to: mail.to.clone(),
        subject: text.subject,
        text: text.body,
        html: Some(text.html),
        attachments: vec![Attachment {
            name: format!("credaudit-{}.html", assessment.run.as_of.format("%Y-%m-%d")),
            content_type: "text/html; charset=utf-8".to_owned(),
            bytes: report::html(assessment).into_bytes(),
        }],
        message_id: format!(
            "{}.report@{}",
            assessment.run.id,
            domain.trim_end_matches('>')
        ),
        date,
    }
}

async fn password(
    from: &PasswordRef,
    estate: &Estate,
    options: &Options,
) -> Result<SecretString, Failure> {
    match from {
        PasswordRef::Env(name) => std::env::var(name)
            .ok()
            .filter(|value| !value.is_empty())
            .map(SecretString::from)
            .ok_or_else(|| {
                Failure::Usage(format!(
                    "the mail password should stand in the environment variable {name}, and it is not set"
                ))
            }),
        PasswordRef::Secret(entry) => read_secret(estate, options, entry).await.map_err(|gap| {
            Failure::Tool(format!("could not read the mail password {entry}: {gap}"))
        }),
    }
}
