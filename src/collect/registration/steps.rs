//! The order of the questions about one registration, and whether its credential is spared this time.

use chrono::{DateTime, Utc};

use super::probe_guard::ProbeGuard;
use super::proof_reuse::Earlier;
use super::stored::{Taken, client_id, stored, usable};
use super::targets::Targets;
use super::token::TokenSource;
use super::{
    Collected, Directories, Proofs, Shared, dataverse, directory, finops, foreign, vault_entry,
};
use crate::collect::services::Vaults;
use crate::estate::Registration;
use crate::evidence::RegistrationEvidence;
use crate::model::{Gap, GapKind, Observed, Service};

/// Everything that is to be known of one registration.
///
/// `at` is this moment by the services' clock.
pub(in crate::collect) async fn collect(
    shared: &Shared<'_>,
    directories: Directories<'_, '_>,
    registration: &Registration,
    at: impl Fn() -> DateTime<Utc>,
) -> Collected {
    let Shared { estate, vaults, .. } = shared;
    let (client_id, mut stored) = futures::join!(
        client_id(vaults, registration),
        stored(vaults, registration)
    );
    stored.compare(estate, registration, &client_id);
    let credential = usable(registration, &client_id, &stored.credential);
    let known = seen_by_auditor(vaults, directories, registration, &client_id, &stored);
    let tenant = estate
        .environment_of(registration)
        .and_then(|environment| estate.tenant_of(environment));
    let proving = Proving {
        guard: ProbeGuard::new(shared, registration),
        targets: Targets::new(estate, &shared.environments, shared.isolation, registration),
        tokens: TokenSource {
            wire: &shared.wire,
            desk: &shared.tokens,
            tenant,
            registration,
            client_id: &client_id,
            credential,
        },
    };
    let (known, proofs) = match proving.earlier(shared) {
        None => futures::join!(known, proving.proofs()),
        Some(earlier) => {
            let known = known.await;
            let proofs = proving.unless_reused(&known, earlier, at()).await;
            (known, proofs)
        }
    };
    let evidence = RegistrationEvidence {
        carried: proofs.carried,
        tokens: proofs.tokens,
        dataverse: proofs.dataverse,
        finops: proofs.finops,
        foreign: proofs.foreign,
        ..known
    };
    Collected {
        evidence,
        credential: stored.credential.ok(),
    }
}

/// What the auditor sees in the vault and in the directories.
async fn seen_by_auditor(
    vaults: &Vaults<'_>,
    directories: Directories<'_, '_>,
    registration: &Registration,
    client_id: &Observed<String>,
    stored: &Taken,
) -> RegistrationEvidence {
    let known = async {
        let shown = vault_entry::shown(vaults, registration, &stored.credential).await;
        let compared = vault_entry::compared(stored, shown.as_ref());
        directory::to_graph(directories, client_id, compared).await
    };
    let whole = vault_entry::whole(vaults, registration, &stored.content);
    let ((entry, deleted_entry), known) = futures::join!(whole, known);
    RegistrationEvidence {
        client_id: client_id.clone(),
        entry,
        deleted_entry,
        ..known
    }
}

/// How one registration's credential is proved, and where.
struct Proving<'r, 'a> {
    guard: Option<ProbeGuard<'r, 'a>>,
    targets: Targets<'r, 'a>,
    tokens: TokenSource<'r, 'a>,
}

impl Proving<'_, '_> {
    /// The last run's proof, where it may still count.
    fn earlier(&self, shared: &Shared<'_>) -> Option<Earlier> {
        let previous = shared.previous.as_ref()?;
        let registration = self.tokens.registration;
        let may = !super::write_probes::asked(self.guard.as_ref(), registration);
        Earlier::of(previous, shared.estate, registration, &self.targets).filter(|_| may)
    }

    /// The earlier proof where it still holds, with what the auditor sees now; else a new one.
    async fn unless_reused(
        mut self,
        known: &RegistrationEvidence,
        earlier: Earlier,
        at: DateTime<Utc>,
    ) -> Proofs {
        let Some(carried) = earlier.still_holds(known, at) else {
            return self.proofs().await;
        };
        let spared = Gap::new(
            GapKind::NotReached,
            format!("nothing has changed since run {} proved it", carried.run),
        );
        let credential = std::mem::replace(&mut self.tokens.credential, Err(spared));
        let mut proofs = self.proofs().await;
        if earlier.is_overtaken_by(&proofs) {
            self.tokens.credential = credential;
            return self.proofs().await;
        }
        earlier.onto(&mut proofs);
        proofs.carried = Some(carried);
        proofs
    }

    /// Tokens for every resource the registration needs, and what the services answer to them.
    async fn proofs(&self) -> Proofs {
        let tokens = &self.tokens;
        let (registration, client_id) = (tokens.registration, tokens.client_id);
        let in_dataverse = async {
            let task = self.targets.dataverse?;
            let token = tokens.token(&task.resource);
            let guard = self.guard.as_ref();
            let (held, proof) = dataverse::prove(guard, task, registration, client_id, token).await;
            Some((held.proof(Service::Dataverse, task.resource.clone()), proof))
        };
        let in_finops = async {
            let task = self.targets.finops?;
            let resource = task.site.resource();
            let token = tokens.token(&resource);
            let (held, proof) = finops::prove(task, registration, client_id, token).await;
            Some((held.proof(Service::FinOps, resource), proof))
        };
        // Last: what is asked for at home goes first.
        let abroad = foreign::prove(&self.targets, tokens);
        let (dataverse, finops, foreign) = futures::join!(in_dataverse, in_finops, abroad);
        let mut proofs = Proofs {
            foreign,
            ..Proofs::default()
        };
        if let Some((token, proof)) = dataverse {
            proofs.tokens.push(token);
            proofs.dataverse = Some(proof);
        }
        if let Some((token, proof)) = finops {
            proofs.tokens.push(token);
            proofs.finops = Some(proof);
        }
        proofs
    }
}
