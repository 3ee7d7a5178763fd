//! The parts of `credaudit.report/1` and how each is made from the assessment.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::model::assessment::{
    Assessment, CheckCount, Consequence as ModelConsequence, ControlCount,
    Coverage as ModelCoverage, Finding as ModelFinding, GapItem, GrantItem, UnknownItem,
    Waived as ModelWaived,
};
use crate::model::{Family, GapKind};

use super::lifecycle::Step;

/// A moment as RFC 3339 in UTC, whole seconds.
pub(in crate::report) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Run<'a> {
    id: &'a str,
    collected: String,
    as_of: String,
    as_of_given: bool,
    /// How far the services' clock was ahead of the collecting machine's; left out where they agree.
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_ahead_seconds: Option<i64>,
    /// Nothing named an identity to sign in with; left out where something did.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    no_identity: bool,
    /// What the policy says and does not do; left out where there is nothing of it.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    cautions: &'a [String],
    policy: &'a str,
    fail_on: &'static str,
    auditors: &'a [String],
    narrowed: Option<&'a str>,
}

impl<'a> Run<'a> {
    pub(super) fn of(assessment: &'a Assessment) -> Self {
        let run = &assessment.run;
        Self {
            id: &run.id,
            collected: moment(run.collected),
            as_of: moment(run.as_of),
            as_of_given: run.as_of_given,
            clock_ahead_seconds: run.clock_ahead_seconds,
            no_identity: run.no_identity,
            cautions: &run.cautions,
            policy: &run.policy,
            fail_on: run.fail_on.as_str(),
            auditors: &run.auditors,
            narrowed: run.narrowed.as_deref(),
        }
    }
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Coverage<'a> {
    asked: usize,
    passed: usize,
    failed: usize,
    consequences: usize,
    waived: usize,
    unknown: usize,
    behind_a_fail: usize,
    /// Of these: nothing answers for them, and the run is incomplete.
    behind_and_open: usize,
    /// Of these: behind a step whose finding is waived.
    behind_and_waived: usize,
    /// Of the unknown ones: the policy only reports them.
    reported_only: usize,
    not_applicable: usize,
    /// Every kind, zeros included.
    unknown_by_kind: BTreeMap<&'static str, usize>,
    registrations: usize,
    proven: usize,
    /// Registrations without a stored credential: nothing could be proven.
    cannot_be_proven: usize,
    lists: Vec<List<'a>>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct List<'a> {
    name: &'a str,
    read: usize,
    cut_short: Option<&'a str>,
    /// Whether it was begun and not read to its end: then the run is incomplete.
    counts: bool,
}

impl<'a> Coverage<'a> {
    pub(super) fn of(coverage: &'a ModelCoverage) -> Self {
        Self {
            asked: coverage.asked,
            passed: coverage.passed,
            failed: coverage.failed,
            consequences: coverage.consequences,
            waived: coverage.waived,
            unknown: coverage.unknown,
            behind_a_fail: coverage.behind_a_fail,
            behind_and_open: coverage.behind_and_open,
            behind_and_waived: coverage.behind_and_waived,
            reported_only: coverage.reported_only,
            not_applicable: coverage.not_applicable,
            unknown_by_kind: GapKind::ALL
                .iter()
                .map(|kind| {
                    let number = coverage.unknown_by_kind.get(kind).copied().unwrap_or(0);
                    (kind.as_str(), number)
                })
                .collect(),
            registrations: coverage.registrations,
            proven: coverage.proven,
            cannot_be_proven: coverage.cannot_be_proven,
            lists: coverage
                .lists
                .iter()
                .map(|list| List {
                    name: &list.name,
                    read: list.read,
                    cut_short: list.cut_short.as_deref(),
                    counts: list.counts,
                })
                .collect(),
        }
    }
}

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
pub(super) struct Finding<'a> {
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
    pub(super) fn of(finding: &'a ModelFinding) -> Self {
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
pub(super) struct Waived<'a> {
    finding: Finding<'a>,
    reason: &'a str,
    owner: &'a str,
    expires: &'a str,
}

impl<'a> Waived<'a> {
    pub(super) fn of(waived: &'a ModelWaived) -> Self {
        Self {
            finding: Finding::of(&waived.finding),
            reason: &waived.reason,
            owner: &waived.owner,
            expires: &waived.expires,
        }
    }
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Unknown<'a> {
    check: &'a str,
    resource: &'a str,
    kind: &'static str,
    seen: &'a str,
    remedy: Option<&'a str>,
    /// Whether it makes the run incomplete.
    counts: bool,
}

impl<'a> Unknown<'a> {
    pub(super) fn of(unknown: &'a UnknownItem) -> Self {
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
pub(super) struct Gap<'a> {
    kind: &'static str,
    seen: &'a str,
    remedy: Option<&'a str>,
    checks: &'a [String],
    questions: usize,
}

impl<'a> Gap<'a> {
    pub(super) fn of(gap: &'a GapItem) -> Self {
        Self {
            kind: gap.kind.as_str(),
            seen: &gap.seen,
            remedy: gap.remedy.as_deref(),
            checks: &gap.checks,
            questions: gap.questions,
        }
    }
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Control<'a> {
    control: &'a str,
    passed: usize,
    failed: usize,
    unknown: usize,
    waived: usize,
}

impl<'a> Control<'a> {
    pub(super) fn of((control, count): (&'a String, &'a ControlCount)) -> Self {
        Self {
            control,
            passed: count.passed,
            failed: count.failed,
            unknown: count.unknown,
            waived: count.waived,
        }
    }
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Check<'a> {
    check: &'a str,
    passed: usize,
    failed: usize,
    unknown: usize,
    not_applicable: usize,
}

impl<'a> Check<'a> {
    pub(super) fn of(count: &'a CheckCount) -> Self {
        Self {
            check: &count.check,
            passed: count.passed,
            failed: count.failed,
            unknown: count.unknown,
            not_applicable: count.not_applicable,
        }
    }
}

/// A right that is missing.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Grant<'a> {
    role: &'a str,
    scope: &'a str,
    identity: &'a str,
    checks: &'a [String],
    questions: usize,
}

impl<'a> Grant<'a> {
    pub(super) fn of(item: &'a GrantItem) -> Self {
        Self {
            role: &item.role,
            scope: &item.scope,
            identity: &item.identity,
            checks: &item.checks,
            questions: item.questions,
        }
    }
}
