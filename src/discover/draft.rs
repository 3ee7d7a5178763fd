//! A first estate as it was found: what is certain, what is likely, and what a person must say.

use crate::estate::{Auditor, CredentialForm, Unstored};
use crate::model::{Gap, Operation};
use crate::reference::cloud::Cloud;

/// One value of the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told<T> {
    Certain(T),
    /// Likely, and why.
    Guessed(T, String),
    /// For a person to say; what was seen instead of an answer, a sentence each.
    Open(Vec<String>),
}

/// A first estate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    /// GUID, lower case.
    pub(crate) tenant: String,
    pub(crate) cloud: Cloud,
    pub(crate) auditor: Auditor,
    /// Who looked: `the auditor (client id …)`, and whether that is a person.
    pub(crate) signed_in: String,
    pub(crate) environments: Vec<DraftEnvironment>,
    pub(crate) vaults: Vec<DraftVault>,
    pub(crate) registrations: Vec<DraftRegistration>,
    /// Applications with access to Dynamics that no environment knows, by name.
    pub(crate) unplaced: Vec<Unplaced>,
    /// What could not be listed, and why.
    pub(crate) unlisted: Vec<Unlisted>,
    /// What was listed to its end, a sentence each.
    pub(crate) listed: Vec<String>,
}

/// A list that was not read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unlisted {
    /// `the key vaults of the tenant`.
    pub(crate) what: String,
    pub(crate) gap: Gap,
}

/// An environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DraftEnvironment {
    /// Its name in the estate.
    pub(crate) key: String,
    /// As Power Platform shows it.
    pub(crate) title: Option<String>,
    /// Host without `.api`.
    pub(crate) dataverse: Option<String>,
    pub(crate) finops: Option<String>,
    /// Why its Finance & Operations is taken to belong to this Dataverse, where nobody says so.
    pub(crate) finops_guess: Option<String>,
    /// GUID, lower case.
    pub(crate) organization_id: Option<String>,
    /// What kind of environment Power Platform calls it: `Sandbox`.
    pub(crate) kind: Option<String>,
}

/// A key vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DraftVault {
    pub(crate) key: String,
    pub(crate) host: String,
    /// Key of the environment that it serves.
    pub(crate) environment: Told<String>,
}

/// An integration: an application and one environment that knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DraftRegistration {
    pub(crate) name: String,
    /// As Entra shows it.
    pub(crate) title: Option<String>,
    /// GUID, lower case.
    pub(crate) client_id: String,
    /// Key of the environment.
    pub(crate) environment: String,
    /// The tenant of its application (GUID), where that is another one.
    pub(crate) home_tenant: Option<String>,
    /// What a reader should know of it, a sentence each.
    pub(crate) notes: Vec<String>,
    pub(crate) owner: Option<Told<String>>,
    pub(crate) credential: Told<DraftCredential>,
    /// Application permissions that it was granted: `Dynamics ERP/Connector.FullAccess`.
    pub(crate) permissions: Vec<String>,
    pub(crate) dataverse: Option<DraftDataverse>,
    pub(crate) finops: Option<DraftFinops>,
}

/// How an integration signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DraftCredential {
    Stored {
        form: CredentialForm,
        /// Key of the vault.
        vault: String,
        entry: String,
        /// Where the entry holds more than the bare credential: which of its fields.
        field: Option<Told<String>>,
    },
    Unstored(Unstored),
}

/// What it may do in Dataverse today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DraftDataverse {
    pub(crate) business_unit: Option<String>,
    /// Sorted; `None` where they could not be read.
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) read_only: bool,
    /// Tables by operation, sorted.
    pub(crate) allow: Vec<(Operation, Vec<String>)>,
    pub(crate) deny: Vec<(Operation, Vec<String>)>,
}

/// What it may do in Finance & Operations today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DraftFinops {
    /// The F&O user that the client maps to.
    pub(crate) user: Option<String>,
}

/// An application with access to Dynamics that no environment knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unplaced {
    pub(crate) client_id: String,
    pub(crate) title: Option<String>,
    /// What it asks for or was granted: `Dynamics CRM/user_impersonation`.
    pub(crate) permissions: Vec<String>,
}

impl Draft {
    /// How many values are only likely.
    pub(crate) fn guesses(&self) -> usize {
        let vaults = self.vaults.iter();
        let vaults = vaults.filter(|vault| matches!(vault.environment, Told::Guessed(..)));
        let registrations = self.registrations.iter().map(|one| {
            usize::from(matches!(one.credential, Told::Guessed(..)))
                + usize::from(matches!(one.owner, Some(Told::Guessed(..))))
        });
        let finops = self.environments.iter();
        let finops = finops.filter(|environment| environment.finops_guess.is_some());
        vaults.count() + registrations.sum::<usize>() + finops.count()
    }
}
