//! What was found, what is waived and what has no answer, in `credaudit.report/1`.

use super::lifecycle::{Link, Step};
use super::shape::{each, shape};
use crate::model::Prose;
use crate::model::assessment::{
    Consequence as ModelConsequence, Finding as ModelFinding, GapItem, GrantItem, UnknownItem,
    Urgency, Waived as ModelWaived,
};
use crate::model::grant::Grant as Right;
use crate::model::{Effect, Family};

shape! {
    pub(crate) struct Finding<'a> from finding = &'a ModelFinding {
        /// Check and resource in 16 hex digits: the same finding has the same one in every run.
        fingerprint: &'a str = &finding.fingerprint,
        check: &'a str = &finding.check,
        /// What is wrong with whom.
        title: &'a str = finding.title.letters(),
        /// The title without whom it is about; empty where the title is the check's own.
        what: &'a str = finding.what.letters(),
        /// What it means for the integration.
        #[schemars(with = "String")]
        effect: Effect = finding.effect,
        /// How soon somebody has to act: `broken`, `soon`, `exposure`, `rest`.
        #[schemars(with = "String")]
        urgency: Urgency = finding.urgency,
        #[schemars(with = "String")]
        family: Family = finding.family,
        severity: &'static str = finding.severity.as_str(),
        resource: &'a str = finding.resource.path(),
        registrations: &'a [String] = &finding.registrations,
        seen: &'a str = finding.seen.letters(),
        hits: &'a str = finding.hits.letters(),
        /// Where its credential is used, a line a place.
        used: Vec<&'a str> = each(&finding.used, |line| line.said.letters()),
        steps: Vec<Step<'a>> = each(&finding.steps, Step::of),
        remedy: &'a str = finding.remedy.letters(),
        /// Commands that do what the remedy says: they need not all be run, and have no order.
        commands: Vec<Step<'a>> = each(&finding.commands, Step::of),
        /// Pages of a portal on which it can be done.
        links: Vec<Link<'a>> = each(&finding.links, Link::of),
        /// "Relates to", never "complies with".
        controls: &'a [String] = &finding.controls,
        consequences: Vec<Consequence<'a>> = each(&finding.consequences, Consequence::of),
    }

    struct Consequence<'a> from consequence = &'a ModelConsequence {
        fingerprint: &'a str = &consequence.fingerprint,
        check: &'a str = &consequence.check,
        severity: &'static str = consequence.severity.as_str(),
        resource: &'a str = consequence.resource.path(),
        seen: &'a str = consequence.seen.letters(),
    }

    pub(crate) struct Waived<'a> from waived = &'a ModelWaived {
        finding: Finding<'a> = Finding::of(&waived.finding),
        reason: &'a str = &waived.reason,
        owner: &'a str = &waived.owner,
        expires: &'a str = &waived.expires,
    }

    pub(crate) struct Unknown<'a> from unknown = &'a UnknownItem {
        check: &'a str = &unknown.check,
        resource: &'a str = unknown.resource.path(),
        kind: &'static str = unknown.kind.as_str(),
        seen: &'a str = unknown.seen.letters(),
        remedy: Option<&'a str> = unknown.remedy.as_ref().map(Prose::letters),
        /// The right that it waits for; `null` where none is missing.
        missing: Option<&'a Right> = unknown.missing.as_ref(),
        /// Whether it makes the run incomplete.
        counts: bool = unknown.counts,
        /// Names of the registrations it is about.
        registrations: &'a [String] = &unknown.registrations,
    }

    pub(crate) struct Gap<'a> from gap = &'a GapItem {
        kind: &'static str = gap.kind.as_str(),
        seen: &'a str = gap.seen.letters(),
        remedy: Option<&'a str> = gap.remedy.as_ref().map(Prose::letters),
        /// The right that it waits for; `null` where none is missing.
        missing: Option<&'a Right> = gap.missing.as_ref(),
        checks: &'a [String] = &gap.checks,
        questions: usize = gap.questions,
        /// Names of the registrations it is about.
        registrations: &'a [String] = &gap.registrations,
    }

    /// A right that is missing.
    pub(crate) struct Grant<'a> from item = &'a GrantItem {
        role: &'a str = &item.role,
        scope: &'a str = &item.scope,
        identity: &'a str = &item.identity,
        checks: &'a [String] = &item.checks,
        questions: usize = item.questions,
        /// How to give it, in order.
        steps: Vec<Step<'a>> = each(&item.steps, Step::of),
        links: Vec<Link<'a>> = each(&item.links, Link::of),
    }
}
