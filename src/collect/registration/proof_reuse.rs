//! Carrying a proof over from the last run (`prove = "on-change"`): only where nothing has changed since,
//! and only a proof. What was refused or unknown then is tried again, so that a repair shows.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::targets::Targets;
use super::{Proofs, expected};
use crate::estate::{Estate, Prove, Registration};
use crate::evidence::{
    Application, Carried, CollectionAnswer, Credential, DataverseProof, EntryAttributes, Expected,
    FinopsClient, FinopsProof, HeldPrivilege, MetadataAnswer, MetadataTarget, ReadAnswer,
    ReadRefusal, RegistrationEvidence, ServicePrincipal, Snapshot, TokenAnswer, VaultEntry, WhoAmI,
    Witness,
};
use crate::model::{Observed, Presence, Service, guid};

mod foreign;

/// How long a proof is repeated at most: what no auditor is shown can change as well.
const LONGEST: TimeDelta = TimeDelta::days(30);

/// A proof of an earlier run that may still count.
pub(crate) struct Earlier {
    snapshot: Arc<Snapshot>,
    evidence: RegistrationEvidence,
}

impl Earlier {
    /// The last run's proof of this registration. `None` where the credential is to be used anyway: it is
    /// not to be spared, it was not proved, or another question is asked of it now.
    pub(super) fn of(
        previous: &Arc<Snapshot>,
        estate: &Estate,
        registration: &Registration,
        targets: &Targets<'_, '_>,
    ) -> Option<Self> {
        if registration.prove != Prove::OnChange {
            return None;
        }
        let snapshot = Arc::clone(previous);
        let evidence = snapshot.registration(&registration.name)?.clone();
        let place = |estate: &Estate| {
            let registration = estate.registration(&registration.name)?;
            let tenant = estate.tenant_of(estate.environment_of(registration)?)?;
            let stored = registration.credential.clone()?;
            let vault = estate.vaults.get(&stored.entry.vault)?;
            Some((tenant.id.clone(), vault.host.clone(), stored))
        };
        let same_place = place(estate).is_some_and(|now| place(&snapshot.estate) == Some(now));
        let asked: Vec<(Service, String)> = evidence
            .tokens
            .iter()
            .map(|token| (token.service, token.resource.clone()))
            .collect();
        let same_questions = asked == targets.resources()
            && evidence.dataverse.as_ref().map(questions)
                == targets.dataverse.map(|_| expected(registration))
            && evidence.finops.as_ref().map(finops_questions)
                == targets
                    .finops
                    .map(|_| each_once(expected::collection_reads(registration)))
            && foreign::same_questions(&targets.cells, &snapshot, &evidence);
        (same_place && same_questions && proved(&evidence) && foreign::proved(&evidence))
            .then_some(Self { snapshot, evidence })
    }

    /// The run whose proof this is, where nothing that it rests on has changed by `now`.
    ///
    /// `at` is this moment by the services' clock.
    pub(crate) fn still_holds(
        &self,
        now: &RegistrationEvidence,
        at: DateTime<Utc>,
    ) -> Option<Carried> {
        let then = &self.evidence;
        let same_client = match (&then.client_id, &now.client_id) {
            (Observed::Known(then), Observed::Known(now)) => guid::same(then, now),
            _ => false,
        };
        let version = version(now)?;
        let credentials = candidates(now, at)?;
        let same = same_client
            && super::proof_reuse::version(then)? == version
            && candidates(then, self.snapshot.as_of())? == credentials
            && standing(then)? == standing(now)?;
        let proven = then.carried.clone().unwrap_or_else(|| Carried {
            run: self.snapshot.run.clone(),
            at: self.snapshot.as_of(),
        });
        (same && at - proven.at <= LONGEST).then_some(proven)
    }

    /// Whether the auditor now sees another user, other roles or another mapping than when it was proven:
    /// then what was answered to the credential says nothing of today.
    pub(crate) fn is_overtaken_by(&self, now: &Proofs) -> bool {
        let dataverse = match (&self.evidence.dataverse, &now.dataverse) {
            (Some(then), Some(now)) => {
                let who = |user: &Observed<Presence<crate::evidence::ApplicationUser>>| {
                    let user = user.known()?;
                    Some(
                        user.present()
                            .map(|user| (user.user_id.clone(), user.disabled.clone())),
                    )
                };
                differ(&who(&then.user), &who(&now.user))
                    || differ(&roles(then), &roles(now))
                    || differ(&privileges(then), &privileges(now))
            }
            _ => false,
        };
        let finops = match (&self.evidence.finops, &now.finops) {
            (Some(then), Some(now)) => {
                differ(&then.mapping.known(), &now.mapping.known())
                    || differ(&then.user.known(), &now.user.known())
                    || differ(&then.roles.whole().ok(), &now.roles.whole().ok())
            }
            _ => false,
        };
        dataverse || finops || foreign::is_overtaken(&self.evidence.foreign, &now.foreign)
    }

    /// What the credential itself was answered, over what was just asked by the auditor.
    pub(crate) fn onto(self, proofs: &mut Proofs) {
        foreign::onto(self.evidence.foreign, &mut proofs.foreign);
        proofs.tokens = self.evidence.tokens;
        if let (Some(now), Some(then)) = (&mut proofs.dataverse, self.evidence.dataverse) {
            now.whoami = then.whoami;
            now.reads = then.reads;
            now.metadata = then.metadata;
            // What the credential told of itself where the auditor is refused.
            if then.witness == Witness::Itself {
                if now.user.gap().is_some() {
                    now.user = then.user;
                    now.witness = Witness::Itself;
                }
                if now.roles.gap.is_some() {
                    now.roles = then.roles;
                    now.witness = Witness::Itself;
                }
            }
        }
        if let (Some(now), Some(then)) = (&mut proofs.finops, self.evidence.finops) {
            now.client = then.client;
            now.reads = then.reads;
            now.service_document = then.service_document;
        }
    }
}

/// Which roles are held; how far each reaches is not among what a proof rests on.
fn roles(proof: &DataverseProof) -> Option<Vec<(&str, Option<&str>)>> {
    let roles = proof.roles.whole().ok()?.iter();
    Some(
        roles
            .map(|role| (role.role_id.as_str(), role.team.as_deref()))
            .collect(),
    )
}

/// What is held of the names that the estate asks for.
fn privileges(proof: &DataverseProof) -> Option<(&[String], &[HeldPrivilege])> {
    let held = proof.privileges.known()?;
    Some((&held.asked, held.held.whole().ok()?))
}

/// Not what it was. What was known then and is not now may be anything: no ground to stand on either.
fn differ<T: PartialEq>(then: &Option<T>, now: &Option<T>) -> bool {
    then != now
}

type Reads = BTreeSet<(String, Expected)>;

fn each_once<'n>(reads: impl Iterator<Item = (&'n String, Expected)>) -> Reads {
    reads
        .map(|(name, expected)| (name.clone(), expected))
        .collect()
}

fn expected(registration: &Registration) -> (Reads, BTreeSet<MetadataTarget>) {
    (
        each_once(expected::table_reads(registration)),
        expected::metadata(registration).into_iter().collect(),
    )
}

fn questions(proof: &DataverseProof) -> (Reads, BTreeSet<MetadataTarget>) {
    let reads = proof.reads.iter();
    let metadata = proof.metadata.iter();
    (
        each_once(reads.map(|read| (&read.table, read.expected))),
        metadata.map(|read| read.target.clone()).collect(),
    )
}

fn finops_questions(proof: &FinopsProof) -> Reads {
    let reads = proof.reads.iter();
    each_once(reads.map(|read| (&read.collection, read.expected)))
}

/// Every token was issued, and every answer was the expected one.
fn proved(evidence: &RegistrationEvidence) -> bool {
    let tokens = evidence.tokens.iter();
    !evidence.tokens.is_empty()
        && tokens
            .map(|token| &token.answer)
            .all(|answer| matches!(answer, Observed::Known(TokenAnswer::Issued { .. })))
        && evidence.dataverse.as_ref().is_none_or(|proof| {
            matches!(proof.whoami, Observed::Known(WhoAmI::Answered { .. }))
                && proof.reads.iter().all(|read| {
                    matches!(
                        (read.expected, &read.answer),
                        (Expected::Allowed, Observed::Known(ReadAnswer::Read { .. }))
                            | (
                                Expected::Denied,
                                Observed::Known(ReadAnswer::Refused {
                                    why: ReadRefusal::Privilege | ReadRefusal::NoRoles,
                                    ..
                                })
                            )
                    )
                })
                && proof
                    .metadata
                    .iter()
                    .all(|read| matches!(read.answer, Observed::Known(MetadataAnswer::Read { .. })))
        })
        && evidence.finops.as_ref().is_none_or(|proof| {
            matches!(proof.client, Observed::Known(FinopsClient::Accepted { .. }))
                && proof.reads.iter().all(|read| {
                    matches!(
                        (read.expected, &read.answer),
                        (
                            Expected::Allowed,
                            Observed::Known(CollectionAnswer::Read { .. })
                        ) | (
                            Expected::Denied,
                            Observed::Known(CollectionAnswer::Refused { .. })
                        )
                    )
                })
        })
}

fn present<T>(fact: &Observed<Presence<T>>) -> Option<&T> {
    fact.known()?.present()
}

/// The version of the entry that was read; nothing else tells it.
fn version(evidence: &RegistrationEvidence) -> Option<&str> {
    let entry: &VaultEntry = present(&evidence.entry)?;
    let attributes: &EntryAttributes = entry.attributes.known()?;
    attributes.version.as_deref()
}

/// Key id and end of every credential that can be the stored one. `None` where none surely is, or where
/// one has ended by `at`.
fn candidates(
    evidence: &RegistrationEvidence,
    at: DateTime<Utc>,
) -> Option<BTreeSet<(String, DateTime<Utc>)>> {
    let application: &Application = present(&evidence.application)?;
    let mut credentials: Vec<&Credential> = application.credentials.known()?.iter().collect();
    match evidence.service_principal.known()? {
        Presence::Present(principal) => credentials.extend(principal.credentials.known()?),
        Presence::Absent => {}
    }
    credentials.retain(|credential| credential.matches_stored != Observed::Known(false));
    let sure = credentials
        .iter()
        .any(|credential| credential.matches_stored == Observed::Known(true));
    let all: Option<BTreeSet<_>> = credentials
        .into_iter()
        .map(|credential| Some((credential.key_id.clone(), *credential.end.known()?)))
        .collect();
    all.filter(|all| sure && all.iter().all(|(_, end)| *end > at))
}

/// Which application and service principal it is, and whether they are switched on.
fn standing(evidence: &RegistrationEvidence) -> Option<(&str, bool, &str, bool)> {
    let application: &Application = present(&evidence.application)?;
    let principal: &ServicePrincipal = present(&evidence.service_principal)?;
    Some((
        application.object_id.as_str(),
        *application.disabled.known()?,
        principal.object_id.as_str(),
        *principal.enabled.known()?,
    ))
}
