//! The ledger of a run: how many checks were asked, what became of them, and how far each list was read.

use crate::model::Prose;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::GapKind;

/// The ledger: how many questions were asked and what became of them. Zeros are always shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Coverage {
    /// Questions asked: passed + failed + unknown + not_applicable.
    pub asked: usize,
    pub passed: usize,
    pub failed: usize,
    /// Of `failed`: listed inside their cause.
    pub consequences: usize,
    /// Of `failed`: waived.
    pub waived: usize,
    pub unknown: usize,
    /// Of `unknown`: behind a failed step.
    pub behind_a_fail: usize,
    /// Of `behind_a_fail`: nothing answers for them, so that the run is incomplete.
    #[serde(default, skip_serializing_if = "none")]
    pub behind_and_open: usize,
    /// Of `behind_a_fail`: behind a step whose finding is waived.
    #[serde(default, skip_serializing_if = "none")]
    pub behind_and_waived: usize,
    /// Of `unknown`: the policy only reports them.
    #[serde(default, skip_serializing_if = "none")]
    pub reported_only: usize,
    pub not_applicable: usize,
    /// Unknown by kind, every kind present.
    pub unknown_by_kind: BTreeMap<GapKind, usize>,
    /// Credentials (registrations) in the estate that were looked at.
    pub registrations: usize,
    /// Of those: credential proven end to end.
    pub proven: usize,
    /// Of `registrations`: without a stored credential, so that nothing could be proven.
    #[serde(default, skip_serializing_if = "none")]
    pub cannot_be_proven: usize,
    /// Lists as far as they were read, one line each: `applications: 40 read, then page 3 answered 500`.
    pub lists: Vec<ListCount>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn none(count: &usize) -> bool {
    *count == 0
}

/// How far one list was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ListCount {
    pub name: String,
    pub read: usize,
    /// Why it stopped early, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_short: Option<Prose>,
    /// What kind of gap that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<GapKind>,
    /// Whether it was begun and not read to its end: then the run is incomplete.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub counts: bool,
    /// Whether it was refused for want of a right that no question waits for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
    /// The registration whose list it is; `None` where it is a vault's, an environment's or a tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<String>,
}
