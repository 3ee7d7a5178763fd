//! The judgement of one snapshot under one policy at one date: everything a report shows.

use super::resource::Resource;
use crate::model::Prose;
use crate::model::word::words;
use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

mod coverage;
mod ending;
mod kept_words;
mod last_use;
mod lifecycle;
mod line;
mod located;
mod matrix;
mod questions;
mod route;
mod rules;
mod urgency;
mod verdict;
mod written;

pub(crate) use coverage::{Coverage, ListCount};
pub(crate) use ending::Ending;
pub(crate) use last_use::LastUse;
pub(crate) use located::{LOCATED_FORMAT, Located, LocatedCredential, LocatedRegistration};
pub use matrix::{CellState, PrivilegeCell};
pub(crate) use matrix::{IsolationCell, Stated};
pub(crate) use questions::{Answer, Aside, CheckQuestions, Cover, fingerprint};
pub(crate) use route::{Route, RouteBy};
pub(crate) use rules::Rule;
pub(crate) use urgency::Urgency;
pub(crate) use verdict::{OverallVerdict, Since};
pub(crate) use written::EstateFile;

pub(crate) use lifecycle::{CredentialView, Link, RotationView, Step, Whereabouts};
pub use lifecycle::{RotationState, StoredMatch};
pub(crate) use line::Line;

use super::check::{Effect, Family};
use super::grant::Grant;
use super::observed::{GapId, GapKind, Observed};
use super::severity::Severity;
use super::time::{days_left, is_no_end};

/// The version word of a stored assessment.
pub(crate) const FORMAT: &str = "credaudit.assessment/3";

/// What `evaluate` makes and `report` renders. Every list is sorted; the same snapshot, policy and date
/// give the same bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Assessment {
    /// Always `FORMAT`.
    pub format: String,
    /// `credaudit 0.1.0`, the tool that judged.
    pub tool: String,
    pub run: Run,
    pub verdict: OverallVerdict,
    pub coverage: Coverage,
    /// By environment, then name.
    pub registrations: Vec<RegistrationView>,
    /// The most urgent first; production before the rest. Waived ones are not here.
    pub findings: Vec<Finding>,
    /// Findings that a waiver covers.
    pub waived: Vec<Waived>,
    /// What could not be judged, by check and resource; NotReached behind a Fail is not here.
    #[serde(deserialize_with = "kept_words::unknowns")]
    pub unknowns: Vec<UnknownItem>,
    /// Rights that the auditor lacks, the one that most questions wait for first.
    #[serde(default)]
    pub grants: Vec<GrantItem>,
    /// Gaps that no single check owns: a refused vault list, an auditor that could not sign in.
    #[serde(deserialize_with = "kept_words::gaps")]
    pub gaps: Vec<GapItem>,
    /// Per control reference, sorted by it.
    pub controls: BTreeMap<String, ControlCount>,
    /// Per check that ran, sorted by id.
    pub checks: Vec<CheckCount>,
    /// The questions that no other list here names, by check.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<CheckQuestions>,
    /// What the checks that ran say of themselves, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Days before a credential's end from which the policy takes notice, most first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<u32>,
    /// Where the estate is written; an older snapshot does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estate: Option<EstateFile>,
}

/// What was judged, when and under which policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Run {
    /// The collecting run's id.
    pub id: String,
    pub collected: DateTime<Utc>,
    /// The date the judging stands on; differs from `collected` with `--as-of`.
    pub as_of: DateTime<Utc>,
    /// Whether `as_of` was given by hand.
    pub as_of_given: bool,
    /// How far the services' clock was ahead of the collecting machine's; none where they agree, or nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_ahead_seconds: Option<i64>,
    /// The policy's name: `baseline`, or the file it was read from.
    pub policy: String,
    pub fail_on: Severity,
    /// Who the audit signed in as, one line a tenant or environment.
    pub auditors: Vec<String>,
    /// Nothing on the machine named an identity to sign in with, so that nothing was asked of any service.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_identity: bool,
    /// What the policy says and does not do: bands that swallow one another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cautions: Vec<String>,
    /// `--env`/`--registration`, where the run looked at a part of the estate only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrowed: Option<String>,
}

/// Clocks that differ by more than this are told to the reader, in seconds.
const CLOCKS_DIFFER: i64 = 300;

impl Run {
    /// How far the services' clock was ahead, where that is more than five minutes either way.
    pub fn clock_differs(&self) -> Option<TimeDelta> {
        let ahead = self.clock_ahead_seconds?;
        let differs = ahead.unsigned_abs() > CLOCKS_DIFFER.unsigned_abs();
        differs.then(|| TimeDelta::try_seconds(ahead))?
    }
}

/// One registration's ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RegistrationView {
    pub name: String,
    pub environment: String,
    /// `production`, `test` or `development`.
    pub tier: String,
    /// What tells the environment from one of the same name in another estate: the tenant's id, then the url
    /// of its Dataverse or F&O. Empty in an older assessment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub place: Vec<String>,
    /// The client id, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// In the order of the steps; the last one only where the estate expects something of it there.
    #[serde(deserialize_with = "kept_words::steps")]
    pub rungs: Vec<Rung>,
    /// When the credential in use ends.
    pub ends: CredentialEnd,
    /// Whether the estate stores no credential of it, so that nothing can be proven.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cannot_be_proven: bool,
    /// When the proof was made, where this run repeats an earlier one's (`prove = "on-change"`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proven_on: Option<DateTime<Utc>>,
    /// Every credential of the registration and its service principal, by end, then key id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credentials: Vec<CredentialView>,
    pub rotation: RotationView,
    pub whereabouts: Whereabouts,
    /// What it may do, by service, table or collection, then operation: every expectation of the estate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub privileges: Vec<PrivilegeCell>,
    /// Which other environments let it in, by environment, then service.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "kept_words::cells"
    )]
    pub isolation: Vec<IsolationCell>,
    /// Expectations that nothing can try: `write CustomersV3 (allowed), unknown: …`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_tried: Vec<Prose>,
    /// Whom it concerns.
    #[serde(default)]
    pub route: Route,
    /// Whom a defect of it hits, as a finding's `hits` say it. Empty in an older assessment.
    #[serde(default, skip_serializing_if = "Prose::is_empty")]
    pub hits: Prose,
    /// Findings whose subject this is, consequences not counted.
    pub findings: usize,
    /// The worst of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst: Option<Severity>,
}

impl RegistrationView {
    /// Whether its credential was proven end to end: a token was issued, and no step is in doubt. A vault
    /// entry that was read proves nothing by itself.
    pub fn is_proven(&self) -> bool {
        let signed_in =
            |rung: &Rung| rung.name == ProofStep::Token && rung.state == RungState::Proven;
        let mut states = self.rungs.iter().map(|rung| rung.state);
        states.all(|state| matches!(state, RungState::Proven | RungState::NotApplicable))
            && self.rungs.iter().any(signed_in)
    }
}

impl Assessment {
    /// The registration that a resource is or belongs to.
    pub fn registration_of(&self, resource: &Resource) -> Option<&RegistrationView> {
        let name = resource.registration_name()?;
        self.registrations.iter().find(|view| view.name == name)
    }

    /// How many waived findings are about a registration, which its own count leaves out.
    pub fn waived_of(&self, view: &RegistrationView) -> usize {
        let about = |waived: &&Waived| waived.finding.registrations.contains(&view.name);
        self.waived.iter().filter(about).count()
    }
}

/// The end of the credential that is in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CredentialEnd {
    /// Ends then; `days_left` is negative once it is over.
    On { end: DateTime<Utc>, days_left: i64 },
    /// No end is set.
    Never,
    /// It could not be told; the text says why.
    Unknown(Prose),
}

impl CredentialEnd {
    /// The end of a credential as it was read.
    pub fn of(end: &Observed<DateTime<Utc>>, as_of: DateTime<Utc>) -> Self {
        match end {
            Observed::Known(end) if is_no_end(*end) => Self::Never,
            Observed::Known(end) => Self::On {
                end: *end,
                days_left: days_left(*end, as_of),
            },
            Observed::Unknown(gap) => Self::Unknown(gap.seen.clone()),
        }
    }
}

/// One step of the proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rung {
    pub name: ProofStep,
    pub state: RungState,
    /// A few words: `3/3 allowed, 2/2 refused`, `401 AADSTS7000222`.
    pub note: Prose,
    /// Of a token: that it was issued to the older form of an assertion only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub older_form: bool,
    /// Of the tables: the reads that it needs. An older assessment does not tell them apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<Half>,
    /// Of the tables: the reads that must be refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub must_not: Option<Half>,
}

/// One side of a step that has two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Half {
    pub state: RungState,
    /// `3/3 read`, `2/2 refused`.
    pub note: Prose,
}

words! {
    /// The steps of the proof, in the order in which they are made.
    pub enum ProofStep {
        Vault = "vault",
        Token = "token",
        WhoAmI = "whoami",
        Tables = "tables",
        FinOps = "finops",
    }
}

words! {
    /// How a rung ended.
    pub enum RungState {
        Proven = "proven",
        Failed = "failed",
        Unknown = "unknown",
        NotReached = "not-reached",
        NotApplicable = "not-applicable",
    }
}

/// A defect that stands on its own, with its consequences inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Finding {
    /// 16 hex digits of check + resource: survives re-runs.
    pub fingerprint: String,
    pub check: String,
    /// What is wrong with whom: `churn-score can read invoice, which it must not`.
    pub title: Prose,
    /// The title without whom it is about, to stand beside the name; empty where the title is the check's.
    #[serde(default, skip_serializing_if = "Prose::is_empty")]
    pub what: Prose,
    /// What it means for the integration.
    #[serde(default)]
    pub effect: Effect,
    /// How soon somebody has to act.
    #[serde(default)]
    pub urgency: Urgency,
    pub family: Family,
    pub severity: Severity,
    pub resource: Resource,
    /// The registrations it is about (names), sorted; may be empty for an environment's finding.
    pub registrations: Vec<String>,
    /// What was seen.
    pub seen: Prose,
    /// Whom it hits: who uses the credentials of `registrations`, and of no others. Empty where nobody is known.
    pub hits: Prose,
    /// Where its credential is used, a line a place; empty where it is about no single client id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<Line>,
    /// The next steps of the rotation, where the finding is about a credential's life.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// What to do next.
    pub remedy: Prose,
    /// Commands that do what the remedy says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<Step>,
    /// Pages on which it can be done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    pub controls: Vec<String>,
    pub consequences: Vec<Consequence>,
}

/// A Fail that another Fail explains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Consequence {
    pub fingerprint: String,
    pub check: String,
    pub resource: Resource,
    pub severity: Severity,
    pub seen: Prose,
}

/// A finding that a waiver covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Waived {
    pub finding: Finding,
    pub reason: String,
    pub owner: String,
    /// `2027-06-30`: the last day it counts.
    pub expires: String,
}

/// A question that could not be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UnknownItem {
    pub check: String,
    pub resource: Resource,
    pub kind: GapKind,
    pub seen: Prose,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Prose>,
    /// The right that it waits for, where one is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Grant>,
    /// Whether it makes the run incomplete (the policy may say `unknown = "report"`).
    pub counts: bool,
    /// Names of the registrations it is about, sorted; none where it is about a tenant, or an older run did
    /// not keep them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registrations: Vec<String>,
    /// The gap that stood in the way first, where it was never asked because of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<GapId>,
}

/// A hole in the evidence and how many questions it left open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct GapItem {
    pub kind: GapKind,
    pub seen: Prose,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Prose>,
    /// The right that it waits for, where one is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Grant>,
    /// Ids of the checks it leaves open, sorted, each once.
    pub checks: Vec<String>,
    /// Questions it leaves open.
    pub questions: usize,
    /// Names of the registrations that these are about, sorted, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registrations: Vec<String>,
    /// The gap that stood in the way first, where they were never asked because of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<GapId>,
}

/// A right that is missing and what waits for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct GrantItem {
    /// `Key Vault Secrets User`.
    pub role: String,
    /// `key vault kv-contoso`.
    pub scope: String,
    /// `the auditor (client id …)`.
    pub identity: String,
    /// Ids of the checks it would let judge, sorted, each once.
    pub checks: Vec<String>,
    /// Questions that wait for it.
    pub questions: usize,
    /// How to give it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Pages on which it can be given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// What became of the questions that relate to one control.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ControlCount {
    pub passed: usize,
    pub failed: usize,
    pub unknown: usize,
    pub waived: usize,
}

/// What became of one check's questions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CheckCount {
    pub check: String,
    pub passed: usize,
    pub failed: usize,
    pub unknown: usize,
    pub not_applicable: usize,
}

impl CheckCount {
    /// How often it was asked.
    pub const fn asked(&self) -> usize {
        self.passed + self.failed + self.unknown + self.not_applicable
    }
}
