//! One person's message as it leaves: text, HTML, their part of the report and their calendar.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::app::shared::mail;
use crate::deliver::Outgoing;
use crate::evaluate::audience;
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
    let names: BTreeSet<String> = digest.registrations.iter().cloned().collect();
    let verdict = report::nameless_verdict_line(assessment);
    let theirs = audience(assessment, &names, &verdict);
    let text = report::digest(&within(digest, &theirs), &assessment.run.id);
    let healthy = digest.notices.is_empty()
        && digest.still.is_empty()
        && digest.findings.is_empty()
        && digest.unanswered == 0;
    let attachments = if healthy {
        Vec::new()
    } else {
        mail::attachments(&theirs)
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

/// The message with the titles that this person may see: a finding's own title can name the registrations of others.
fn within(digest: &Digest, theirs: &Assessment) -> Digest {
    let mut digest = digest.clone();
    for found in &mut digest.findings {
        let mut findings = theirs.findings.iter();
        let seen = findings.find(|finding| finding.fingerprint == found.fingerprint);
        found.title = seen.map_or_else(String::new, |finding| finding.title.to_string());
    }
    digest
}
