//! What one person is told in one run: the credentials of theirs that want something, in one message.

use chrono::{DateTime, Utc};

use super::Severity;
use super::assessment::{RouteBy, Step};

/// One message to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Digest {
    /// Mail address, as it stands in the estate, in Entra or in the vault.
    pub recipient: String,
    /// What is new. Empty where all it says is that the audit is alive.
    pub notices: Vec<Notice>,
    /// Of a sign of life: what was told before and still is in a band, soonest first.
    pub still: Vec<Notice>,
    /// Other findings about their registrations that the policy counts, worst first.
    pub findings: Vec<Found>,
    /// Names of the registrations that are theirs, sorted; for escalations, those besides.
    pub registrations: Vec<String>,
    /// Whether the audit could not read everything.
    pub incomplete: bool,
    /// What the audit left out where it looked at a part only, in words.
    pub narrowed: Option<String>,
    /// Questions about their registrations that could not be answered.
    pub unanswered: usize,
    /// Those of their registrations, sorted, of which nobody could read when the credential in use ends.
    pub unread: Vec<String>,
    /// The date the audit stands on.
    pub as_of: DateTime<Utc>,
}

/// A finding in a message, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Of the finding.
    pub fingerprint: String,
    pub severity: Severity,
    pub title: String,
    /// Whose it is, in words.
    pub whose: String,
}

/// Why a credential is in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NoticeKind {
    /// It entered a band, or is new for this person.
    Band,
    /// Nobody answers for it: those who get the report are told.
    Orphan,
    /// It has been in a band for long, and nothing changed: whoever stands behind the owner is told.
    Escalated,
    /// The matter is closed: see [`Closing`].
    Closed,
}

/// Why a matter is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Closing {
    /// It signs in with another credential now.
    Renewed,
    /// Its end is farther off than every band, as with fewer days in the policy.
    FarOff,
    /// The estate does not name the registration any more, and nobody watches it.
    Unwatched,
}

/// One credential in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub kind: NoticeKind,
    pub registration: String,
    pub environment: String,
    /// What tells the credential from its successor: its key id.
    pub credential: String,
    /// `secret "2026"`, as a reader knows it.
    pub name: String,
    /// The band's word: `30`, `0`, `past`, `before-next-run`. Of a closed one, the last that was told.
    pub band: String,
    /// When it ends; of a renewed one, when its successor does. `None` where that has no end.
    pub end: Option<DateTime<Utc>>,
    /// Whole days left at the date of the audit; negative once it is over.
    pub days_left: Option<i64>,
    /// Whether it ends before the next planned run.
    pub before_next_run: bool,
    /// Why this person is told. `None` of closed ones and escalations.
    pub by: Option<RouteBy>,
    /// Of an escalation: whom it was left with.
    pub owners: Vec<String>,
    /// Of an escalation: whether any of them got the message, and not only was to.
    pub reached: bool,
    /// Of a closed one.
    pub closing: Option<Closing>,
    /// What to do next.
    pub steps: Vec<Step>,
}
