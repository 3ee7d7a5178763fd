//! What is remembered from one audit to the next, and where.

use serde::{Deserialize, Serialize};

/// The `[history]` table. Left out, everything is kept in the platform's state directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct History {
    /// Whether runs are kept at all.
    pub enabled: bool,
    /// The file, as the estate file names it: relative to the folder of that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// How long runs and what was sent are kept, in days.
    pub keep_days: u16,
    /// What the estate is called in the history, so that its runs are known for its own wherever the file
    /// lies. Without it, the file's whole path is the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Default for History {
    fn default() -> Self {
        Self {
            enabled: true,
            path: None,
            keep_days: 400,
            name: None,
        }
    }
}

impl History {
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
