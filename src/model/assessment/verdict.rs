//! What a run ends with, and with `--fail-on-new`: what is new.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The verdict line and the exit code it stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OverallVerdict {
    /// 0 clean, 10 findings at or above the threshold, 11 incomplete: as [`super::Ending`] says.
    pub exit_code: u8,
    /// Findings at or above the threshold.
    pub failing: usize,
    /// Whether something that should be known is not.
    pub incomplete: bool,
    /// The process's exit code, where it is another than `exit_code`: the judging came to its end, and something
    /// besides the report did not (a mail, a webhook, a file); 0 where a demo only shows what an audit says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<u8>,
    /// With `--fail-on-new`: what the exit code counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
}

/// What is new since an earlier run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Since {
    /// The earlier run; `None` where none is kept, and everything is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collected: Option<DateTime<Utc>>,
    /// Runs are kept, or may be, and could not be read: that nothing is there to compare with is not known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unread: bool,
    /// New, worse or no longer waived findings at or above the threshold.
    pub findings: usize,
    /// Questions that are unanswered since then.
    pub unanswered: usize,
}
