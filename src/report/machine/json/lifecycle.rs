//! Credentials, rotations and whereabouts in `credaudit.report/1`.

use serde::Serialize;

use super::shape::{each, shape};
use crate::model::assessment::{
    CredentialEnd, CredentialView, Link as ModelLink, RotationView, Step as ModelStep,
    Whereabouts as ModelWhereabouts,
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
            CredentialEnd::Unknown(why) => Self::Unknown { why: why.letters() },
        }
    }
}

shape! {
    pub(crate) struct Credential<'a> from view = &'a CredentialView {
        key_id: &'a str = &view.key_id,
        /// `secret` or `certificate`.
        kind: &'a str = &view.kind,
        /// `registration` or `service principal`.
        place: &'a str = &view.place,
        name: Option<&'a str> = view.name.as_deref(),
        /// SHA-1, 40 upper-case hex digits.
        thumbprint: Option<&'a str> = view.thumbprint.as_deref(),
        start: Option<String> = view.start.map(moment),
        end: End<'a> = End::of(&view.ends),
        /// `proven`, `matched`, `other`, `cannot-tell`.
        stored: &'static str = view.stored.as_str(),
        /// A day, `not in the report`, or why it is unknown.
        last_use: String = view.last_use.to_string(),
        safe_to_remove: bool = view.safe_to_remove,
    }

    pub(crate) struct Rotation<'a> from view = &'a RotationView {
        /// `fresh`, `due`, `overlap`, `half-done`, `overdue`, `broken`, `unknown`.
        state: &'static str = view.state.as_str(),
        why: &'a str = view.why.letters(),
        steps: Vec<Step<'a>> = each(&view.steps, Step::of),
    }

    pub(crate) struct Step<'a> from step = &'a ModelStep {
        say: &'a str = step.say.letters(),
        /// A line of bash that does it; no secret is in it.
        run: Option<&'a str> = step.run.as_deref(),
        /// The same for PowerShell, where there is such a line.
        powershell: Option<&'a str> = step.powershell.as_deref(),
    }

    /// A page of a portal.
    pub(crate) struct Link<'a> from link = &'a ModelLink {
        say: &'a str = &link.say,
        url: &'a str = &link.url,
    }

    pub(crate) struct Whereabouts<'a> from whereabouts = &'a ModelWhereabouts {
        client_id: Option<&'a str> = whereabouts.client_id.as_deref(),
        /// A line a place.
        lines: Vec<&'a str> = each(&whereabouts.lines, |line| line.said.letters()),
        /// What could not be read, so that its silence says nothing.
        unread: Vec<&'a str> = each(&whereabouts.unread, |line| line.said.letters()),
    }
}
