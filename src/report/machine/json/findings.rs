//! What was found, what is waived and what has no answer, in `credaudit.report/1`.

use serde::Serialize;

use super::lifecycle::Step;
use crate::model::Family;
use crate::model::assessment::{
    Consequence as ModelConsequence, Finding as ModelFinding, GapItem, GrantItem, UnknownItem,
    Waived as ModelWaived,
};

const fn family(family: Family) -> &'static str {
    match family {
        Family::Lifecycle => "lifecycle",
        Family::Access => "access",
        Family::LeastPrivilege => "least-privilege",
        Family::Isolation => "isolation",
        Family::Hygiene => "hygiene",
    }
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Finding<'a> {
    /// Check and resource in 16 hex digits: the same finding has the same one in every run.
    fingerprint: &'a str,
    check: &'a str,
    title: &'a str,
    family: &'static str,
    severity: &'static str,
    resource: &'a str,
    registrations: &'a [String],
    seen: &'a str,
    hits: &'a str,
    /// Where its credential is used, a line a place.
    used: &'a [String],
    steps: Vec<Step<'a>>,
    remedy: &'a str,
    /// "Relates to", never "complies with".
    controls: &'a [String],
    consequences: Vec<Consequence<'a>>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Consequence<'a> {
    fingerprint: &'a str,
    check: &'a str,
    severity: &'static str,
    resource: &'a str,
    seen: &'a str,
}

impl<'a> Consequence<'a> {
    fn of(consequence: &'a ModelConsequence) -> Self {
        Self {
            fingerprint: &consequence.fingerprint,
            check: &consequence.check,
            severity: consequence.severity.as_str(),
            resource: consequence.resource.path(),
            seen: &consequence.seen,
        }
    }
}

impl<'a> Finding<'a> {
    pub(crate) fn of(finding: &'a ModelFinding) -> Self {
        Self {
            fingerprint: &finding.fingerprint,
            check: &finding.check,
            title: &finding.title,
            family: family(finding.family),
            severity: finding.severity.as_str(),
            resource: finding.resource.path(),
            registrations: &finding.registrations,
            seen: &finding.seen,
            hits: &finding.hits,
            used: &finding.used,
            steps: finding.steps.iter().map(Step::of).collect(),
            remedy: &finding.remedy,
            controls: &finding.controls,
            consequences: finding.consequences.iter().map(Consequence::of).collect(),
        }
    }
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Waived<'a> {
    finding: Finding<'a>,
    reason: &'a str,
    owner: &'a str,
    expires: &'a str,
}

impl<'a> Waived<'a> {
    pub(crate) fn of(waived: &'a ModelWaived) -> Self {
        Self {
            finding: Finding::of(&waived.finding),
            reason: &waived.reason,
            owner: &waived.owner,
            expires: &waived.expires,
        }
    }
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Unknown<'a> {
    check: &'a str,
    resource: &'a str,
    kind: &'static str,
    seen: &'a str,
    remedy: Option<&'a str>,
    /// Whether it makes the run incomplete.
    counts: bool,
}

impl<'a> Unknown<'a> {
    pub(crate) fn of(unknown: &'a UnknownItem) -> Self {
        Self {
            check: &unknown.check,
            resource: unknown.resource.path(),
            kind: unknown.kind.as_str(),
            seen: &unknown.seen,
            remedy: unknown.remedy.as_deref(),
            counts: unknown.counts,
        }
    }
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Gap<'a> {
    kind: &'static str,
    seen: &'a str,
    remedy: Option<&'a str>,
    checks: &'a [String],
    questions: usize,
}

impl<'a> Gap<'a> {
    pub(crate) fn of(gap: &'a GapItem) -> Self {
        Self {
            kind: gap.kind.as_str(),
            seen: &gap.seen,
            remedy: gap.remedy.as_deref(),
            checks: &gap.checks,
            questions: gap.questions,
        }
    }
}

/// A right that is missing.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Grant<'a> {
    role: &'a str,
    scope: &'a str,
    identity: &'a str,
    checks: &'a [String],
    questions: usize,
}

impl<'a> Grant<'a> {
    pub(crate) fn of(item: &'a GrantItem) -> Self {
        Self {
            role: &item.role,
            scope: &item.scope,
            identity: &item.identity,
            checks: &item.checks,
            questions: item.questions,
        }
    }
}
