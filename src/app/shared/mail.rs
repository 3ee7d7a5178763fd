//! From the estate's [mail] table to a mail on its way.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::error::Failure;
use super::mail_way::Way;
use super::screen::Screen;
use crate::collect::Options;
use crate::deliver::{Attachment, Outgoing};
use crate::estate::{Estate, Mail};
use crate::model::Assessment;
use crate::report;

/// Mails the report to everyone in `[mail]`.
pub(crate) async fn send(
    estate: &Estate,
    config: &Path,
    options: &Options,
    assessment: &Assessment,
    date: DateTime<Utc>,
    screen: &Screen,
) -> Result<(), Failure> {
    let Some(mail) = &estate.mail else {
        return Ok(());
    };
    let way = Way::of(mail, estate, config, options).await?;
    let sent = way.send(&outgoing(mail, estate, assessment, date)).await?;
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
pub(crate) fn outgoing(
    mail: &Mail,
    estate: &Estate,
    assessment: &Assessment,
    date: DateTime<Utc>,
) -> Outgoing {
    let tenants = || {
        estate
            .tenants
            .keys()
            .cloned()
            .collect::<Vec<_>>()
            .join(", ")
    };
    let whose = estate.history.name.clone().unwrap_or_else(tenants);
    let text = report::mail(assessment, &whose);
    Outgoing {
        from: mail.from.clone(),
        to: mail.to.clone(),
        subject: text.subject,
        text: text.body,
        html: Some(text.html),
        attachments: attachments(assessment),
        message_id: format!("{}.report@{}", assessment.run.id, domain(&mail.from)),
        date,
    }
}

/// The page, and the calendar.
pub(crate) fn attachments(assessment: &Assessment) -> Vec<Attachment> {
    vec![
        Attachment {
            name: format!("credaudit-{}.html", assessment.run.as_of.format("%Y-%m-%d")),
            content_type: "text/html; charset=utf-8".to_owned(),
            bytes: report::html(assessment).into_bytes(),
        },
        Attachment {
            name: "credentials.ics".to_owned(),
            content_type: "text/calendar; charset=utf-8".to_owned(),
            bytes: report::machine::calendar::calendar(assessment).into_bytes(),
        },
    ]
}

/// The domain of an address, for Message-IDs.
pub(crate) fn domain(address: &str) -> &str {
    address
        .rsplit_once('@')
        .map_or("credaudit", |(_, domain)| domain.trim_end_matches('>'))
}
