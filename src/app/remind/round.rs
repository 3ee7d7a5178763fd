//! One round of reminders against the history: claimed, intended, sent, recorded.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

use super::from;
use super::message::message;
use crate::app::mail::domain;
use crate::deliver::Outgoing;
use crate::estate::{Mail, Routing};
use crate::evaluate::remind::{Past, Told, due, standing};
use crate::history::{
    Claim, Claimed, HistoryError, Intent, Message, MessageKind, Reminder, ReminderKind, Started,
    Store,
};
use crate::model::Assessment;
use crate::model::reminder::{Digest, NoticeKind};

/// What is claimed, and for how long: longer than the slowest single send.
const CLAIM: &str = "reminders";
const TTL: TimeDelta = TimeDelta::minutes(10);
/// Between an estate's name and a registration's, in the history: several estates may share one file.
const WITHIN: char = '\u{1f}';

/// Where messages go.
pub(super) trait Outbox {
    /// Hands one message over. The error is in words, and holds no secret.
    async fn post(&mut self, mail: &Outgoing) -> Result<(), String>;
}

/// What became of a round.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Another run is at it.
    Busy { run: String },
    Done {
        sent: usize,
        /// Recipient and why.
        failed: Vec<(String, String)>,
    },
}

/// Everything one round is about.
pub(super) struct Round<'a> {
    pub assessment: &'a Assessment,
    pub routing: &'a Routing,
    pub mail: &'a Mail,
    /// What the estate is called in the history.
    pub estate: &'a str,
    pub clock: &'a (dyn Fn() -> DateTime<Utc> + Sync),
}

/// What the history knows of earlier rounds of this estate.
pub(super) async fn past(
    store: &mut Store,
    assessment: &Assessment,
    routing: &Routing,
    estate: &str,
) -> Result<Past, HistoryError> {
    let mut past = Past::default();
    let prefix = format!("{estate}{WITHIN}");
    for last in store.open_reminders().await? {
        if let Some(name) = last.reminder.registration.strip_prefix(&prefix) {
            past.open.push(Told {
                recipient: last.recipient,
                registration: name.to_owned(),
                credential: last.reminder.credential,
                band: last.reminder.band,
            });
        }
    }
    for key in standing(assessment, routing).iter().map(|one| one.key()) {
        let registration = format!("{prefix}{}", key.0);
        if let Some(first) = store.first_told(&registration, &key.1, &key.2).await? {
            past.first.insert(key, first);
        }
    }
    let people = assessment
        .registrations
        .iter()
        .flat_map(|view| &view.route.to);
    for person in people {
        if !past.last_message.contains_key(person)
            && let Some(at) = store
                .last_message(&person.to_ascii_lowercase(), None)
                .await?
        {
            past.last_message.insert(person.clone(), at);
        }
    }
    Ok(past)
}

impl Round<'_> {
    /// Sends every message that is due, one person after the other. Somebody who cannot be reached keeps
    /// nobody else from being told.
    ///
    /// # Errors
    /// What keeps the history from being used. Whatever was intended by then is tried again next time.
    pub async fn send(
        &self,
        store: &mut Store,
        outbox: &mut impl Outbox,
    ) -> Result<Outcome, HistoryError> {
        let run = &self.assessment.run.id;
        let mut claim = match store.claim(CLAIM, run, (self.clock)(), TTL).await? {
            Claimed::Held(claim) => claim,
            Claimed::Busy { run, .. } => return Ok(Outcome::Busy { run }),
        };
        let past = past(store, self.assessment, self.routing, self.estate).await?;
        let unsettled = store.unsettled().await?;
        let (mut sent, mut failed) = (0, Vec::new());
        for digest in due(self.assessment, self.routing, &past) {
            match store.claim(CLAIM, run, (self.clock)(), TTL).await? {
                Claimed::Held(prolonged) => claim = prolonged,
                Claimed::Busy { run, .. } => return Ok(Outcome::Busy { run }),
            }
            match self.one(store, outbox, &claim, &digest, &unsettled).await? {
                Ok(true) => sent += 1,
                Ok(false) => {}
                Err(why) => failed.push((digest.recipient, why)),
            }
        }
        store.release(&claim).await?;
        Ok(Outcome::Done { sent, failed })
    }

    /// Intended, sent, recorded: in this order, so that a crash repeats a message and never loses one.
    async fn one(
        &self,
        store: &mut Store,
        outbox: &mut impl Outbox,
        claim: &Claim,
        digest: &Digest,
        unsettled: &[Message],
    ) -> Result<Result<bool, String>, HistoryError> {
        let mut intent = self.intent(digest);
        // The same message that an earlier round began keeps its Message-ID.
        let begun = unsettled.iter().find(|message| {
            message.recipient == intent.recipient
                && message.kind == intent.kind
                && message.reminders == intent.reminders
        });
        if let Some(begun) = begun {
            intent.id.clone_from(&begun.id);
        }
        let now = (self.clock)();
        if store.intend(claim, &intent, now).await? == Started::AlreadySent {
            return Ok(Ok(false));
        }
        let mail = message(digest, self.assessment, from(self.mail), &intent.id, now);
        match outbox.post(&mail).await {
            Ok(()) => {
                store.sent(&intent.id, (self.clock)()).await?;
                Ok(Ok(true))
            }
            Err(why) => {
                store.failed(&intent.id, &why, (self.clock)()).await?;
                Ok(Err(why))
            }
        }
    }

    fn intent(&self, digest: &Digest) -> Intent {
        let mut reminders: Vec<Reminder> = digest
            .notices
            .iter()
            .map(|notice| Reminder {
                registration: format!("{}{WITHIN}{}", self.estate, notice.registration),
                credential: notice.credential.clone(),
                band: notice.band.clone(),
                kind: match notice.kind {
                    NoticeKind::Band => ReminderKind::Band,
                    NoticeKind::Escalated => ReminderKind::Escalated,
                    NoticeKind::Closed => ReminderKind::Closed,
                },
            })
            .collect();
        reminders.sort();
        reminders.dedup();
        let recipient = digest.recipient.to_ascii_lowercase();
        let whose = Sha256::digest(recipient.as_bytes());
        let whose: String = whose
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Intent {
            id: format!(
                "{}.{whose}@{}",
                self.assessment.run.id,
                domain(from(self.mail))
            ),
            recipient,
            kind: if reminders.is_empty() {
                MessageKind::Alive
            } else {
                MessageKind::Digest
            },
            reminders,
        }
    }
}
