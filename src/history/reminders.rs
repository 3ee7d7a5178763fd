//! What was sent to whom: intended, then sent, then recorded, so that a crash repeats a mail and never
//! loses one.
//!
//! A run that wants to send
//! 1. claims the right to ([`Store::claim`]); where another run holds it, it sends nothing;
//! 2. looks at what was sent ([`Store::open_reminders`], [`Store::last_message`]) and
//!    at what was begun and not finished ([`Store::unsettled`]), and decides what is due;
//! 3. for each message: [`Store::intend`], then the mail server, then [`Store::sent`] or
//!    [`Store::failed`]; prolongs its claim between two;
//! 4. releases the claim.
//!
//! Only a message recorded as sent counts as sent. One whose run ended between the mail server and the
//! record is still an intent: the next run finds it among the unsettled and sends it again, under the same
//! Message-ID where what it says is still due. What cannot be recorded as intended must not be sent.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::claim::{self, Claim};
use super::error::HistoryError;
use super::message::{FirstTold, Intent, LastSent, Message, MessageState, ReminderKind, Started};
use super::moment::{moment, stamp};
use super::store::Store;

impl Store {
    /// Records that `intent` is about to be sent. Where a message of the same id was begun before and is
    /// not sent, this is one more attempt at it, and what it says is replaced.
    ///
    /// # Errors
    /// `ClaimLost` where the claim does not stand (any more); whatever else keeps the store from being
    /// written. In every case: do not send.
    pub async fn intend(
        &mut self,
        claim: &Claim,
        intent: &Intent,
        now: DateTime<Utc>,
    ) -> Result<Started, HistoryError> {
        let path = self.path().to_owned();
        let of = |error: sqlx::Error| HistoryError::of(&path, &error, 0);
        let mut writing = self.writing().await?;
        if !claim::stands(&mut writing, claim, now).await.map_err(of)? {
            return Err(HistoryError::ClaimLost {
                name: claim.name.clone(),
                until: stamp(claim.until),
            });
        }
        let state: Option<String> = sqlx::query_scalar("SELECT state FROM messages WHERE id = $1")
            .bind(&intent.id)
            .fetch_optional(&mut *writing)
            .await
            .map_err(of)?;
        if state.as_deref() == Some(MessageState::Sent.as_str()) {
            return Ok(Started::AlreadySent);
        }
        record(&mut writing, &claim.run, intent, now)
            .await
            .map_err(of)?;
        writing.commit().await.map_err(of)?;
        Ok(Started::Send)
    }

    /// Records that the mail server took it.
    ///
    /// # Errors
    /// Whatever keeps the store from being written; the message then stays an intent, and the next run
    /// sends it again.
    pub async fn sent(&mut self, message: &str, now: DateTime<Utc>) -> Result<(), HistoryError> {
        self.settle(message, MessageState::Sent, "", now).await
    }

    /// Records that it was refused or could not be handed over, and what was said; the next run tries it
    /// again. `why` must hold no secret: take the words of the deliver room.
    ///
    /// # Errors
    /// As `sent`.
    pub async fn failed(
        &mut self,
        message: &str,
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<(), HistoryError> {
        self.settle(message, MessageState::Failed, why, now).await
    }

    async fn settle(
        &mut self,
        message: &str,
        state: MessageState,
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<(), HistoryError> {
        // What another run has meanwhile recorded as sent stays sent.
        let done = sqlx::query(
            "UPDATE messages SET state = $2, settled = $3, why = $4 WHERE id = $1 AND state <> 'sent'",
        )
        .bind(message)
        .bind(state.as_str())
        .bind(stamp(now))
        .bind(why)
        .execute(&mut self.connection)
        .await;
        done.map(|_| ()).map_err(|error| self.error(&error))
    }

    /// What was begun for an estate and is not known to be sent: intents of runs that crashed, and
    /// failures. By recipient, then oldest first. Only whoever holds the claim may conclude anything from an intent:
    /// it may be on its way just now.
    ///
    /// # Errors
    /// Whatever keeps the store from being read.
    pub async fn unsettled(&mut self, estate: &str) -> Result<Vec<Message>, HistoryError> {
        let read = sqlx::query(
            "SELECT m.id, m.recipient, m.kind, m.state, m.run, m.attempts, m.intended, m.why, \
             r.registration, r.credential, r.band, r.kind AS reminder \
             FROM messages m LEFT JOIN reminders r ON r.message = m.id \
             WHERE m.state <> 'sent' AND m.estate IN ('', $1) \
             ORDER BY m.recipient, m.intended, m.id, r.registration, r.credential, r.band, r.kind",
        )
        .bind(estate)
        .fetch_all(&mut self.connection)
        .await;
        let rows = read.map_err(|error| self.error(&error))?;
        let mut messages: Vec<Message> = Vec::new();
        for row in &rows {
            let fresh = Message::of(row).map_err(|error| self.error(&error))?;
            let of_last = messages.last().is_some_and(|last| last.id == fresh.id);
            match messages.last_mut() {
                Some(last) if of_last => last.reminders.extend(fresh.reminders),
                _ => messages.push(fresh),
            }
        }
        Ok(messages)
    }

    /// The last thing that was sent about each credential to each recipient, without what is closed: what
    /// people still have in mind. By recipient, registration, credential. A credential that stands here and
    /// is no longer in the assessment has been renewed or removed, and wants its closing line.
    ///
    /// # Errors
    /// Whatever keeps the store from being read.
    pub async fn open_reminders(&mut self) -> Result<Vec<LastSent>, HistoryError> {
        let mut all = self.every_last().await?;
        all.retain(|last| last.reminder.kind != ReminderKind::Closed);
        Ok(all)
    }

    /// When anybody was first to be told that a credential is in `band` (in any, where that is empty), and
    /// when the first of them was: escalation counts from the first try. `None` where nobody was.
    ///
    /// # Errors
    /// Whatever keeps the store from being read.
    pub async fn first_told(
        &mut self,
        registration: &str,
        credential: &str,
        band: &str,
    ) -> Result<Option<FirstTold>, HistoryError> {
        let read: Result<(Option<String>, Option<String>), _> = sqlx::query_as(
            "SELECT MIN(NULLIF(CASE WHEN m.begun = '' THEN m.settled ELSE m.begun END, '')), \
             MIN(CASE WHEN m.state = 'sent' THEN m.settled END) \
             FROM reminders r JOIN messages m ON m.id = r.message \
             WHERE r.kind = 'band' AND r.registration = $1 AND r.credential = $2 \
             AND ($3 = '' OR r.band = $3)",
        )
        .bind(registration)
        .bind(credential)
        .bind(band)
        .fetch_one(&mut self.connection)
        .await;
        let (tried, told) = read.map_err(|error| self.error(&error))?;
        Ok(tried.map(|tried| FirstTold {
            tried: moment(&tried),
            told: told.map(|told| moment(&told)),
        }))
    }

    /// When `recipient` last got anything about an estate; `None` where never. A digest says just as well
    /// as a sign of life that credaudit is alive.
    ///
    /// # Errors
    /// Whatever keeps the store from being read.
    pub async fn last_message(
        &mut self,
        estate: &str,
        recipient: &str,
    ) -> Result<Option<DateTime<Utc>>, HistoryError> {
        let read: Result<Option<String>, _> = sqlx::query_scalar(
            "SELECT MAX(settled) FROM messages \
             WHERE state = 'sent' AND recipient = $1 AND estate IN ('', $2)",
        )
        .bind(recipient)
        .bind(estate)
        .fetch_one(&mut self.connection)
        .await;
        let last = read.map_err(|error| self.error(&error))?;
        Ok(last.map(|stamp| moment(&stamp)))
    }

    async fn every_last(&mut self) -> Result<Vec<LastSent>, HistoryError> {
        let read = sqlx::query(
            "SELECT m.recipient, m.settled, m.id, m.run, \
             r.registration, r.credential, r.band, r.kind AS reminder \
             FROM reminders r JOIN messages m ON m.id = r.message WHERE m.state = 'sent' \
             ORDER BY m.settled, m.id, r.kind, r.band",
        )
        .fetch_all(&mut self.connection)
        .await;
        let rows = read.map_err(|error| self.error(&error))?;
        let mut last = BTreeMap::new();
        for row in &rows {
            let one = LastSent::of(row).map_err(|error| self.error(&error))?;
            let key = (
                one.recipient.clone(),
                one.reminder.registration.clone(),
                one.reminder.credential.clone(),
            );
            last.insert(key, one);
        }
        Ok(last.into_values().collect())
    }
}

/// Writes the message down as about to be sent, with what it says now.
async fn record(
    writing: &mut sqlx::SqliteConnection,
    run: &str,
    intent: &Intent,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO messages \
         (id, recipient, kind, run, state, attempts, intended, settled, why, estate, begun) \
         VALUES ($1, $2, $3, $4, $5, 1, $6, '', '', $7, $6) \
         ON CONFLICT (id) DO UPDATE SET recipient = excluded.recipient, kind = excluded.kind, \
         run = excluded.run, state = excluded.state, attempts = messages.attempts + 1, \
         intended = excluded.intended, settled = '', why = ''",
    )
    .bind(&intent.id)
    .bind(&intent.recipient)
    .bind(intent.kind.as_str())
    .bind(run)
    .bind(MessageState::Intent.as_str())
    .bind(stamp(now))
    .bind(&intent.estate)
    .execute(&mut *writing)
    .await?;
    sqlx::query("DELETE FROM reminders WHERE message = $1")
        .bind(&intent.id)
        .execute(&mut *writing)
        .await?;
    let mut reminders = intent.reminders.clone();
    reminders.sort();
    reminders.dedup();
    for reminder in &reminders {
        sqlx::query(
            "INSERT INTO reminders (message, registration, credential, band, kind) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&intent.id)
        .bind(&reminder.registration)
        .bind(&reminder.credential)
        .bind(&reminder.band)
        .bind(reminder.kind.as_str())
        .execute(&mut *writing)
        .await?;
    }
    Ok(())
}
