//! The run and its counts in `credaudit.report/1`: what was judged, how much was asked, by check and by control.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::assessment::{Assessment, CheckCount, ControlCount, Coverage as ModelCoverage};
use crate::model::time::moment;
use crate::report::view::coverage as view;

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Run<'a> {
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
    pub(crate) fn of(assessment: &'a Assessment) -> Self {
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
pub(crate) struct Coverage<'a> {
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
    pub(crate) fn of(coverage: &'a ModelCoverage) -> Self {
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
            unknown_by_kind: view::numbers(coverage)
                .map(|(kind, number)| (kind.as_str(), number))
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

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Control<'a> {
    control: &'a str,
    passed: usize,
    failed: usize,
    unknown: usize,
    waived: usize,
}

impl<'a> Control<'a> {
    pub(crate) fn of((control, count): (&'a String, &'a ControlCount)) -> Self {
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
pub(crate) struct Check<'a> {
    check: &'a str,
    passed: usize,
    failed: usize,
    unknown: usize,
    not_applicable: usize,
}

impl<'a> Check<'a> {
    pub(crate) fn of(count: &'a CheckCount) -> Self {
        Self {
            check: &count.check,
            passed: count.passed,
            failed: count.failed,
            unknown: count.unknown,
            not_applicable: count.not_applicable,
        }
    }
}
