//! One person's message as it leaves: text, HTML, their part of the report and their calendar.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::deliver::{Attachment, Outgoing};
use crate::model::Assessment;
use crate::model::reminder::Digest;
use crate::report;

/// Attachments hold nothing but this person's own registrations.
pub(super) fn message(
    digest: &Digest,
    assessment: &Assessment,
    from: &str,
    id: &str,
    date: DateTime<Utc>,
) -> Outgoing {
    let text = report::digest(digest, &assessment.run.id);
    let attachments = if digest.notices.is_empty() {
        Vec::new()
    } else {
        let names: BTreeSet<String> = digest.registrations.iter().cloned().collect();
        let theirs = report::only(assessment, &names);
        vec![
            Attachment {
                name: format!("credaudit-{}.html", digest.as_of.format("%Y-%m-%d")),
                content_type: "text/html; charset=utf-8".to_owned(),
                bytes: report::html(&theirs).into_bytes(),
            },
            Attachment {
                name: "credentials.ics".to_owned(),
                content_type: "text/calendar; charset=utf-8".to_owned(),
                bytes: report::calendar::calendar(&theirs).into_bytes(),
            },
        ]
    };
    Outgoing {
        from: from.to_owned(),
        to: vec![digest.recipient.clone()],
        subject: text.subject,
        text: text.body,
        html: Some(text.html),
        attachments,
        message_id: id.to_owned(),
        date,
    }
}
