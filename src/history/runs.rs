//! Every run that was kept, with its assessment.

use chrono::{DateTime, Utc};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::error::HistoryError;
use super::moment::{moment, stamp};
use super::store::Store;
use crate::model::assessment::FORMAT;
use crate::model::kept::{BySeverity, KeptRun, Subject};
use crate::model::{Assessment, Severity};

const COLUMNS: &str = "id, estate, tenants, narrowed, collected, as_of, as_of_given, policy, fail_on, exit_code, \
     failing, critical, high, medium, low, info, waived, asked, unanswered, registrations, proven, \
     reported";

impl Store {
    /// Keeps a run; `now` tells apart what was collected in the same second. The same run kept twice is kept once.
    /// `reported`: its report reached everybody who should get it.
    ///
    /// # Errors
    /// Whatever keeps the store from being written; nothing of the run is kept then.
    pub async fn keep(
        &mut self,
        subject: &Subject,
        assessment: &Assessment,
        reported: bool,
        now: DateTime<Utc>,
    ) -> Result<(), HistoryError> {
        let text = serde_json::to_string(assessment).map_err(|error| HistoryError::Other {
            path: self.path().to_owned(),
            seen: error.to_string(),
        })?;
        let (run, verdict, coverage) = (&assessment.run, &assessment.verdict, &assessment.coverage);
        let by = |severity: Severity| {
            let findings = assessment.findings.iter();
            count(findings.filter(|one| one.severity == severity).count())
        };
        let done = sqlx::query(
            "INSERT INTO runs (id, estate, tenants, narrowed, collected, kept, as_of, as_of_given, policy, fail_on, \
             exit_code, failing, critical, high, medium, low, info, waived, asked, unanswered, \
             registrations, proven, format, assessment, reported) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, \
             $20, $21, $22, $23, $24, $25) ON CONFLICT (id) DO NOTHING",
        )
        .bind(&run.id)
        .bind(&subject.estate)
        .bind(subject.tenants.join(" "))
        .bind(subject.narrowed.as_deref().unwrap_or_default())
        .bind(stamp(run.collected))
        .bind(stamp(now))
        .bind(stamp(run.as_of))
        .bind(i64::from(run.as_of_given))
        .bind(&run.policy)
        .bind(run.fail_on.as_str())
        .bind(i64::from(verdict.exit_code))
        .bind(count(verdict.failing))
        .bind(by(Severity::Critical))
        .bind(by(Severity::High))
        .bind(by(Severity::Medium))
        .bind(by(Severity::Low))
        .bind(by(Severity::Info))
        .bind(count(assessment.waived.len()))
        .bind(count(coverage.asked))
        .bind(count(assessment.unknowns.len()))
        .bind(count(coverage.registrations))
        .bind(count(coverage.proven))
        .bind(&assessment.format)
        .bind(text)
        .bind(i64::from(reported))
        .execute(&mut self.connection)
        .await;
        done.map(|_| ()).map_err(|error| self.error(&error))
    }

    /// Every kept run, oldest first.
    ///
    /// # Errors
    /// Whatever keeps the store from being read.
    pub async fn runs(&mut self) -> Result<Vec<KeptRun>, HistoryError> {
        let statement = format!("SELECT {COLUMNS} FROM runs ORDER BY collected, kept, id");
        // The statement is made of constants.
        let read = sqlx::query(sqlx::AssertSqlSafe(statement))
            .fetch_all(&mut self.connection)
            .await;
        read.and_then(|rows| rows.iter().map(kept).collect())
            .map_err(|error| self.error(&error))
    }

    /// The runs that another of this subject is compared with, the last first and no more than `most`: judged
    /// as of their own day, and reported.
    ///
    /// # Errors
    /// Whatever keeps the store from being read.
    pub async fn earlier(
        &mut self,
        subject: &Subject,
        most: usize,
    ) -> Result<Vec<KeptRun>, HistoryError> {
        let mut runs = self.runs().await?;
        runs.retain(|run| !run.as_of_given && run.reported && run.subject == *subject);
        runs.reverse();
        runs.truncate(most);
        Ok(runs)
    }

    /// The assessment of a kept run.
    ///
    /// # Errors
    /// `OtherFormat` where another version of credaudit wrote it in a form that this one does not know.
    pub async fn assessment(&mut self, run: &str) -> Result<Assessment, HistoryError> {
        let read = sqlx::query("SELECT format, assessment FROM runs WHERE id = $1")
            .bind(run)
            .fetch_one(&mut self.connection)
            .await
            .and_then(|row| Ok((row.try_get("format")?, row.try_get("assessment")?)));
        let (format, text): (String, String) = read.map_err(|error| self.error(&error))?;
        let other = |seen| HistoryError::OtherFormat {
            run: run.to_owned(),
            seen,
        };
        if format != FORMAT {
            return Err(other(format!(
                "it is a {format}, and this one reads {FORMAT}"
            )));
        }
        serde_json::from_str(&text).map_err(|error| other(error.to_string()))
    }
}

/// A count as the database takes it.
fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn kept(row: &SqliteRow) -> Result<KeptRun, sqlx::Error> {
    let tenants: String = row.try_get("tenants")?;
    let narrowed: String = row.try_get("narrowed")?;
    let as_of_given: i64 = row.try_get("as_of_given")?;
    let reported: i64 = row.try_get("reported")?;
    Ok(KeptRun {
        id: row.try_get("id")?,
        subject: Subject {
            estate: row.try_get("estate")?,
            tenants: tenants.split_whitespace().map(str::to_owned).collect(),
            narrowed: Some(narrowed).filter(|words| !words.is_empty()),
        },
        collected: moment(row.try_get("collected")?),
        as_of: moment(row.try_get("as_of")?),
        as_of_given: as_of_given != 0,
        policy: row.try_get("policy")?,
        fail_on: row.try_get("fail_on")?,
        exit_code: row.try_get("exit_code")?,
        failing: row.try_get("failing")?,
        findings: BySeverity {
            critical: row.try_get("critical")?,
            high: row.try_get("high")?,
            medium: row.try_get("medium")?,
            low: row.try_get("low")?,
            info: row.try_get("info")?,
        },
        waived: row.try_get("waived")?,
        asked: row.try_get("asked")?,
        unanswered: row.try_get("unanswered")?,
        registrations: row.try_get("registrations")?,
        proven: row.try_get("proven")?,
        reported: reported != 0,
    })
}
