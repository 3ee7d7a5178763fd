//! A run as the history keeps it: what it looked at, and its counts.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// What a run looked at. Two runs are compared by themselves only where all of it is the same: another
/// estate file has other questions, the same file for another tenant has other answers under the same
/// names, and a run of a part knows nothing about the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Subject {
    /// The estate's name, or the whole path of its file.
    pub estate: String,
    /// The tenants' ids, sorted.
    pub tenants: Vec<String>,
    /// `--env` and `--registration`, in words; `None` for the whole estate.
    pub narrowed: Option<String>,
}

/// A kept run: everything but the assessment itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct KeptRun {
    pub id: String,
    pub subject: Subject,
    pub collected: DateTime<Utc>,
    pub as_of: DateTime<Utc>,
    /// `--as-of` was given: never the run that another is compared with by itself.
    pub as_of_given: bool,
    pub policy: String,
    /// A severity's word.
    pub fail_on: String,
    pub exit_code: i64,
    /// Findings at or above `fail_on`.
    pub failing: i64,
    pub findings: BySeverity,
    pub waived: i64,
    pub asked: i64,
    /// Questions that could not be answered.
    pub unanswered: i64,
    pub registrations: i64,
    pub proven: i64,
    /// Its report reached everybody who should get it; else no other is compared with it by itself.
    pub reported: bool,
}

/// Findings that stand on their own and are not waived, by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct BySeverity {
    pub critical: i64,
    pub high: i64,
    pub medium: i64,
    pub low: i64,
    pub info: i64,
}

impl KeptRun {
    /// Whether it is a run of the whole estate as of its own day.
    pub const fn is_plain(&self) -> bool {
        !self.as_of_given && self.subject.narrowed.is_none()
    }

    /// The beginning of its id: enough to name it by.
    pub fn short(&self) -> &str {
        self.id.get(..8).unwrap_or(&self.id)
    }
}
