//! What the vault tells of an entry beyond its value: versions, certificate, what is left of a deleted one.

use super::stored::{Taken, unproven};
use crate::collect::credential::{Stored, StoredCredential};
use crate::collect::gaps;
use crate::collect::keyvault::content::Content;
use crate::collect::keyvault::map;
use crate::collect::services::{VaultTask, Vaults};
use crate::estate::{CredentialForm, CredentialRef, Registration};
use crate::evidence::{CertificateFacts, DeletedEntry, VaultCertificate, VaultEntry};
use crate::model::{Gap, GapKind, Listing, Observed, Presence};

/// What its secret's read and the vault's list tell of the entry.
async fn entry(
    task: &VaultTask<'_>,
    stored: &CredentialRef,
    content: &Result<Content, Gap>,
) -> Observed<Presence<VaultEntry>> {
    let entry = &stored.entry;
    let version = stored.version.as_deref();
    let read = task.get_version(&entry.name, version).await;
    let (denied, list) = match &*read {
        // The list is waited for only where the read leaves something open.
        Ok(_) => (
            Gap::new(GapKind::NotReached, String::new()),
            Listing::complete(Vec::new()),
        ),
        Err(error) => futures::join!(task.reader.refused(&entry.name, error), task.list()),
    };
    let list = match version {
        None => list,
        Some(_) => map::of_another_version(list),
    };
    let content = content.as_ref().map_err(Clone::clone);
    map::entry(&entry.name, &read, denied, content, &list)
}

/// The entry with everything that metadata tells of it, and what is left of it where it is gone.
///
/// `content` is what was made of its secret; else why nobody looked at it.
pub(crate) async fn whole(
    vaults: &Vaults<'_>,
    registration: &Registration,
    content: &Result<Content, Gap>,
) -> (
    Observed<Presence<VaultEntry>>,
    Option<Observed<Presence<DeletedEntry>>>,
) {
    let Some(stored) = &registration.credential else {
        return (Observed::Unknown(unproven(registration)), None);
    };
    let name = &stored.entry.name;
    let task = match vaults.holding(&stored.entry) {
        Ok(task) => task,
        Err(gap) => return (Observed::Unknown(gap), None),
    };
    let bundle = async {
        match stored.kind {
            CredentialForm::Certificate => {
                Some(task.certificate(name, stored.version.as_deref()).await)
            }
            CredentialForm::Secret => None,
        }
    };
    let (entry, bundle) = futures::join!(entry(task, stored, content), bundle);
    match with_bundle(entry, bundle) {
        Observed::Known(Presence::Present(mut entry)) => {
            entry.versions = task.versions(name).await;
            (Observed::Known(Presence::Present(entry)), None)
        }
        Observed::Known(Presence::Absent) => {
            let deleted = task.deleted(name).await;
            (Observed::Known(Presence::Absent), Some(deleted))
        }
        Observed::Unknown(gap) => (Observed::Unknown(gap), None),
    }
}

/// A Key Vault certificate always has a secret of its name: where that could not be read, the certificate
/// itself says that there is one.
fn with_bundle(
    entry: Observed<Presence<VaultEntry>>,
    bundle: Option<Observed<Presence<VaultCertificate>>>,
) -> Observed<Presence<VaultEntry>> {
    let Some(bundle) = bundle else {
        return entry;
    };
    match (entry, bundle) {
        (Observed::Known(Presence::Present(entry)), bundle) => {
            let certificate = match bundle {
                Observed::Known(Presence::Present(bundle)) => Some(Observed::Known(bundle)),
                // A PFX or PEM stored as a plain secret.
                Observed::Known(Presence::Absent) => None,
                Observed::Unknown(gap) => Some(Observed::Unknown(gap)),
            };
            Observed::Known(Presence::Present(VaultEntry {
                certificate,
                ..entry
            }))
        }
        (Observed::Unknown(denied), Observed::Known(Presence::Present(bundle))) => {
            Observed::Known(Presence::Present(VaultEntry {
                enabled: bundle.enabled.clone(),
                attributes: Observed::Unknown(denied.clone()),
                content: Observed::Unknown(denied),
                versions: Listing::cut_short(Vec::new(), gaps::not_asked()),
                certificate: Some(Observed::Known(bundle)),
            }))
        }
        (entry, _) => entry,
    }
}

/// The public part that the vault shows of a certificate, where its private key could not be had: it says
/// as well which of the registration's certificates is the stored one.
pub(crate) async fn shown(
    vaults: &Vaults<'_>,
    registration: &Registration,
    stored: &Result<StoredCredential, Gap>,
) -> Option<CertificateFacts> {
    let reference = registration.credential.as_ref()?;
    if stored.is_ok() || reference.kind != CredentialForm::Certificate {
        return None;
    }
    let task = vaults.holding(&reference.entry).ok()?;
    match task
        .certificate(&reference.entry.name, reference.version.as_deref())
        .await
    {
        Observed::Known(Presence::Present(certificate)) => certificate.facts.known().cloned(),
        _ => None,
    }
}

/// What Graph's credentials are compared with.
pub(crate) fn compared<'s>(
    stored: &'s Taken,
    shown: Option<&'s CertificateFacts>,
) -> Result<Stored<'s>, &'s Gap> {
    let bare = stored
        .content
        .as_ref()
        .ok()
        .and_then(|content| content.bare.as_ref());
    match (&stored.credential, bare, shown) {
        (Ok(stored), _, _) => Ok(stored.for_graph()),
        // What would be left without its wrapper is compared, and never sent.
        (Err(_), Some(bare), _) => Ok(bare.for_graph()),
        (Err(_), None, Some(facts)) => Ok(Stored::Certificate(facts)),
        (Err(gap), None, None) => Err(gap),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle() -> VaultCertificate {
        let odd = || Gap::new(GapKind::Malformed, "odd");
        VaultCertificate {
            version: None,
            enabled: Observed::Known(true),
            facts: Observed::Unknown(odd()),
            policy: Observed::Unknown(odd()),
        }
    }

    #[test]
    fn only_a_certificate_that_was_seen_stands_for_a_secret_that_was_not() {
        let denied = || Observed::Unknown(Gap::new(GapKind::Denied, "the read is refused"));
        let seen = Some(Observed::Known(Presence::Present(bundle())));
        let Observed::Known(Presence::Present(entry)) = with_bundle(denied(), seen.clone()) else {
            panic!("the certificate was seen");
        };
        assert_eq!(entry.enabled, Observed::Known(true));
        assert_eq!(
            entry.content.gap().map(|gap| gap.kind),
            Some(GapKind::Denied)
        );
        for bundle in [
            None,
            Some(Observed::Known(Presence::Absent)),
            Some(Observed::Unknown(Gap::new(GapKind::Denied, "refused too"))),
        ] {
            assert_eq!(with_bundle(denied(), bundle), denied());
        }
        // The secret decides where it was answered.
        let absent = Observed::Known(Presence::Absent);
        assert_eq!(with_bundle(absent.clone(), seen), absent);
    }
}
