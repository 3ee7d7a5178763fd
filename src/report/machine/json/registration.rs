//! One registration in `credaudit.report/1`: its ladder, its credentials, where it is used.

use serde::Serialize;

use super::isolation::Isolation;
use super::lifecycle::{Credential, End, Rotation, Whereabouts};
use super::privileges::Privilege;
use crate::model::assessment::{RegistrationView, RouteBy, RungState};
use crate::model::time::moment;

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Registration<'a> {
    name: &'a str,
    environment: &'a str,
    tier: &'a str,
    client_id: Option<&'a str>,
    ladder: Vec<LadderRung<'a>>,
    credential_end: End<'a>,
    /// When the proof was made, where this run repeats an earlier one's.
    proven_on: Option<String>,
    credentials: Vec<Credential<'a>>,
    rotation: Rotation<'a>,
    whereabouts: Whereabouts<'a>,
    told: Told<'a>,
    /// What it may do: every expectation of the estate, and what is open though nobody stated it.
    privileges: Vec<Privilege<'a>>,
    /// Which other environments let it in, by environment, then service.
    isolation: Vec<Isolation<'a>>,
    /// Expectations that nothing can try: `write CustomersV3 (allowed), unknown: …`.
    not_tried: &'a [String],
    findings: usize,
    worst: Option<&'static str>,
}

/// Who is told of what concerns it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Told<'a> {
    /// Mail addresses; empty where nobody answers for it, as far as could be read.
    to: &'a [String],
    /// Where they stand: `owner in Entra`.
    by: Option<&'static str>,
    /// Who is told, too, where nothing changes.
    escalation: Option<&'a str>,
    /// Nearer places that could not be read: somebody may stand there.
    unread: &'a [String],
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct LadderRung<'a> {
    rung: &'static str,
    /// `proven`, `failed`, `unknown`, `not-reached`, `not-applicable`.
    state: &'static str,
    note: &'a str,
}

impl<'a> Registration<'a> {
    pub(crate) fn of(view: &'a RegistrationView) -> Self {
        Self {
            name: &view.name,
            environment: &view.environment,
            tier: &view.tier,
            client_id: view.client_id.as_deref(),
            ladder: view
                .rungs
                .iter()
                .map(|rung| LadderRung {
                    rung: rung.name.as_str(),
                    state: state(rung.state),
                    note: &rung.note,
                })
                .collect(),
            credential_end: End::of(&view.ends),
            proven_on: view.proven_on.map(moment),
            credentials: view.credentials.iter().map(Credential::of).collect(),
            rotation: Rotation::of(&view.rotation),
            whereabouts: Whereabouts::of(&view.whereabouts),
            told: Told {
                to: &view.route.to,
                by: view.route.by.map(RouteBy::as_str),
                escalation: view.route.escalation.as_deref(),
                unread: &view.route.unread,
            },
            privileges: view.privileges.iter().map(Privilege::of).collect(),
            isolation: view.isolation.iter().map(Isolation::of).collect(),
            not_tried: &view.not_tried,
            findings: view.findings,
            worst: view.worst.map(|severity| severity.as_str()),
        }
    }
}

const fn state(state: RungState) -> &'static str {
    match state {
        RungState::Proven => "proven",
        RungState::Failed => "failed",
        RungState::Unknown => "unknown",
        RungState::NotReached => "not-reached",
        RungState::NotApplicable => "not-applicable",
    }
}
