//! One registration in `credaudit.report/1`: its ladder, its credentials, where it is used.

use super::lifecycle::{Credential, End, Rotation, Whereabouts};
use super::matrices::{Isolation, Privilege};
use super::shape::{each, shape};
use crate::model::Prose;
use crate::model::Severity;
use crate::model::assessment::{Half, RegistrationView, Route, RouteBy, Rung, RungState};
use crate::model::time::moment;

shape! {
    pub(crate) struct Registration<'a> from view = &'a RegistrationView {
        name: &'a str = &view.name,
        environment: &'a str = &view.environment,
        tier: &'a str = &view.tier,
        /// What distinguishes its environment from one of the same name: the tenant's id, then the url.
        place: &'a [String] = &view.place,
        client_id: Option<&'a str> = view.client_id.as_deref(),
        ladder: Vec<LadderRung<'a>> = each(&view.rungs, LadderRung::of),
        credential_end: End<'a> = End::of(&view.ends),
        /// Whether no credential of it is stored, so that nothing can be proven.
        cannot_be_proven: bool = view.cannot_be_proven,
        /// When the proof was made, where this run repeats an earlier one's.
        proven_on: Option<String> = view.proven_on.map(moment),
        credentials: Vec<Credential<'a>> = each(&view.credentials, Credential::of),
        rotation: Rotation<'a> = Rotation::of(&view.rotation),
        whereabouts: Whereabouts<'a> = Whereabouts::of(&view.whereabouts),
        told: Told<'a> = Told::of(&view.route),
        /// What it may do: every expectation of the estate, and what is open though nobody stated it.
        privileges: Vec<Privilege<'a>> = each(&view.privileges, Privilege::of),
        /// Which other environments let it in, by environment, then service.
        isolation: Vec<Isolation<'a>> = each(&view.isolation, Isolation::of),
        /// Expectations that nothing can try: `write CustomersV3 (allowed), unknown: …`.
        not_tried: &'a [Prose] = &view.not_tried,
        findings: usize = view.findings,
        worst: Option<&'static str> = view.worst.map(Severity::as_str),
    }

    /// Who is notified of what concerns it.
    struct Told<'a> from route = &'a Route {
        /// Mail addresses; empty where nobody answers for it, as far as could be read.
        to: &'a [String] = &route.to,
        /// Where they stand: `owner in Entra`.
        by: Option<&'static str> = route.by.map(RouteBy::as_str),
        /// Who is notified, too, where nothing changes.
        escalation: Option<&'a str> = route.escalation.as_deref(),
        /// Nearer places that could not be read: somebody may stand there.
        unread: &'a [String] = &route.unread,
    }

    struct LadderRung<'a> from rung = &'a Rung {
        rung: &'static str = rung.name.as_str(),
        /// `proven`, `failed`, `unknown`, `not-reached`, `not-applicable`.
        #[schemars(with = "String")]
        state: RungState = rung.state,
        note: &'a str = rung.note.letters(),
        /// Of a token: whether it was issued to the older form of an assertion only.
        older_form: bool = rung.older_form,
        /// Of the tables: the reads that it needs; `null` of other steps.
        needs: Option<LadderHalf<'a>> = rung.needs.as_ref().map(LadderHalf::of),
        /// Of the tables: the reads that must be refused; `null` of other steps.
        must_not: Option<LadderHalf<'a>> = rung.must_not.as_ref().map(LadderHalf::of),
    }

    struct LadderHalf<'a> from half = &'a Half {
        #[schemars(with = "String")]
        state: RungState = half.state,
        note: &'a str = half.note.letters(),
    }
}
