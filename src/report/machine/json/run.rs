//! The run and its counts in `credaudit.report/1`: what was judged, how much was asked, by check and by control.

use crate::model::Prose;
use std::collections::BTreeMap;

use super::shape::{each, shape};
use crate::model::assessment::{
    CheckCount, ControlCount, Coverage as ModelCoverage, ListCount, Rule as ModelRule,
    Run as ModelRun,
};
use crate::model::time::moment;
use crate::model::{Family, GapKind};
use crate::report::view::coverage::numbers;

shape! {
    pub(crate) struct Run<'a> from run = &'a ModelRun {
        id: &'a str = &run.id,
        collected: String = moment(run.collected),
        as_of: String = moment(run.as_of),
        as_of_given: bool = run.as_of_given,
        /// How far the services' clock was ahead of the collecting machine's; left out where they agree.
        #[serde(skip_serializing_if = "Option::is_none")]
        clock_ahead_seconds: Option<i64> = run.clock_ahead_seconds,
        /// Nothing named an identity to sign in with; left out where something did.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        no_identity: bool = run.no_identity,
        /// What the policy says and does not do; left out where there is nothing of it.
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        cautions: &'a [String] = &run.cautions,
        policy: &'a str = &run.policy,
        fail_on: &'static str = run.fail_on.as_str(),
        auditors: &'a [String] = &run.auditors,
        narrowed: Option<&'a str> = run.narrowed.as_deref(),
    }

    pub(crate) struct Coverage<'a> from coverage = &'a ModelCoverage {
        asked: usize = coverage.asked,
        passed: usize = coverage.passed,
        failed: usize = coverage.failed,
        consequences: usize = coverage.consequences,
        waived: usize = coverage.waived,
        unknown: usize = coverage.unknown,
        behind_a_fail: usize = coverage.behind_a_fail,
        /// Of these: nothing answers for them, and the run is incomplete.
        behind_and_open: usize = coverage.behind_and_open,
        /// Of these: behind a step whose finding is waived.
        behind_and_waived: usize = coverage.behind_and_waived,
        /// Of the unknown ones: the policy only reports them.
        reported_only: usize = coverage.reported_only,
        not_applicable: usize = coverage.not_applicable,
        /// Every kind, zeros included.
        unknown_by_kind: BTreeMap<&'static str, usize> = numbers(coverage)
            .map(|(kind, number)| (kind.as_str(), number))
            .collect(),
        registrations: usize = coverage.registrations,
        proven: usize = coverage.proven,
        /// Registrations without a stored credential: nothing could be proven.
        cannot_be_proven: usize = coverage.cannot_be_proven,
        lists: Vec<List<'a>> = each(&coverage.lists, List::of),
    }

    struct List<'a> from list = &'a ListCount {
        name: &'a str = &list.name,
        read: usize = list.read,
        cut_short: Option<&'a str> = list.cut_short.as_ref().map(Prose::letters),
        /// Whether it was begun and not read to its end: then the run is incomplete.
        counts: bool = list.counts,
        /// Why it was not read to its end: a kind of gap.
        kind: Option<&'static str> = list.kind.map(GapKind::as_str),
        /// Whether it was refused, and no check needs it.
        refused: bool = list.refused,
        /// The registration whose list it is, where it is one's.
        registration: Option<&'a str> = list.registration.as_deref(),
    }

    pub(crate) struct Control<'a> from (control, count) = (&'a String, &'a ControlCount) {
        control: &'a str = control,
        passed: usize = count.passed,
        failed: usize = count.failed,
        unknown: usize = count.unknown,
        waived: usize = count.waived,
    }

    /// What a check that ran says of itself.
    pub(crate) struct Rule<'a> from rule = &'a ModelRule {
        check: &'a str = &rule.check,
        title: &'a str = &rule.title,
        #[schemars(with = "String")]
        family: Family = rule.family,
        severity: &'static str = rule.severity.as_str(),
        rationale: &'a str = &rule.rationale,
        remediation: &'a str = &rule.remediation,
        controls: &'a [String] = &rule.controls,
    }

    pub(crate) struct Check<'a> from count = &'a CheckCount {
        check: &'a str = &count.check,
        passed: usize = count.passed,
        failed: usize = count.failed,
        unknown: usize = count.unknown,
        not_applicable: usize = count.not_applicable,
    }
}
