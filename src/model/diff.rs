//! Two assessments of one estate, and what became of it between them.

use super::resource::Resource;
use crate::model::Prose;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::severity::Severity;

/// The version word of the JSON form.
pub(crate) const DIFF_FORMAT: &str = "credaudit.diff/1";

/// What is otherwise in `to` than in `from`. Every list is sorted: findings worst first, questions by check
/// and resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Diff {
    /// Always [`DIFF_FORMAT`].
    pub format: String,
    pub from: Side,
    pub to: Side,
    /// Why the two compare badly, in sentences: another policy, another part of the estate.
    pub caveats: Vec<String>,
    /// Findings that were not there before.
    pub new: Vec<Change>,
    /// Findings of both, which weigh or count otherwise now, and those that another check says now.
    pub changed: Vec<Change>,
    /// Findings that were there, and whose question now has another answer or no longer arises.
    pub fixed: Vec<Change>,
    /// Findings that were there, and of which nothing can be said now: never taken for fixed.
    pub lost: Vec<Change>,
    /// Questions that were answered or not asked before, and cannot be answered now.
    pub newly_unreadable: Vec<Question>,
    /// Questions that could not be answered before, and can be now.
    pub newly_readable: Vec<Question>,
    /// Lists that were not read to their end now, and were before or were not asked.
    pub newly_cut_short: Vec<CutShort>,
    /// Findings that are as they were.
    pub unchanged: usize,
    pub regressions: Regressions,
}

/// One of the two runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Side {
    pub run: String,
    pub collected: DateTime<Utc>,
    pub as_of: DateTime<Utc>,
    pub policy: String,
    pub exit_code: u8,
}

/// A finding of one of the two, or of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Change {
    pub fingerprint: String,
    pub check: String,
    /// As of the later run that has it.
    pub severity: Severity,
    /// Where it was another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity_before: Option<Severity>,
    pub resource: Resource,
    pub seen: Prose,
    /// What is to be known beside: `its waiver ended on 2026-11-01`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Prose>,
    /// Whether `--fail-on-new` ends with 10 for it.
    pub regression: bool,
}

/// A question by its check and what it is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Question {
    pub check: String,
    pub resource: Resource,
    /// Why it cannot (or could not) be answered.
    pub seen: Prose,
    /// Whether `--fail-on-new` ends with 11 for it, where it is newly unreadable.
    pub regression: bool,
}

/// A list that was begun and not read to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct CutShort {
    pub list: String,
    /// How many items were read of it.
    pub read: usize,
    /// What ended it.
    pub seen: Prose,
}

/// What `--fail-on-new` counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Regressions {
    /// New, worse or no longer waived findings at or above the later run's threshold.
    pub findings: usize,
    /// Newly unreadable questions, without those that the policy only reports, and lists that are newly not
    /// read to their end.
    pub unanswered: usize,
}
