//! Credentials, rotations and whereabouts in `credaudit.report/1`.

use serde::Serialize;

use crate::model::assessment::{
    CredentialEnd, CredentialView, RotationView, Step as ModelStep, Whereabouts as ModelWhereabouts,
};
use crate::model::time::moment;

#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum End<'a> {
    On { end: String, days_left: i64 },
    Never,
    Unknown { why: &'a str },
}

impl<'a> End<'a> {
    pub(crate) fn of(end: &'a CredentialEnd) -> Self {
        match end {
            CredentialEnd::On { end, days_left } => Self::On {
                end: moment(*end),
                days_left: *days_left,
            },
            CredentialEnd::Never => Self::Never,
            CredentialEnd::Unknown(why) => Self::Unknown { why },
        }
    }
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Credential<'a> {
    key_id: &'a str,
    /// `secret` or `certificate`.
    kind: &'a str,
    /// `registration` or `service principal`.
    place: &'a str,
    name: Option<&'a str>,
    /// SHA-1, 40 upper-case hex digits.
    thumbprint: Option<&'a str>,
    start: Option<String>,
    end: End<'a>,
    /// `proven`, `matched`, `other`, `cannot-tell`.
    stored: &'static str,
    /// A day, `not in the report`, or why it cannot be told.
    last_use: String,
    safe_to_remove: bool,
}

impl<'a> Credential<'a> {
    pub(crate) fn of(view: &'a CredentialView) -> Self {
        Self {
            key_id: &view.key_id,
            kind: &view.kind,
            place: &view.place,
            name: view.name.as_deref(),
            thumbprint: view.thumbprint.as_deref(),
            start: view.start.map(moment),
            end: End::of(&view.ends),
            stored: view.stored.as_str(),
            last_use: view.last_use.to_string(),
            safe_to_remove: view.safe_to_remove,
        }
    }
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Rotation<'a> {
    /// `fresh`, `due`, `overlap`, `half-done`, `overdue`, `broken`, `unknown`.
    state: &'static str,
    why: &'a str,
    steps: Vec<Step<'a>>,
}

impl<'a> Rotation<'a> {
    pub(crate) fn of(view: &'a RotationView) -> Self {
        Self {
            state: view.state.as_str(),
            why: &view.why,
            steps: view.steps.iter().map(Step::of).collect(),
        }
    }
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Step<'a> {
    say: &'a str,
    /// A command line that does it; no secret stands in it.
    run: Option<&'a str>,
}

impl<'a> Step<'a> {
    pub(crate) fn of(step: &'a ModelStep) -> Self {
        Self {
            say: &step.say,
            run: step.run.as_deref(),
        }
    }
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Whereabouts<'a> {
    /// A line a place.
    lines: &'a [String],
    /// What could not be read, so that its silence says nothing.
    unread: &'a [String],
}

impl<'a> Whereabouts<'a> {
    pub(crate) fn of(whereabouts: &'a ModelWhereabouts) -> Self {
        Self {
            lines: &whereabouts.lines,
            unread: &whereabouts.unread,
        }
    }
}
