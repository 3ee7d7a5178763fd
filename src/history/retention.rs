//! What is forgotten, and when.

use chrono::{DateTime, Utc};

use super::error::HistoryError;
use super::moment::stamp;
use super::store::Store;

/// Rows of deleted runs may fill this much of the file, in percent, before it is rewritten.
const SLACK: i64 = 30;

/// What goes, in this order: runs that a later one replaces, what was begun or failed, and what a later
/// message overtook.
const FORGOTTEN: [&str; 5] = [
    "DELETE FROM runs WHERE estate = $2 AND collected < $1 AND EXISTS (SELECT 1 FROM runs later \
     WHERE later.estate = runs.estate AND later.tenants = runs.tenants \
     AND later.narrowed = runs.narrowed AND later.as_of_given <= runs.as_of_given \
     AND later.reported >= runs.reported \
     AND later.collected > runs.collected)",
    "DELETE FROM reminders WHERE message IN \
     (SELECT id FROM messages WHERE state <> 'sent' AND intended < $1 AND estate IN ('', $2))",
    "DELETE FROM messages WHERE state <> 'sent' AND intended < $1 AND estate IN ('', $2)",
    // Only what a later message about another band has overtaken: since when a band has been open is
    // told by its first reminder.
    "DELETE FROM reminders WHERE message IN \
     (SELECT id FROM messages WHERE state = 'sent' AND settled < $1 AND estate IN ('', $2)) \
     AND EXISTS (SELECT 1 FROM reminders later JOIN messages m ON m.id = later.message \
     JOIN messages own ON own.id = reminders.message \
     WHERE later.registration = reminders.registration \
     AND later.credential = reminders.credential AND later.band <> reminders.band \
     AND m.state = 'sent' AND m.recipient = own.recipient AND m.estate = own.estate \
     AND m.settled > own.settled)",
    "DELETE FROM messages WHERE state = 'sent' AND settled < $1 AND estate IN ('', $2) \
     AND NOT EXISTS (SELECT 1 FROM reminders WHERE message = messages.id) \
     AND EXISTS (SELECT 1 FROM messages later WHERE later.recipient = messages.recipient \
     AND later.kind = messages.kind AND later.state = 'sent' AND later.estate = messages.estate \
     AND later.settled > messages.settled)",
];

impl Store {
    /// Forgets runs of `estate` collected before `cutoff`, and its messages before it (other estates in the
    /// same file have their own time of keeping); gives the number of runs that went. Kept all the same: the last
    /// run of each subject, for the next to be compared with; and what was last said to each recipient about
    /// each credential, for otherwise it would be sent anew. What was begun or failed so long ago is no
    /// longer tried: what is still due is said in a new message.
    ///
    /// # Errors
    /// Whatever keeps the store from being written; nothing is forgotten then.
    pub async fn forget(
        &mut self,
        estate: &str,
        cutoff: DateTime<Utc>,
    ) -> Result<u64, HistoryError> {
        let path = self.path().to_owned();
        let of = |error: sqlx::Error| HistoryError::of(&path, &error, 0);
        let mut writing = self.writing().await?;
        let mut gone = None;
        for statement in FORGOTTEN {
            let done = sqlx::query(statement)
                .bind(stamp(cutoff))
                .bind(estate)
                .execute(&mut *writing)
                .await
                .map_err(of)?;
            gone.get_or_insert(done.rows_affected());
        }
        writing.commit().await.map_err(of)?;
        if self.slack().await? > SLACK {
            self.shrink().await?;
        }
        Ok(gone.unwrap_or_default())
    }
}
