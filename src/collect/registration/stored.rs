//! What a registration signs in with, as the vault stores it: its client id and its credential.

use secrecy::SecretString;

use crate::collect::credential::StoredCredential;
use crate::collect::gaps;
use crate::collect::keyvault::content::{self, Content, Home};
use crate::collect::services::Vaults;
use crate::estate::{ClientId, CredentialRef, Estate, Prove, Registration};
use crate::evidence::EntryProblem;
use crate::model::{Gap, GapKind, Observed, Unasked};

/// The client id: from the estate, or read from the vault.
pub(in crate::collect) async fn client_id(
    vaults: &Vaults<'_>,
    registration: &Registration,
) -> Observed<String> {
    let (entry, field) = match &registration.client_id {
        ClientId::Literal(id) => return Observed::Known(id.to_ascii_lowercase()),
        ClientId::Secret(entry) => (entry, None),
        ClientId::Field { entry, field } => (entry, Some(field.as_str())),
    };
    let task = match vaults.holding(entry) {
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
                    "store the registration's client id in {entry}, or name the field that holds it: client-id = {{ \
                     secret = \"{entry}\", field = \"NAME\" }}"
                )),
            )
        }
        Err(error) => Observed::Unknown(task.reader.refused(&entry.name, error).await),
    }
}

/// What stands in the vault.
pub(super) struct Taken {
    /// Else why nobody looked at the value.
    pub(super) content: Result<Content, Gap>,
    /// The credential as the integration would use it; else why there is none (NotReached).
    pub(super) credential: Result<StoredCredential, Gap>,
}

impl Taken {
    /// Compares what stands beside the credential with the estate; what is another application's is not used.
    pub(super) fn compare(
        &mut self,
        estate: &Estate,
        registration: &Registration,
        client_id: &Observed<String>,
    ) {
        let Ok(content) = &mut self.content else {
            return;
        };
        let environment = estate.environment_of(registration);
        let tenant = environment.and_then(|environment| estate.tenant_of(environment));
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
async fn password(
    vaults: &Vaults<'_>,
    stored: &CredentialRef,
) -> Result<Option<SecretString>, Gap> {
    let Some(entry) = &stored.password else {
        return Ok(None);
    };
    let task = vaults.holding(entry)?;
    match &*task.get(&entry.name).await {
        Ok(secret) => Ok(Some(secret.value.clone())),
        Err(error) if error.is_absent() => Ok(None),
        Err(error) => {
            let gap = task.reader.refused(&entry.name, error).await;
            Err(gap.behind(format_args!(
                "the password in the vault entry {entry} could not be read"
            )))
        }
    }
}

pub(super) async fn stored(vaults: &Vaults<'_>, registration: &Registration) -> Taken {
    let unread = |gap: Gap| Taken {
        content: Err(gap.clone()),
        credential: Err(gap),
    };
    let Some(stored) = &registration.credential else {
        return unread(unproven(registration));
    };
    let entry = &stored.entry;
    let task = match vaults.holding(entry) {
        Ok(task) => task,
        Err(gap) => return unread(gap),
    };
    let (read, password) = futures::join!(
        task.get_version(&entry.name, stored.version.as_deref()),
        password(vaults, stored)
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
            unread(gap.behind(format_args!("the vault entry {entry} could not be read")))
        }
    }
}

/// Why nothing is tried with a credential that is stored nowhere.
pub(super) fn unproven(registration: &Registration) -> Gap {
    Gap::unasked(
        Unasked::NothingStored,
        registration.unstored.cannot_be_proven(),
    )
}

/// The credential, where it may and can be used.
pub(super) fn usable<'s>(
    registration: &Registration,
    client_id: &Observed<String>,
    stored: &'s Result<StoredCredential, Gap>,
) -> Result<&'s StoredCredential, Gap> {
    if registration.credential.is_some() && registration.prove == Prove::Never {
        return Err(Gap::unasked(Unasked::NotTried, Prove::NOT_TRIED));
    }
    let stored = stored.as_ref().map_err(Clone::clone)?;
    client_id.get().map_err(gaps::no_client_id)?;
    Ok(stored)
}
