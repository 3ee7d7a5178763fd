//! Which services a registration's credential is tried against, and whether it is spared this time.

use super::proof_reuse::Earlier;
use super::{Proofs, proof};
use crate::collect::credential::StoredCredential;
use crate::collect::run::Run;
use crate::collect::services::{EnvironmentTask, FinopsTask};
use crate::estate::Registration;
use crate::evidence::RegistrationEvidence;
use crate::model::{Gap, GapKind, Service};

/// The environment's services that the registration has business in. One of which nothing is expected is
/// tried where its environment can show that it signs in: in Dataverse, else in Finance & Operations.
pub(super) fn tasks<'r, 'a>(
    run: &'r Run<'a>,
    registration: &Registration,
) -> (Option<&'r EnvironmentTask<'a>>, Option<&'r FinopsTask<'a>>) {
    let expects_nothing = registration.dataverse.is_none() && registration.finops.is_none();
    let dataverse = run
        .environment(&registration.environment)
        .filter(|_| registration.dataverse.is_some() || registration.finops.is_none());
    let finops = run
        .finops(&registration.environment)
        .filter(|_| registration.finops.is_some() || dataverse.is_none() && expects_nothing);
    (dataverse, finops)
}

/// What tokens are needed for, in the order of `Proofs::tokens`.
pub(super) fn resources(run: &Run<'_>, registration: &Registration) -> Vec<(Service, String)> {
    let (dataverse, finops) = tasks(run, registration);
    let dataverse = dataverse.map(|task| (Service::Dataverse, task.resource.clone()));
    let finops = finops.map(|task| (Service::FinOps, task.site.resource()));
    dataverse.into_iter().chain(finops).collect()
}

/// The earlier proof where it still holds, with what the auditor sees now; else a new one.
pub(super) async fn unless_carried(
    run: &Run<'_>,
    registration: &Registration,
    told: &RegistrationEvidence,
    earlier: Earlier,
    credential: Result<&StoredCredential, Gap>,
) -> Proofs {
    let Some(carried) = earlier.still_holds(told, run.now()) else {
        return proof(run, registration, &told.client_id, credential).await;
    };
    let spared = Gap::new(
        GapKind::NotReached,
        format!("nothing has changed since run {} proved it", carried.run),
    );
    let mut proofs = proof(run, registration, &told.client_id, Err(spared)).await;
    if earlier.is_overtaken_by(&proofs) {
        return proof(run, registration, &told.client_id, credential).await;
    }
    earlier.onto(&mut proofs);
    proofs.carried = Some(carried);
    proofs
}
