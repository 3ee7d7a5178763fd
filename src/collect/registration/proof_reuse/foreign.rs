//! Carrying over what other environments answered: the whole of it or nothing, and never without the
//! proof at home of the same run, which is what makes a refusal count.

use std::collections::BTreeSet;

use super::differ;
use crate::collect::registration::targets::Cell;
use crate::estate::Estate;
use crate::evidence::{ForeignAnswer, ForeignProof, RegistrationEvidence, Snapshot, UserRefusal};
use crate::model::{Observed, Service};

/// One cell that the credential was or is tried on: environment, service and the resource of its token.
type Tried = BTreeSet<(String, Service, Option<String>)>;

/// Whether the credential was tried on exactly those places then that it would be tried on now.
pub(super) fn same_questions(
    cells: &[Cell<'_, '_>],
    snapshot: &Snapshot,
    then: &RegistrationEvidence,
) -> bool {
    let tried = cells.iter().filter(|cell| cell.is_tried);
    let now: Tried = tried
        .map(|cell| {
            let resource = Some(cell.task.resource());
            (cell.environment.to_owned(), cell.task.service(), resource)
        })
        .collect();
    let then: Tried = then
        .foreign
        .iter()
        .filter(|proof| proof.tried.is_some())
        .map(|proof| {
            let resource = resource(&snapshot.estate, &proof.environment, proof.service);
            (proof.environment.clone(), proof.service, resource)
        })
        .collect();
    now == then
}

fn resource(estate: &Estate, environment: &str, service: Service) -> Option<String> {
    let environment = estate.environments.get(environment)?;
    let cloud = estate.tenant_of(environment)?.cloud;
    let host = match service {
        Service::Dataverse => cloud.dataverse_root(environment.dataverse.as_deref()?)?,
        _ => environment.finops.clone()?,
    };
    Some(format!("https://{host}"))
}

/// Every place that was tried answered that it does not know this application. One that was open, or knows
/// it as a disabled user, is tried again, so that a repair shows.
pub(crate) fn proved(then: &RegistrationEvidence) -> bool {
    let tried = then.foreign.iter().filter_map(|proof| proof.tried.as_ref());
    tried.map(|tried| &tried.answer).all(|answer| {
        matches!(
            answer,
            Observed::Known(
                ForeignAnswer::Refused {
                    why: UserRefusal::NotAMember,
                    ..
                } | ForeignAnswer::Rejected { .. }
            )
        )
    })
}

/// Whether an auditor now sees another user there than then.
pub(crate) fn is_overtaken(then: &[ForeignProof], now: &[ForeignProof]) -> bool {
    now.iter().any(|now| {
        let then = then.iter().find(|then| same_cell(then, now));
        differ(&then.and_then(|then| then.user.known()), &now.user.known())
    })
}

/// The answers of then over what was not asked now.
pub(crate) fn onto(then: Vec<ForeignProof>, now: &mut [ForeignProof]) {
    for then in then {
        let cell = now.iter_mut().find(|now| same_cell(&then, now));
        if let Some(cell) = cell
            && cell.tried.is_some()
        {
            cell.tried = then.tried;
        }
    }
}

fn same_cell(one: &ForeignProof, other: &ForeignProof) -> bool {
    one.environment == other.environment && one.service == other.service
}
