//! Each registration against each other environment of the estate: the facts of one cell, brought to
//! the decision that the checks and the matrix share.

use super::answers::{answered, nothing_missing};
use super::controls::{answers_someone, home};
use super::organisations;
use super::truth_table::{Answered, Control, Decision, Granted, Missing, Ruling, decide};
use crate::facts::case::{Case, Context, Judged, Stop, not_applicable};
use crate::facts::prelude::*;

/// One registration against one service of another environment.
pub(crate) struct Cell<'a> {
    pub case: Case<'a>,
    pub name: &'a str,
    pub target: &'a Environment,
    pub service: Service,
    pub proof: Option<&'a ForeignProof>,
    /// Why the question does not arise.
    pub beside: Option<String>,
    pub granted: Granted,
    pub answered: Answered,
    pub decision: Decision,
    missing: Gaps,
}

/// The gap behind each thing that can be missing.
struct Gaps {
    call: Gap,
    list: Gap,
    home: Gap,
    target: Gap,
}

impl<'a> Cell<'a> {
    /// What a check says of the cell.
    pub(crate) fn judged(&self, ruling: Ruling, fail: impl FnOnce(&Self) -> Outcome) -> Judged {
        if let Some(why) = &self.beside {
            return Err(not_applicable(why.clone()));
        }
        match ruling {
            Ruling::Pass => Ok(Outcome::Pass),
            Ruling::Fail => Ok(fail(self)),
            Ruling::Beside(why) => Err(not_applicable(why)),
            Ruling::Unknown(missing) => Err(Stop::Gap(self.gap(missing).clone())),
        }
    }

    fn gap(&self, missing: Missing) -> &Gap {
        match missing {
            Missing::Call => &self.missing.call,
            Missing::List => &self.missing.list,
            Missing::Home => &self.missing.home,
            Missing::Target => &self.missing.target,
        }
    }

    /// Why the list of users is not known.
    pub(crate) fn unread(&self) -> &Gap {
        &self.missing.list
    }

    /// Why the call told nothing.
    pub(crate) fn untold(&self) -> &Gap {
        &self.missing.call
    }

    fn resource(&self) -> Resource {
        let service = match self.service {
            Service::FinOps => Part::FinOps,
            _ => Part::Dataverse,
        };
        let there = Part::Environment(self.name.to_owned());
        self.case.resource().part(there).part(service)
    }
}

/// One verdict a cell; one a registration where the estate has no other environment.
pub(crate) fn each_cell<'a>(
    context: &Context<'a>,
    judge: impl Fn(&Cell<'a>) -> Judged,
) -> Vec<Verdict> {
    context.each_part(|case, found| {
        let cells = cells(case);
        found.extend(
            cells
                .iter()
                .map(|cell| case.about(cell.resource(), judge(cell))),
        );
        Err(not_applicable("the run looked at no other environment"))
    })
}

/// Every other environment of the estate with each service that it has.
pub(crate) fn cells<'a>(case: &Case<'a>) -> Vec<Cell<'a>> {
    let estate = &case.snapshot().estate;
    let home = &case.registration.environment;
    estate
        .environments
        .iter()
        .filter(|(name, _)| *name != home)
        .flat_map(|(name, target)| {
            [
                (Service::Dataverse, &target.dataverse),
                (Service::FinOps, &target.finops),
            ]
            .into_iter()
            .filter(|(_, host)| host.is_some())
            .map(|(service, _)| cell(*case, name, target, service))
        })
        .collect()
}

fn cell<'a>(case: Case<'a>, name: &'a str, target: &'a Environment, service: Service) -> Cell<'a> {
    let tenant = case.snapshot().estate.tenant_of(target);
    let beside = if tenant.is_some_and(|tenant| tenant.id == case.tenant.id) {
        organisations::same_in(&case.context, service, &case.registration.environment, name)
            .map(|how| format!("{how}: organisation-shared says so"))
    } else {
        Some(format!(
            "{name} is in another tenant ({}), which knows no application of this one by itself",
            target.tenant
        ))
    };
    let (token, home, home_gap) = home(&case, service);
    let alive = answers_someone(&case.context, name, service);
    let control = Control {
        token,
        home,
        target: alive.is_ok(),
    };
    let target_gap = alive.err().unwrap_or_else(nothing_missing);
    let of = |proof: Option<&'a ForeignProof>| {
        let (granted, list) = granted(proof, name, service);
        let (answered, call) = answered(&case, proof, name, target, service);
        let (answered, call) = match answered.beside(granted) {
            same if same == answered => (answered, call),
            less => (less, alone(proof)),
        };
        Cell {
            case,
            name,
            target,
            service,
            proof,
            beside: beside.clone(),
            granted,
            answered,
            decision: decide(granted, answered, control),
            missing: Gaps {
                call,
                list,
                home: home_gap.clone(),
                target: target_gap.clone(),
            },
        }
    };
    // One that is stored twice is as bad as the worse of the two.
    let proofs = case.evidence.foreign.iter();
    proofs
        .filter(|proof| proof.environment == name && proof.service == service)
        .map(|proof| of(Some(proof)))
        .max_by_key(|cell| cell.decision.weight())
        .unwrap_or_else(|| of(None))
}

/// Why F&O's 403 counts for nothing: only beside a list that has the client it says that it was accepted.
fn alone(proof: Option<&ForeignProof>) -> Gap {
    let tried = proof.and_then(|proof| proof.tried.as_ref());
    let seen = match tried.and_then(|tried| tried.answer.known()) {
        Some(ForeignAnswer::LetIn { seen }) => seen.to_string(),
        _ => String::new(),
    };
    Gap::new(
        GapKind::Unrecognised,
        format!(
            "{seen}, which a client that is known there gets, and so does one that something on the way stops: its list of clients does not show this one"
        ),
    )
    .with_remedy("let the auditor read SysAADClients there, and run again")
}

fn granted(proof: Option<&ForeignProof>, name: &str, service: Service) -> (Granted, Gap) {
    let Some(proof) = proof else {
        let why = format!("whether it is a user of {name} was not asked");
        return (Granted::Unknown, Gap::new(GapKind::NotReached, why));
    };
    let user = match &proof.user {
        Observed::Unknown(gap) => return (Granted::Unknown, gap.clone()),
        Observed::Known(Presence::Absent) => return (Granted::Absent, nothing_missing()),
        Observed::Known(Presence::Present(user)) => user,
    };
    let granted = match (user.disabled.known(), service) {
        (Some(true), _) => Granted::Disabled,
        (None, _) => Granted::Listed,
        (Some(false), Service::FinOps) => Granted::Active,
        (Some(false), _) if !user.roles.items.is_empty() => Granted::Active,
        (Some(false), _) if user.roles.gap.is_some() => Granted::Listed,
        (Some(false), _) => Granted::NoRoles,
    };
    (granted, nothing_missing())
}
