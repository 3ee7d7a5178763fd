//! A registration's credentials in a report: which is stored, how far its rotation is, where it is used.

use crate::model::Prose;
use std::collections::BTreeSet;

use crate::model::word::words;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{CredentialEnd, LastUse, Line};
use crate::model::Resource;
use crate::model::command::Command;

/// One credential of a registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CredentialView {
    pub key_id: String,
    /// `secret` or `certificate`.
    pub kind: String,
    /// `registration` or `service principal`.
    pub place: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Of a certificate: SHA-1, 40 upper-case hex digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbprint: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<DateTime<Utc>>,
    pub ends: CredentialEnd,
    pub stored: StoredMatch,
    pub last_use: LastUse,
    /// Only ever true where the newer credential is stored and proven, and nobody uses this one.
    pub safe_to_remove: bool,
}

words! {
    /// Whether a credential is the one in the vault.
    pub enum StoredMatch {
        /// It is, and a token was issued for it.
        Proven = "proven",
        /// It begins alike, or has the same thumbprint; no token proved it.
        Matched = "matched",
        /// It is another one.
        Other = "other",
        CannotTell = "cannot-tell",
    }
}

/// How far a registration's rotation is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RotationView {
    pub state: RotationState,
    /// What was seen that makes it so, in a sentence.
    pub why: Prose,
    /// What to do next, in order; empty where nothing is to be done.
    pub steps: Vec<Step>,
}

words! {
    /// How far a registration's rotation is.
    pub enum RotationState {
        /// One live credential, stored and young enough.
        Fresh = "fresh",
        /// It should be rotated soon: it ends, or grows too old, within the policy's notice.
        Due = "due",
        /// A new one is stored and proven, and an old one still lives.
        Overlap = "overlap",
        /// A new one stands on the registration, and the vault still holds the old one.
        HalfDone = "half-done",
        /// Older than the rotation interval, and no new one in sight.
        Overdue = "overdue",
        /// What is stored does not work.
        Broken = "broken",
        /// It cannot be told.
        Unknown = "unknown",
    }
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Step {
    pub say: Prose,
    /// A line of bash that does it: no secret in an argument.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The same for PowerShell, where there is such a line. Older assessments have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub powershell: Option<String>,
    /// Registrations (names) besides the one whose step it is that it speaks of. Older assessments have none.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub others: BTreeSet<String>,
}

/// A page of a portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Link {
    /// `Certificates & secrets of erp-bridge`.
    pub say: String,
    /// The names in it are encoded.
    pub url: String,
}

impl Step {
    /// What to do, with the line of each shell where a command does it.
    pub(crate) fn of(say: impl Into<Prose>, command: Option<&Command>) -> Self {
        Self {
            say: say.into(),
            run: command.and_then(Command::bash),
            powershell: command.and_then(Command::powershell),
            others: BTreeSet::new(),
        }
    }

    /// The same, where it speaks of other registrations, too.
    pub(crate) fn speaking_of<'a>(mut self, others: impl IntoIterator<Item = &'a str>) -> Self {
        self.others.extend(others.into_iter().map(str::to_owned));
        self
    }

    /// Each line that does it, after the shell it is for; without a shell where one line is for both.
    pub fn lines(&self, powershell_first: bool) -> Vec<(Option<&'static str>, &str)> {
        let bash = self.run.as_deref();
        let powershell = self.powershell.as_deref();
        if let (Some(line), true) = (bash, bash == powershell) {
            return vec![(None, line)];
        }
        let bash = bash.map(|line| (Some("bash"), line));
        let powershell = powershell.map(|line| (Some("PowerShell"), line));
        let both = match powershell_first {
            true => [powershell, bash],
            false => [bash, powershell],
        };
        both.into_iter().flatten().collect()
    }
}

/// Where one client id is used, as far as the evidence tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Whereabouts {
    /// GUID, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// What each place says, places first that hold the credential: `vault crm-prod, secret raia-secret
    /// (named in the estate)`, `Dataverse prod, application user Raia (enabled)`, `last sign-in 2026-11-19`.
    pub lines: Vec<Line>,
    /// What could not be read, so that its silence says nothing.
    pub unread: Vec<Line>,
    /// The vault entries that the lines are about. An assessment that was stored does not keep them.
    #[serde(skip)]
    pub entries: BTreeSet<Resource>,
}
