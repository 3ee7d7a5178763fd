//! One round of reminders against the history: claimed, intended, sent, recorded.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

use super::from;
use super::message::message;
use crate::app::shared::mail::domain;
use crate::deliver::Outgoing;
use crate::estate::{Mail, Routing};
use crate::history::{
    Claim, Claimed, FirstTold, HistoryError, Intent, Message, MessageKind, Reminder, ReminderKind,
    Started, Store,
};
use crate::model::Assessment;
use crate::model::reminder::{Digest, Notice, NoticeKind};
use crate::remind::{First, Past, Told, due, standing};

/// What is claimed, by estate, and for how long: longer than the slowest single send.
const CLAIM: &str = "reminders";
const TTL: TimeDelta = TimeDelta::minutes(20);
/// How often a message is tried that settles matters and asks nobody for anything.
const TRIES: i64 = 5;
/// How often it is tried to record what was sent, with a second between.
const RECORDS: usize = 5;
/// Between an estate's name and a registration's, in the history: several estates may share one file.
const WITHIN: char = '\u{1f}';

/// Where messages go.
pub(super) trait Outbox {
    /// Hands one message over. The error is in words, and holds no secret.
    async fn post(&mut self, mail: &Outgoing) -> Result<(), String>;
}

/// What became of a round.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub sent: usize,
    /// Recipient and why.
    pub failed: Vec<(String, String)>,
    /// Who can not be told that something is settled, after several tries.
    pub given_up: Vec<String>,
    /// The run that is at it, and until when at most: what is due has to be asked again then.
    pub busy: Option<(String, DateTime<Utc>)>,
}

/// What became of one message.
enum Fate {
    Now,
    /// It was sent before.
    Before,
    /// It only settles something, and was refused too often.
    Never,
    Failed(String),
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
        if let Some(first) = store.first_told(&registration, &key.1, "").await? {
            past.first_of_all
                .insert((key.0.clone(), key.1.clone()), begun(first));
        }
        if let Some(first) = store.first_told(&registration, &key.1, &key.2).await? {
            past.first.insert(key, begun(first));
        }
    }
    let people = assessment
        .registrations
        .iter()
        .flat_map(|view| &view.route.to);
    for person in people {
        if !past.last_message.contains_key(person)
            && let Some(at) = store
                .last_message(estate, &person.to_ascii_lowercase())
                .await?
        {
            past.last_message.insert(person.clone(), at);
        }
    }
    Ok(past)
}

const fn begun(first: FirstTold) -> First {
    First {
        tried: first.tried,
        reached: first.told.is_some(),
    }
}

impl Round<'_> {
    /// Sends every message that is due, one person after the other. Somebody who cannot be reached keeps
    /// nobody else from being told.
    ///
    /// # Errors
    /// What keeps the history from being used. Whatever was intended by then is tried again next time.
    pub(super) async fn send(
        &self,
        store: &mut Store,
        outbox: &mut impl Outbox,
    ) -> Result<Outcome, HistoryError> {
        let mut outcome = Outcome::default();
        let name = format!("{CLAIM}{WITHIN}{}", self.estate);
        let run = &self.assessment.run.id;
        let mut claim = match store.claim(&name, run, (self.clock)(), TTL).await? {
            Claimed::Held(claim) => claim,
            Claimed::Busy { run, until } => {
                outcome.busy = Some((run, until));
                return Ok(outcome);
            }
        };
        let done = self.all(store, outbox, &mut claim, &mut outcome).await;
        // Given back whatever happened: the next run need not wait for its end.
        let released = store.release(&claim).await;
        done.and(released).map(|()| outcome)
    }

    async fn all(
        &self,
        store: &mut Store,
        outbox: &mut impl Outbox,
        claim: &mut Claim,
        outcome: &mut Outcome,
    ) -> Result<(), HistoryError> {
        let past = past(store, self.assessment, self.routing, self.estate).await?;
        let unsettled = store.unsettled(self.estate).await?;
        for digest in due(self.assessment, self.routing, &past, &self.mail.to) {
            let held = store.prolong(claim, (self.clock)(), TTL).await;
            let told = match held {
                Ok(Some(prolonged)) => {
                    *claim = prolonged;
                    self.one(store, outbox, claim, &digest, &unsettled).await
                }
                Ok(None) => Err(HistoryError::ClaimLost {
                    name: claim.name.clone(),
                    until: claim.until.to_rfc3339(),
                }),
                Err(error) => Err(error),
            };
            match told {
                Ok(Fate::Now) => outcome.sent += 1,
                Ok(Fate::Before) => {}
                Ok(Fate::Never) => outcome.given_up.push(digest.recipient),
                Ok(Fate::Failed(why)) => outcome.failed.push((digest.recipient, why)),
                // Another run has taken over, and knows what was sent: what is due is to be asked again.
                Err(HistoryError::ClaimLost { .. }) => {
                    outcome.busy = Some(("another".to_owned(), (self.clock)() + TTL));
                    return Ok(());
                }
                // One that cannot be recorded is not sent, and keeps nobody else from being told.
                Err(error) => outcome.failed.push((digest.recipient, error.to_string())),
            }
        }
        Ok(())
    }

    /// Intended, sent, recorded: in this order, so that a crash repeats a message and never loses one.
    async fn one(
        &self,
        store: &mut Store,
        outbox: &mut impl Outbox,
        claim: &Claim,
        digest: &Digest,
        unsettled: &[Message],
    ) -> Result<Fate, HistoryError> {
        let mut intent = self.intent(digest);
        // The same message that an earlier round began keeps its Message-ID.
        let begun = unsettled.iter().find(|message| {
            message.recipient == intent.recipient
                && message.kind == intent.kind
                && message.reminders == intent.reminders
        });
        if let Some(begun) = begun {
            let settles = |notice: &Notice| notice.kind == NoticeKind::Closed;
            if begun.attempts >= TRIES && digest.notices.iter().all(settles) {
                return Ok(Fate::Never);
            }
            intent.id.clone_from(&begun.id);
        }
        let now = (self.clock)();
        if store.intend(claim, &intent, now).await? == Started::AlreadySent {
            return Ok(Fate::Before);
        }
        let mail = message(digest, self.assessment, from(self.mail), &intent.id, now);
        match outbox.post(&mail).await {
            Ok(()) => Ok(match self.record(store, &intent.id).await {
                Ok(()) => Fate::Now,
                Err(error) => Fate::Failed(format!(
                    "the message went out, and that could not be recorded, so that it may be repeated: {error}"
                )),
            }),
            Err(why) => {
                // Where this cannot be recorded it stays an intent, which is tried again just as well.
                let _ = store.failed(&intent.id, &why, (self.clock)()).await;
                Ok(Fate::Failed(why))
            }
        }
    }

    /// What went out is recorded, if need be at the second try.
    async fn record(&self, store: &mut Store, id: &str) -> Result<(), HistoryError> {
        let mut last = store.sent(id, (self.clock)()).await;
        for _ in 1..RECORDS {
            if last.is_ok() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            last = store.sent(id, (self.clock)()).await;
        }
        last
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
                    NoticeKind::Band | NoticeKind::Orphan => ReminderKind::Band,
                    NoticeKind::Escalated => ReminderKind::Escalated,
                    NoticeKind::Closed => ReminderKind::Closed,
                },
            })
            .collect();
        reminders.sort();
        reminders.dedup();
        let recipient = digest.recipient.to_ascii_lowercase();
        let whose = hex::encode(&Sha256::digest(recipient.as_bytes())[..6]);
        Intent {
            id: format!(
                "{}.{whose}@{}",
                self.assessment.run.id,
                domain(from(self.mail))
            ),
            estate: self.estate.to_owned(),
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
