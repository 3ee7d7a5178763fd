//! Why a command did not reach its end: the user's mistake and the tool's failure are different things.

use super::output::Screen;
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

/// What went wrong on the way, where one thing's failure keeps no other from being done: the first is the
/// command's own, told last; the others are told as they come.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    first: Option<Failure>,
}

impl Troubles {
    /// Whether it went well.
    pub fn note(&mut self, done: Result<(), Failure>, screen: &Screen) -> bool {
        let Err(failure) = done else {
            return true;
        };
        match (&self.first, failure) {
            (None, failure) => self.first = Some(failure),
            (Some(_), Failure::Problems(problems)) => screen.problems(&problems),
            (Some(_), Failure::Usage(words) | Failure::Tool(words)) => screen.error(&words),
        }
        false
    }

    /// The exit code that it comes to, where something went wrong.
    pub fn code(&self) -> Option<u8> {
        self.first.as_ref().map(|failure| match failure {
            Failure::Problems(_) | Failure::Usage(_) => super::USAGE,
            Failure::Tool(_) => super::TOOL_FAILED,
        })
    }

    pub fn end(self) -> Result<(), Failure> {
        self.first.map_or(Ok(()), Err)
    }
}
