//! One registration's own path: vault entry, token, then everything else side by side.

use secrecy::SecretString;

pub(crate) use token::Held;
use token::token_proof;

use super::credential::StoredCredential;
use super::keyvault::content::{self, Content, Home};
use super::keyvault::map as vault;
use super::run::{Run, purpose};
use crate::estate::{ClientId, CredentialRef, Prove, Registration};
use crate::evidence::{
    Carried, DataverseProof, EntryProblem, FinopsProof, ForeignProof, RegistrationEvidence,
    TokenProof,
};
use crate::model::{Gap, GapKind, Observed, Presence, Service, Unasked};

mod application_user;
mod dataverse;
mod directory;
mod finops;
mod foreign;
mod metadata;
mod proof_reuse;
mod spare;
mod token;
mod vault_entry;
mod write_probes;

pub(super) use dataverse::named;
pub(super) use directory::Directories;

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

/// The client id: from the estate, or read from the vault.
pub(super) async fn client_id(run: &Run<'_>, registration: &Registration) -> Observed<String> {
    let (entry, field) = match &registration.client_id {
        ClientId::Literal(id) => return Observed::Known(id.to_ascii_lowercase()),
        ClientId::Secret(entry) => (entry, None),
        ClientId::Field { entry, field } => (entry, Some(field.as_str())),
    };
    let task = match run.vault(entry) {
        Ok(task) => task,
        Err(gap) => return Observed::Unknown(gap),
    };
    let read = task.get(&entry.name).await;
    match &*read {
        Ok(secret) => {
            if let Some(id) = content::client_id(&secret.value, field) {
                return Observed::Known(id);
            }
            let place = field.map_or_else(String::new, |field| format!(" in its field `{field}`"));
            Observed::Unknown(
                Gap::new(
                    GapKind::Malformed,
                    format!("the vault entry {entry} holds no client id (a GUID){place}"),
                )
                .with_remedy(format!(
                    "store the registration's client id in {entry}, or name the field that it stands in: client-id = {{ secret = \"{entry}\", field = \"NAME\" }}"
                )),
            )
        }
        Err(error) => Observed::Unknown(task.reader.refused(&entry.name, error).await),
    }
}

/// Everything that is to be known of one registration.
pub(super) async fn collect(
    run: &Run<'_>,
    directories: Directories<'_, '_>,
    registration: &Registration,
) -> Collected {
    let (client_id, mut stored) =
        futures::join!(client_id(run, registration), stored(run, registration));
    stored.compare(run, registration, &client_id);
    let credential = ready(registration, &client_id, &stored.credential);
    let told = async {
        let read = entry(run, registration, &stored.content);
        let known = async {
            let shown = vault_entry::shown(run, registration, &stored.credential).await;
            let compared = vault_entry::compared(&stored, shown.as_ref());
            directory::to_graph(directories, &client_id, compared).await
        };
        let ((entry, deleted_entry), known) =
            futures::join!(vault_entry::whole(run, registration, read), known);
        RegistrationEvidence {
            client_id: client_id.clone(),
            entry,
            deleted_entry,
            ..known
        }
    };
    let (told, proofs) =
        match proof_reuse::Earlier::of(run, registration, &spare::resources(run, registration)) {
            None => {
                let proofs = proof(run, registration, &client_id, credential);
                futures::join!(told, proofs)
            }
            Some(earlier) => {
                let told = told.await;
                let proofs =
                    spare::unless_carried(run, registration, &told, earlier, credential).await;
                (told, proofs)
            }
        };
    let evidence = RegistrationEvidence {
        carried: proofs.carried,
        tokens: proofs.tokens,
        dataverse: proofs.dataverse,
        finops: proofs.finops,
        foreign: proofs.foreign,
        ..told
    };
    Collected {
        evidence,
        credential: stored.credential.ok(),
    }
}

/// What stands in the vault.
pub(super) struct Taken {
    /// Else why nobody looked at the value.
    content: Result<Content, Gap>,
    /// The credential as the integration would use it; else why there is none (NotReached).
    credential: Result<StoredCredential, Gap>,
}

impl Taken {
    /// Compares what stands beside the credential with the estate; what is another application's is not used.
    fn compare(
        &mut self,
        run: &Run<'_>,
        registration: &Registration,
        client_id: &Observed<String>,
    ) {
        let Ok(content) = &mut self.content else {
            return;
        };
        let environment = run.estate.environment_of(registration);
        let tenant = environment.and_then(|environment| run.estate.tenant_of(environment));
        content.compare(&Home {
            client_id: client_id.known().map(String::as_str),
            tenant: tenant.map(|tenant| tenant.id.as_str()),
            hosts: [
                environment.and_then(|environment| environment.dataverse.as_deref()),
                environment.and_then(|environment| environment.finops.as_deref()),
            ],
        });
        if content.problems.contains(&EntryProblem::OtherClientId) {
            let entry = registration.credential.as_ref();
            let entry = entry.map_or_else(String::new, |stored| stored.entry.to_string());
            let why = content.why_unusable(&entry, false);
            self.credential = Err(Gap::new(GapKind::NotReached, why));
        }
    }
}

/// The certificate's password; `None` where the estate names none, or the vault has none.
async fn password(run: &Run<'_>, stored: &CredentialRef) -> Result<Option<SecretString>, Gap> {
    let Some(entry) = &stored.password else {
        return Ok(None);
    };
    let task = run.vault(entry)?;
    match &*task.get(&entry.name).await {
        Ok(secret) => Ok(Some(secret.value.clone())),
        Err(error) if error.is_absent() => Ok(None),
        Err(error) => {
            let gap = task.reader.refused(&entry.name, error).await;
            Err(gap.behind(format!(
                "the password in the vault entry {entry} could not be read: {}",
                gap.seen
            )))
        }
    }
}

async fn stored(run: &Run<'_>, registration: &Registration) -> Taken {
    let unread = |gap: Gap| Taken {
        content: Err(gap.clone()),
        credential: Err(gap),
    };
    let Some(stored) = &registration.credential else {
        return unread(unproven(registration));
    };
    let entry = &stored.entry;
    let task = match run.vault(entry) {
        Ok(task) => task,
        Err(gap) => return unread(gap),
    };
    let (read, password) = futures::join!(
        task.get_version(&entry.name, stored.version.as_deref()),
        password(run, stored)
    );
    match &*read {
        Ok(secret) => {
            let password = match password {
                Ok(password) => password,
                Err(gap) => return unread(gap),
            };
            let content =
                content::content(&secret.value, &secret.attributes, stored, password.as_ref());
            let credential = content.credential.clone().ok_or_else(|| {
                let why = content.why_unusable(&entry.to_string(), secret.attributes.managed);
                Gap::new(GapKind::NotReached, why)
            });
            Taken {
                content: Ok(content),
                credential,
            }
        }
        Err(error) => {
            let gap = task.reader.refused(&entry.name, error).await;
            unread(gap.behind(format!(
                "the vault entry {entry} could not be read: {}",
                gap.seen
            )))
        }
    }
}

/// Why nothing is tried with a credential that is stored nowhere.
fn unproven(registration: &Registration) -> Gap {
    Gap::unasked(
        Unasked::NothingStored,
        registration.unstored.cannot_be_proven(),
    )
}

/// The credential, where it may and can be used.
fn ready<'s>(
    registration: &Registration,
    client_id: &Observed<String>,
    stored: &'s Result<StoredCredential, Gap>,
) -> Result<&'s StoredCredential, Gap> {
    if registration.credential.is_some() && registration.prove == Prove::Never {
        return Err(Gap::new(GapKind::NotReached, Prove::NOT_TRIED));
    }
    let stored = stored.as_ref().map_err(Clone::clone)?;
    client_id
        .get()
        .map_err(|gap| gap.behind(format!("the client id is not known: {}", gap.seen)))?;
    Ok(stored)
}

async fn entry(
    run: &Run<'_>,
    registration: &Registration,
    content: &Result<Content, Gap>,
) -> Observed<Presence<crate::evidence::VaultEntry>> {
    let Some(stored) = &registration.credential else {
        return Observed::Unknown(unproven(registration));
    };
    let entry = &stored.entry;
    let task = match run.vault(entry) {
        Ok(task) => task,
        Err(gap) => return Observed::Unknown(gap),
    };
    let version = stored.version.as_deref();
    let read = task.get_version(&entry.name, version).await;
    let (denied, list) = match &*read {
        // The list is waited for only where the read leaves something open.
        Ok(_) => (
            Gap::new(GapKind::NotReached, String::new()),
            crate::model::Listing::complete(Vec::new()),
        ),
        Err(error) => futures::join!(task.reader.refused(&entry.name, error), task.list()),
    };
    let list = match version {
        None => list,
        Some(_) => vault::of_another_version(list),
    };
    let content = content.as_ref().map_err(Clone::clone);
    vault::entry(&entry.name, &read, denied, content, &list)
}

/// What the services answered to the credential.
#[derive(Default)]
struct Proofs {
    /// Of an earlier run, where the credential was not used in this one.
    carried: Option<Carried>,
    /// Dataverse's first: the ladder climbs with it.
    tokens: Vec<TokenProof>,
    dataverse: Option<DataverseProof>,
    finops: Option<FinopsProof>,
    foreign: Vec<ForeignProof>,
}

/// Tokens for every resource the registration needs, and what the services answer to them.
async fn proof(
    run: &Run<'_>,
    registration: &Registration,
    client_id: &Observed<String>,
    credential: Result<&StoredCredential, Gap>,
) -> Proofs {
    let (task, finops) = spare::tasks(run, registration);
    let in_dataverse = async {
        let task = task?;
        let granted = token(run, registration, client_id, &credential, &task.resource);
        let (held, proof) = dataverse::prove(run, task, registration, client_id, granted).await;
        let token = token_proof(Service::Dataverse, task.resource.clone(), &held);
        Some((token, proof))
    };
    let in_finops = async {
        let task = finops?;
        let resource = task.site.resource();
        let granted = token(run, registration, client_id, &credential, &resource);
        let (held, proof) = finops::prove(task, registration, client_id, granted).await;
        Some((token_proof(Service::FinOps, resource, &held), proof))
    };
    // Last: what is asked for at home goes first.
    let abroad = foreign::prove(run, registration, client_id, &credential);
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

async fn token(
    run: &Run<'_>,
    registration: &Registration,
    client_id: &Observed<String>,
    credential: &Result<&StoredCredential, Gap>,
    resource: &str,
) -> Held {
    let tenant = run
        .estate
        .environment_of(registration)
        .and_then(|environment| run.estate.tenant_of(environment));
    match (credential, client_id, tenant) {
        (Ok(credential), Observed::Known(client_id), Some(tenant)) => {
            let purpose = purpose(registration);
            let granted = run
                .tokens
                .token(&run.wire, tenant, client_id, credential, resource, &purpose)
                .await;
            Held::of(&granted)
        }
        (Err(gap), _, _) | (_, Observed::Unknown(gap), _) => Held {
            answer: Observed::Unknown(gap.clone()),
            token: None,
        },
        (_, _, None) => Held {
            answer: Observed::not_reached("the environment stands in no tenant"),
            token: None,
        },
    }
}
