//! A command that does what advice says, with what it does: a check writes it, the case fills it in.

use super::command::{Blank, Call, Command};

/// What to do, and the command that does it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fix {
    /// `Delete the old secret`: without a full stop.
    pub say: String,
    pub call: Call,
}

impl Fix {
    pub(crate) fn new(say: impl Into<String>, call: Call) -> Self {
        Self {
            say: say.into(),
            call,
        }
    }

    /// The command of one case; `None` where the case does not know what it leaves open.
    pub(crate) fn filled(&self, value: &dyn Fn(Blank) -> Option<String>) -> Option<Command> {
        self.call.filled(value).map(Command::Call)
    }
}
