//! Why a command did not reach its end: the user's mistake and the tool's failure are different things.

use crate::deliver::DeliverError;
use crate::source::Problem;

/// What ended a command early.
#[derive(Debug)]
pub(super) enum Failure {
    /// Problems in files that people write, each with its place.
    Problems(Vec<Problem>),
    /// A mistake on the command line or in a file that a program wrote.
    Usage(String),
    /// Something credaudit could not do.
    Tool(String),
}

impl From<DeliverError> for Failure {
    fn from(error: DeliverError) -> Self {
        Self::Tool(error.to_string())
    }
}
