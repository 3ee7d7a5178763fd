//! What the checks that ran say about themselves, as reports with a catalogue of rules need it.

use serde::{Deserialize, Serialize};

use crate::model::check::{CheckMeta, Family};
use crate::model::severity::Severity;

/// One check that ran. Carried along, so that a stored assessment keeps the words it was judged by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rule {
    /// The check's id.
    pub check: String,
    pub title: String,
    pub family: Family,
    /// The policy's, else the check's own; a single finding may weigh more or less.
    pub severity: Severity,
    pub rationale: String,
    pub remediation: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<String>,
    /// Whether its findings say no more than a reminder of the credential's end does.
    #[serde(skip)]
    pub says_an_end: bool,
}

impl Rule {
    /// The rule of a check; `severity` is the policy's, where it sets one.
    pub fn of(meta: &CheckMeta, severity: Option<Severity>) -> Self {
        Self {
            check: meta.id.to_owned(),
            title: meta.title.to_owned(),
            family: meta.family,
            severity: severity.unwrap_or(meta.severity),
            rationale: meta.rationale.to_owned(),
            remediation: meta.remediation.to_owned(),
            controls: meta.controls.iter().map(|id| (*id).to_owned()).collect(),
            says_an_end: false,
        }
    }
}
