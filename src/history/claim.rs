//! Who may send: a row that one run holds for a while, so that two runs at once do not send twice.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Row, Sqlite, Transaction};

use super::error::HistoryError;
use super::moment::{moment, stamp};
use super::store::Store;

/// How far the clocks of two runs may be apart.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// The right to send, held by one run until it runs out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What is claimed.
    pub name: String,
    /// Who holds it: the run's id.
    pub run: String,
    pub until: DateTime<Utc>,
}

/// What became of asking for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// It is this run's.
    Held(Claim),
    /// Another run holds it: leave the work to that one, or ask again after `until`.
    Busy { run: String, until: DateTime<Utc> },
}

impl Store {
    /// Claims `name` (such as `reminders`) for `run`, for `ttl` from `now`. A claim that ran out is free:
    /// its holder has crashed, or is slower than it said. Of two runs that ask at once, exactly one holds it afterwards.
    ///
    /// Take `ttl` longer than the longest single send can take (its timeouts and retries), and
    /// [`Store::prolong`] the claim between two sends.
    ///
    /// # Errors
    /// Whatever keeps the store from being written; then nothing may be sent.
    pub async fn claim(
        &mut self,
        name: &str,
        run: &str,
        now: DateTime<Utc>,
        ttl: TimeDelta,
    ) -> Result<Claimed, HistoryError> {
        let path = self.path().to_owned();
        let of = |error: sqlx::Error| HistoryError::of(&path, &error, 0);
        let mut writing = self.writing().await?;
        if let Some((holder, taken, expires)) = holder(&mut writing, name).await.map_err(of)? {
            // One that was taken in the future is of a clock that was set back: no one holds it.
            let holds = expires > now && taken <= now + SKEW;
            if holds && holder != run {
                return Ok(Claimed::Busy {
                    run: holder,
                    until: expires,
                });
            }
        }
        let until = now + ttl;
        sqlx::query(
            "INSERT INTO claims (name, holder, taken, expires) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, taken = excluded.taken, \
             expires = excluded.expires",
        )
        .bind(name)
        .bind(run)
        .bind(stamp(now))
        .bind(stamp(until))
        .execute(&mut *writing)
        .await
        .map_err(of)?;
        writing.commit().await.map_err(of)?;
        Ok(Claimed::Held(Claim {
            name: name.to_owned(),
            run: run.to_owned(),
            until,
        }))
    }

    /// Prolongs a claim for `ttl` from `now`. `None` where another run has taken it meanwhile, be it that
    /// it gave it back since: what this run knew before is then old.
    ///
    /// # Errors
    /// Whatever keeps the store from being written; then nothing may be sent.
    pub async fn prolong(
        &mut self,
        claim: &Claim,
        now: DateTime<Utc>,
        ttl: TimeDelta,
    ) -> Result<Option<Claim>, HistoryError> {
        let until = now + ttl;
        let done = sqlx::query("UPDATE claims SET expires = $3 WHERE name = $1 AND holder = $2")
            .bind(&claim.name)
            .bind(&claim.run)
            .bind(stamp(until))
            .execute(&mut self.connection)
            .await;
        let rows = done.map_err(|error| self.error(&error))?.rows_affected();
        Ok((rows == 1).then(|| Claim {
            until,
            ..claim.clone()
        }))
    }

    /// Gives the claim back, so that the next run need not wait for its end. One that another run has
    /// taken since stays that run's.
    ///
    /// # Errors
    /// Whatever keeps the store from being written; the claim then ends by itself.
    pub async fn release(&mut self, claim: &Claim) -> Result<(), HistoryError> {
        let done = sqlx::query("DELETE FROM claims WHERE name = $1 AND holder = $2")
            .bind(&claim.name)
            .bind(&claim.run)
            .execute(&mut self.connection)
            .await;
        done.map(|_| ()).map_err(|error| self.error(&error))
    }
}

/// Whether the claim still stands at `now`, as the row says it.
pub(super) async fn stands(
    writing: &mut Transaction<'_, Sqlite>,
    claim: &Claim,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let held = holder(writing, &claim.name).await?;
    Ok(held.is_some_and(|(run, _, expires)| run == claim.run && expires > now))
}

async fn holder(
    writing: &mut Transaction<'_, Sqlite>,
    name: &str,
) -> Result<Option<(String, DateTime<Utc>, DateTime<Utc>)>, sqlx::Error> {
    let row = sqlx::query("SELECT holder, taken, expires FROM claims WHERE name = $1")
        .bind(name)
        .fetch_optional(&mut **writing)
        .await?;
    row.map(|row| {
        Ok((
            row.try_get("holder")?,
            moment(row.try_get("taken")?),
            moment(row.try_get("expires")?),
        ))
    })
    .transpose()
}
