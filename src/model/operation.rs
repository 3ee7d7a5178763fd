//! What can be done with a table's rows, as Dataverse's privileges divide it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One operation on a table (or, for reading, an F&O collection).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    Read,
    Create,
    Write,
    Delete,
    Append,
    AppendTo,
}

impl Operation {
    /// Every operation, in the order reports list them.
    pub const ALL: [Self; 6] = [
        Self::Read,
        Self::Create,
        Self::Write,
        Self::Delete,
        Self::Append,
        Self::AppendTo,
    ];

    /// The word used in the estate file and in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Write => "write",
            Self::Delete => "delete",
            Self::Append => "append",
            Self::AppendTo => "append-to",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
