//! What one person is told in one run: the credentials of theirs that want something, in one message.

use chrono::{DateTime, Utc};

use super::assessment::{RouteBy, Step};

/// One message to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Mail address, as it stands in the estate, in Entra or in the vault.
    pub recipient: String,
    /// Empty where all it says is that the audit is alive.
    pub notices: Vec<Notice>,
    /// Names of the registrations that are theirs, sorted; for escalations, those besides.
    pub registrations: Vec<String>,
    /// Whether the audit could not read everything.
    pub incomplete: bool,
    /// Questions about their registrations that could not be answered.
    pub unanswered: usize,
    /// The date the audit stands on.
    pub as_of: DateTime<Utc>,
}

/// Why a credential is in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// It entered a band, or is new for this person.
    Band,
    /// It has been in a band for long, and nothing changed: whoever stands behind the owner is told.
    Escalated,
    /// It was renewed, or is gone: the matter is closed.
    Closed,
}

/// One credential in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub kind: NoticeKind,
    pub registration: String,
    pub environment: String,
    /// What tells the credential from its successor: its key id.
    pub credential: String,
    /// `secret "2026"`, as a reader knows it.
    pub name: String,
    /// The band's word: `30`, `0`, `past`, `before-next-run`. Of a closed one, the last that was told.
    pub band: String,
    /// When it ends; of a closed one, when its successor does, where there is one.
    pub end: Option<DateTime<Utc>>,
    /// Whole days left at the date of the audit; negative once it is over.
    pub days_left: Option<i64>,
    /// Whether it ends before the next planned run.
    pub before_next_run: bool,
    /// Why this person is told. `None` of closed ones and escalations.
    pub by: Option<RouteBy>,
    /// Whom it was left with, of an escalation.
    pub owners: Vec<String>,
    /// What to do next.
    pub steps: Vec<Step>,
}
