//! What the directories know of a registration: its application, its service principal, its owners.

use crate::collect::credential::Stored;
use crate::collect::gaps;
use crate::collect::graph::api::Directory;
use crate::collect::services::DirectoryTask;
use crate::evidence::RegistrationEvidence;
use crate::model::{Gap, Observed};

/// The directories that know a registration.
#[derive(Clone, Copy)]
pub(in crate::collect) struct Directories<'d, 'a> {
    /// Of its environment's tenant.
    pub(in crate::collect) own: Option<&'d DirectoryTask<'a>>,
    /// Of the other tenant that its application belongs to, where the estate has that.
    pub(in crate::collect) home: Option<&'d DirectoryTask<'a>>,
}

/// Graph's part; the other fields are filled in by the caller.
pub(crate) async fn to_graph(
    directories: Directories<'_, '_>,
    client_id: &Observed<String>,
    stored: Result<Stored<'_>, &Gap>,
) -> RegistrationEvidence {
    let gap = match (client_id, directories.own) {
        (Observed::Unknown(gap), _) => gaps::no_client_id(gap),
        (Observed::Known(id), Some(task)) => {
            let own = from_graph(id, &*task.clone().await, stored);
            let Some(home) = directories.home else {
                return own;
            };
            // The service principal stands here; the application and what hangs on it, at home.
            let home = from_graph(id, &*home.clone().await, stored);
            return RegistrationEvidence {
                service_principal: own.service_principal,
                ..home
            };
        }
        (Observed::Known(id), None) => gaps::application_not_asked(id),
    };
    RegistrationEvidence::unknown(&gap)
}

fn from_graph(
    id: &str,
    directory: &Directory,
    stored: Result<Stored<'_>, &Gap>,
) -> RegistrationEvidence {
    let raw = directory.entry(id);
    RegistrationEvidence {
        application: raw.application(id, stored),
        service_principal: raw.service_principal(id, &directory.tenant, stored),
        owners: raw.owners,
        ..RegistrationEvidence::unknown(&gaps::not_asked())
    }
}
