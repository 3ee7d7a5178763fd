//! One registration's own path: vault entry, token, then everything else side by side.

use std::sync::Arc;

use super::credential::StoredCredential;
use super::http::Wire;
use super::services::{Environments, TokenDesk, Vaults};
use crate::estate::Estate;
use crate::evidence::{
    Carried, DataverseProof, FinopsProof, ForeignProof, RegistrationEvidence, Snapshot, TokenProof,
};
use crate::model::{IsolationProbe, Observed, Presence};

mod application_user;
mod dataverse;
mod directory;
mod expected;
mod finops;
mod foreign;
mod metadata;
mod probe_guard;
mod proof_reuse;
mod steps;
mod stored;
mod targets;
mod token;
mod vault_entry;
mod write_probes;

pub(super) use directory::Directories;
pub(super) use expected::{collections, tables};
pub(super) use probe_guard::Probing;
pub(super) use steps::collect;
pub(super) use stored::client_id;

/// What the registrations of a run share.
pub(super) struct Shared<'a> {
    pub(super) estate: &'a Estate,
    pub(super) wire: Arc<Wire>,
    pub(super) vaults: Vaults<'a>,
    pub(super) environments: Environments<'a>,
    pub(super) tokens: TokenDesk<'a>,
    /// The last run's snapshot.
    pub(super) previous: Option<Arc<Snapshot>>,
    /// Which credentials are tried on other environments.
    pub(super) isolation: IsolationProbe,
    /// Where probes of writing were asked for.
    pub(super) probing: Option<Probing>,
}

/// One registration's evidence, and its credential until the values were compared.
pub(super) struct Collected {
    pub(super) evidence: RegistrationEvidence,
    pub(super) credential: Option<StoredCredential>,
}

impl Collected {
    /// Writes the group of its value into the evidence.
    pub(super) fn set_group(&mut self, group: Option<u32>) {
        if let Observed::Known(Presence::Present(entry)) = &mut self.evidence.entry
            && let Observed::Known(content) = &mut entry.content
        {
            content.value_group = group;
        }
    }
}

/// What the services answered to the credential.
#[derive(Default)]
struct Proofs {
    /// Of an earlier run, where the credential was not used in this one.
    carried: Option<Carried>,
    /// Dataverse's first: the steps begin with it.
    tokens: Vec<TokenProof>,
    dataverse: Option<DataverseProof>,
    finops: Option<FinopsProof>,
    foreign: Vec<ForeignProof>,
}
