//! What a refusal by another environment stands on (invariant 2): the credential is good at home, and
//! the other environment answers somebody.

use crate::facts::case::{Case, Context};
use crate::facts::prelude::*;

/// Whether a token was issued, by an answer that can have carried one.
pub(crate) fn issued(proof: &crate::evidence::TokenProof) -> bool {
    matches!(proof.answer.known(), Some(TokenAnswer::Issued { seen, .. }) if seen.is_success())
}

/// Whether the credential got a token at home, whether it got a 2xx there as well, and what stands in
/// the way. A cell of F&O stands on F&O at home, where the registration has business there; else on the
/// other service, for a credential is good or not whoever asks for it. Where the estate expects nothing of
/// it, whichever service of its home was asked counts.
pub(crate) fn home(case: &Case<'_>, service: Service) -> (bool, bool, Gap) {
    let (registration, evidence) = (case.registration, case.evidence);
    let by_finops = match service {
        Service::FinOps => registration.finops.is_some() || evidence.dataverse.is_none(),
        _ => registration.dataverse.is_none() && evidence.dataverse.is_none(),
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
        Some(WhoAmI::Answered { seen, .. }) if seen.is_success()
    )
}

/// A 2xx, not merely a 403 that only a known client gets.
fn read_in_finops(proof: &FinopsProof) -> bool {
    let accepted = match proof.client.known() {
        Some(FinopsClient::Accepted { seen }) => seen.is_success(),
        _ => return false,
    };
    let listed = proof.service_document.as_ref().and_then(Observed::known);
    accepted
        || listed.is_some_and(|seen| seen.is_success())
        || proof
            .reads
            .iter()
            .any(|read| matches!(read.answer.known(), Some(CollectionAnswer::Read { seen }) if seen.is_success()))
}

/// Whether the environment answered a 2xx to someone in this run: its auditor, a registration of its
/// own, or another one that it lets in.
pub(crate) fn answers_someone(
    context: &Context<'_>,
    name: &str,
    service: Service,
) -> Result<(), Gap> {
    let environment = context.snapshot.environments.get(name);
    let own = context
        .cases_of_environment(name)
        .filter(|case| case.evidence.carried.is_none());
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
    if own.any(|alive| alive) || context.index.answered_a_stranger(name, service) {
        return Ok(());
    }
    let why = format!(
        "{} of {name} answered no one with success in this run, so that its refusal proves nothing",
        service.name()
    );
    Err(auditor.map_or_else(
        || Gap::new(GapKind::NotReached, why.clone()),
        |gap| gap.in_place_of(why.clone()),
    ))
}
