//! What a message is, what it says, and how far it is.

use chrono::{DateTime, Utc};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::moment::moment;
use crate::model::{Word, word::labels};

/// The word of a column, where this version knows it.
fn word<T: Word>(row: &SqliteRow, column: &str) -> Result<T, sqlx::Error> {
    let text: &str = row.try_get(column)?;
    T::from_word(text)
        .ok_or_else(|| sqlx::Error::Decode(format!("`{text}` is not a known word").into()))
}

labels! {
    /// What a message is.
    pub enum MessageKind {
        /// Tells one person what is due for them.
        Digest = "digest",
        /// Says that all is well, so that silence is not mistaken for health.
        Alive = "alive",
    }
}

labels! {
    /// How far a message is.
    pub enum MessageState {
        /// About to be sent; nobody knows whether it was.
        Intent = "intent",
        /// The mail server took it.
        Sent = "sent",
        /// The mail server refused it, or could not be reached.
        Failed = "failed",
    }
}

labels! {
    /// What a message says about one credential.
    pub enum ReminderKind {
        /// It is in a band.
        Band = "band",
        /// It has been renewed: the matter is closed, and the ladder begins anew.
        Closed = "closed",
        /// It has been in a band for long, and nothing changed.
        Escalated = "escalated",
    }
}

/// What a message says about one credential of one registration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reminder {
    pub registration: String,
    /// The credential's key id, or whatever else tells it from its successor.
    pub credential: String,
    /// The engine's word for it: `30`, `before-next-run`, `past`.
    pub band: String,
    pub kind: ReminderKind,
}

/// A message that is about to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Its Message-ID, without angle brackets. A message that is tried again keeps it.
    pub id: String,
    /// What it is about: signs of life of one estate are none of another.
    pub estate: String,
    /// The mail address, as it will be written.
    pub recipient: String,
    pub kind: MessageKind,
    /// What it says, credential by credential; empty for `Alive`.
    pub reminders: Vec<Reminder>,
}

/// Since when somebody has been told of something, or was to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstTold {
    /// The first try, whatever became of it.
    pub tried: DateTime<Utc>,
    /// The first message that got through.
    pub told: Option<DateTime<Utc>>,
}

/// What became of an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// It is recorded: send it now.
    Send,
    /// A message of this id was already sent: do not send it.
    AlreadySent,
}

/// A message of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: String,
    pub recipient: String,
    pub kind: MessageKind,
    pub state: MessageState,
    /// The run that tried it last.
    pub run: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was tried last.
    pub intended: DateTime<Utc>,
    /// Of a failed one: what the mail server said.
    pub why: String,
    /// Sorted.
    pub reminders: Vec<Reminder>,
}

/// A reminder that was sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LastSent {
    pub recipient: String,
    pub reminder: Reminder,
    pub sent: DateTime<Utc>,
    /// The Message-ID.
    pub message: String,
    pub run: String,
}

impl Reminder {
    pub(super) fn of(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            registration: row.try_get("registration")?,
            credential: row.try_get("credential")?,
            band: row.try_get("band")?,
            kind: word(row, "reminder")?,
        })
    }
}

impl LastSent {
    pub(super) fn of(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            recipient: row.try_get("recipient")?,
            reminder: Reminder::of(row)?,
            sent: moment(row.try_get("settled")?),
            message: row.try_get("id")?,
            run: row.try_get("run")?,
        })
    }
}

impl Message {
    /// With the one reminder of this row.
    pub(super) fn of(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let says_something: Option<&str> = row.try_get("registration")?;
        Ok(Self {
            id: row.try_get("id")?,
            recipient: row.try_get("recipient")?,
            kind: word(row, "kind")?,
            state: word(row, "state")?,
            run: row.try_get("run")?,
            attempts: row.try_get("attempts")?,
            intended: moment(row.try_get("intended")?),
            why: row.try_get("why")?,
            reminders: match says_something {
                Some(_) => vec![Reminder::of(row)?],
                None => Vec::new(),
            },
        })
    }
}
