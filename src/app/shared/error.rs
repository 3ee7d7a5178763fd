//! Why a command did not reach its end: the user's mistake and the tool's failure are different things.

use std::fmt;

use crate::app::{TOOL_FAILED, USAGE};
use crate::deliver::DeliverError;
use crate::history::HistoryError;
use crate::source::Problem;

/// What ended a command early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Problems in files that people write, each with its place.
    Problems(Vec<Problem>),
    /// A mistake on the command line or in a file that a program wrote.
    Usage(String),
    /// Something credaudit could not do.
    Tool(String),
}

impl Failure {
    /// The exit code of it.
    pub(crate) const fn code(&self) -> u8 {
        match self {
            Self::Problems(_) | Self::Usage(_) => USAGE,
            Self::Tool(_) => TOOL_FAILED,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(words) | Self::Tool(words) => f.write_str(words),
            Self::Problems(problems) => {
                let messages: Vec<&str> = problems.iter().map(|one| one.message.as_str()).collect();
                f.write_str(&messages.join("; "))
            }
        }
    }
}

impl From<DeliverError> for Failure {
    fn from(error: DeliverError) -> Self {
        Self::Tool(error.to_string())
    }
}

impl From<HistoryError> for Failure {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::NotThere { .. } | HistoryError::NoPlace { .. } => {
                Self::Usage(error.to_string())
            }
            other => Self::Tool(other.to_string()),
        }
    }
}
