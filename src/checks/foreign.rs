//! Each registration against each other environment of the estate: the facts of one cell, brought to
//! the decision that the checks and the matrix share.

use super::case::{Case, Context, Judged, Stop, not_applicable};
use super::foreign_decision::{Answered, Control, Decision, Granted, Missing, Ruling, decide};
use super::foreign_words as words;
use super::organisations;
use crate::estate::{Environment, Prove};
use crate::evidence::{
    CollectionAnswer, FinopsClient, FinopsProof, ForeignAnswer, ForeignProof, RegistrationEvidence,
    TokenAnswer, UserRefusal, WhoAmI,
};
use crate::model::assessment::{CellState, IsolationCell};
use crate::model::{Gap, GapKind, Observed, Outcome, Presence, Service, Verdict};

/// Refused for a reason that is this application's and that resource's alone. Other codes of the token
/// endpoint may have other causes.
const NOT_ASSIGNED: &str = "AADSTS501051";

/// One registration against one service of another environment.
pub(super) struct Cell<'a> {
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
    pub fn judged(&self, ruling: Ruling, fail: impl FnOnce(&Self) -> Outcome) -> Judged {
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
    pub fn unread(&self) -> &Gap {
        &self.missing.list
    }

    /// Why the call told nothing.
    pub fn untold(&self) -> &Gap {
        &self.missing.call
    }

    fn resource(&self) -> String {
        let service = match self.service {
            Service::FinOps => "finops",
            _ => "dataverse",
        };
        format!(
            "registration/{}/environment/{}/{service}",
            self.case.name(),
            self.name
        )
    }
}

/// One verdict a cell; one a registration where the estate has no other environment.
pub(super) fn each_cell<'a>(
    context: &Context<'a>,
    judge: impl Fn(&Cell<'a>) -> Judged,
) -> Vec<Verdict> {
    context
        .cases()
        .flat_map(|case| {
            let cells = cells(&case);
            if cells.is_empty() {
                let why = not_applicable("the run looked at no other environment");
                return vec![Verdict::on_registration(case.name(), case.settle(Err(why)))];
            }
            cells
                .iter()
                .map(|cell| {
                    let outcome = case.settle(judge(cell));
                    Verdict::within(case.name(), cell.resource(), outcome)
                })
                .collect()
        })
        .collect()
}

/// The row of one registration in the isolation matrix: by environment, then service.
#[must_use]
pub fn isolation(context: &Context<'_>, registration: &str) -> Vec<IsolationCell> {
    let case = context.cases().find(|case| case.name() == registration);
    let cells = case.iter().flat_map(cells);
    cells
        .map(|cell| match &cell.beside {
            Some(why) => IsolationCell {
                environment: cell.name.to_owned(),
                service: cell.service,
                state: CellState::NotApplicable,
                open: None,
                observed: why.clone(),
                granted: why.clone(),
            },
            None => IsolationCell {
                environment: cell.name.to_owned(),
                service: cell.service,
                state: cell.decision.state,
                open: cell.decision.open,
                observed: words::observed(&cell),
                granted: words::granted(&cell),
            },
        })
        .collect()
}

/// Every other environment of the estate with each service that it has.
pub(super) fn cells<'a>(case: &Case<'a>) -> Vec<Cell<'a>> {
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
    let proof = case
        .evidence
        .foreign
        .iter()
        .find(|proof| proof.environment == name && proof.service == service);
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
    let (granted, list) = granted(proof, name, service);
    let (answered, call) = answered(&case, proof, name, target);
    let (token, home, home_gap) = home(&case, service);
    let alive = answers_someone(&case.context, name, service);
    let target_gap = alive.as_ref().err().cloned();
    let control = Control {
        token,
        home,
        target: alive.is_ok(),
    };
    Cell {
        case,
        name,
        target,
        service,
        proof,
        beside,
        granted,
        answered,
        decision: decide(granted, answered, control),
        missing: Gaps {
            call,
            list,
            home: home_gap,
            target: target_gap.unwrap_or_else(nothing_missing),
        },
    }
}

/// Stands where nothing is missing, and is never shown.
fn nothing_missing() -> Gap {
    Gap::new(GapKind::NotReached, "nothing is missing")
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

fn answered(
    case: &Case<'_>,
    proof: Option<&ForeignProof>,
    name: &str,
    target: &Environment,
) -> (Answered, Gap) {
    let not_tried = || (Answered::NotTried, nothing_missing());
    if case.registration.prove == Prove::Never {
        return not_tried();
    }
    let Some(tried) = proof.and_then(|proof| proof.tried.as_ref()) else {
        let probe = case.snapshot().isolation;
        if !probe.tries(case.environment.tier, target.tier) {
            return not_tried();
        }
        let why = format!("the credential was not tried on {name}, though the policy asks for it");
        return (Answered::Unknown, Gap::new(GapKind::NotReached, why));
    };
    let unknown = |gap: Gap| (Answered::Unknown, gap);
    match &tried.answer {
        // What was let in has shown its token; what says "a user, but" has, too.
        Observed::Known(ForeignAnswer::Open { .. }) => (Answered::Open, nothing_missing()),
        Observed::Known(ForeignAnswer::LetIn { .. }) => (Answered::LetIn, nothing_missing()),
        Observed::Known(ForeignAnswer::Refused { why, .. }) if *why != UserRefusal::NotAMember => {
            let answered = match why {
                UserRefusal::NoRoles => Answered::NoRoles,
                _ => Answered::UserDisabled,
            };
            (answered, nothing_missing())
        }
        answer => match (&tried.token, answer) {
            (Observed::Unknown(gap), _) => unknown(gap.clone()),
            (Observed::Known(TokenAnswer::Refused { seen }), _)
                if seen.code.as_deref() == Some(NOT_ASSIGNED) =>
            {
                (Answered::NotAssigned, nothing_missing())
            }
            (Observed::Known(TokenAnswer::Refused { seen }), _) => {
                // The credential's own fault is a failed rung at home; else the cause is not told.
                let at_home = case.evidence.tokens.iter().any(issued);
                let kind = if at_home {
                    GapKind::Unrecognised
                } else {
                    GapKind::NotReached
                };
                unknown(Gap::new(
                    kind,
                    format!("{seen}: that says nothing of this application in {name}"),
                ))
            }
            (_, Observed::Unknown(gap)) => unknown(gap.clone()),
            (_, Observed::Known(ForeignAnswer::Rejected { .. })) => {
                (Answered::Rejected, nothing_missing())
            }
            (_, Observed::Known(_)) => (Answered::NotAMember, nothing_missing()),
        },
    }
}

fn issued(proof: &crate::evidence::TokenProof) -> bool {
    matches!(proof.answer.known(), Some(TokenAnswer::Issued { .. }))
}

/// Whether the credential got a token at home, whether it got a 2xx there as well, and what stands in
/// the way. A cell of F&O stands on F&O at home, where the registration has business there; else on the
/// other service, for a credential is good or not whoever asks for it.
fn home(case: &Case<'_>, service: Service) -> (bool, bool, Gap) {
    let (registration, evidence) = (case.registration, case.evidence);
    let by_finops = match service {
        Service::FinOps => registration.finops.is_some(),
        _ => registration.dataverse.is_none(),
    };
    let service = if by_finops {
        Service::FinOps
    } else {
        Service::Dataverse
    };
    let token = evidence.token_for(service).is_some_and(issued);
    let opened = if by_finops {
        evidence.finops.as_ref().is_some_and(read_in_finops)
    } else {
        whoami_answered(evidence)
    };
    let why = format!(
        "its own environment {} did not answer its credential with success in this run, so that a refusal elsewhere proves nothing",
        registration.environment
    );
    (token, opened, Gap::new(GapKind::NotReached, why))
}

fn whoami_answered(evidence: &RegistrationEvidence) -> bool {
    let whoami = evidence.dataverse.as_ref().map(|proof| &proof.whoami);
    matches!(
        whoami.and_then(Observed::known),
        Some(WhoAmI::Answered { .. })
    )
}

/// A 2xx, not merely a 403 that only a known client gets.
fn read_in_finops(proof: &FinopsProof) -> bool {
    let accepted = match proof.client.known() {
        Some(FinopsClient::Accepted { seen }) => seen.status / 100 == 2,
        _ => return false,
    };
    accepted
        || proof
            .reads
            .iter()
            .any(|read| matches!(read.answer.known(), Some(CollectionAnswer::Read { .. })))
}

/// Whether the environment answered a 2xx to someone in this run: its auditor, a registration of its
/// own, or another one that it lets in.
fn answers_someone(context: &Context<'_>, name: &str, service: Service) -> Result<(), Gap> {
    let environment = context.snapshot.environments.get(name);
    let own = context
        .cases()
        .filter(|case| case.registration.environment == name && case.evidence.carried.is_none());
    let (auditor, mut own): (Option<&Gap>, Box<dyn Iterator<Item = bool>>) = match service {
        Service::FinOps => {
            let list = environment.and_then(|environment| environment.finops_clients.as_ref());
            if list.is_some_and(|list| list.gap.is_none()) {
                return Ok(());
            }
            let reads = own.map(|case| case.evidence.finops.as_ref().is_some_and(read_in_finops));
            (list.and_then(|list| list.gap.as_ref()), Box::new(reads))
        }
        _ => {
            let organization = environment.map(|environment| &environment.organization);
            if organization.is_some_and(|one| one.known().is_some()) {
                return Ok(());
            }
            let answered = own.map(|case| whoami_answered(case.evidence));
            (organization.and_then(Observed::gap), Box::new(answered))
        }
    };
    let others = context.snapshot.registrations.values();
    let mut lets_in = others.flat_map(|evidence| &evidence.foreign).map(|proof| {
        let answer = proof.tried.as_ref().and_then(|tried| tried.answer.known());
        proof.environment == name
            && proof.service == service
            && matches!(answer, Some(ForeignAnswer::Open { .. }))
    });
    if own.any(|alive| alive) || lets_in.any(|alive| alive) {
        return Ok(());
    }
    let why = format!(
        "{} of {name} answered nobody with success in this run, so that its refusal proves nothing",
        service.name()
    );
    Err(auditor.map_or_else(
        || Gap::new(GapKind::NotReached, why.clone()),
        |gap| gap.behind(why.clone()),
    ))
}
