//! What does what advice says: a command, which a check writes and the case fills in, and the page of a portal.

use super::command::{Blank, Call, Command};

/// The page of a portal on which it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// The overview of the app registration.
    Registration,
    Authentication,
    /// Certificates and secrets.
    Credentials,
    Permissions,
    Owners,
    /// The vault entry.
    Entry,
    /// Where the environment's application users are found.
    ApplicationUsers,
    /// Of Finance & Operations: the clients that sign in.
    FinopsClients,
}

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
