//! What is acceptable: thresholds, severities, waivers. Knows no check: `evaluate` joins the two.

use crate::model::word::labels;
pub(crate) mod load;

/// JSON Schema of the policy file; the checks are filled in by whoever knows them.
pub(crate) const SCHEMA: &str = include_str!("policy.schema.json");

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::model::{Gap, IsolationProbe, Resource, Severity, Tier};
use crate::source::Place;

pub(crate) use load::builtin;
pub use load::{BUILT_IN, baseline};

/// A policy with everything it extends folded in.
#[derive(Clone, Debug)]
pub struct Policy {
    /// `baseline`, `strict`, `relaxed`, or the file's name.
    pub name: String,
    pub fail_on: Severity,
    pub unknown: UnknownMode,
    /// Which credentials are tried on other environments (`[isolation] probe`).
    pub isolation: IsolationProbe,
    /// By check id. Ids are not verified here.
    pub checks: BTreeMap<String, CheckSettings>,
    pub waivers: Vec<Waiver>,
}

labels! {
    /// What an unanswered question does to the run.
    pub enum UnknownMode {
        /// Exit code 11.
        Incomplete = "incomplete",
        /// Reported, and no more, where a right or a licence is missing, or what was seen may be the audit's own
        /// doing; exit code 11 where something went wrong.
        Report = "report",
        /// Reported, and no more, whatever stands in the way. No built-in policy says this.
        ReportAll = "report-all",
    }
}

impl UnknownMode {
    /// Whether a question with this gap makes the run incomplete.
    pub const fn counts(self, gap: &Gap) -> bool {
        match self {
            Self::Incomplete => true,
            Self::Report => !gap.is_by_design(),
            Self::ReportAll => false,
        }
    }
}

/// What a policy says of one check.
#[derive(Clone, Debug, Default)]
pub struct CheckSettings {
    pub enabled: Option<bool>,
    pub severity: Option<Severity>,
    pub unknown: Option<UnknownMode>,
    /// Judged only in environments of these tiers.
    pub tiers: Option<Vec<Tier>>,
    /// The check's own parameters (a JSON object), in kebab case as in the file.
    pub params: serde_json::Map<String, serde_json::Value>,
    /// Where the check's table stands, and each of its parameters; absent in built-in policies.
    pub place: Option<Place>,
    pub param_places: BTreeMap<String, Place>,
}

/// A finding that is accepted for a time.
#[derive(Clone, Debug)]
pub struct Waiver {
    pub check: String,
    /// The finding's resource, as the report prints it.
    pub resource: Resource,
    pub reason: String,
    pub owner: String,
    /// The last day it counts.
    pub expires: NaiveDate,
    pub place: Option<Place>,
}
