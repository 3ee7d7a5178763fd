//! The estates that discovery looks with: the same collecting as an audit's, with nothing to prove.

use std::collections::BTreeMap;

use super::clients::Client;
use super::draft::{DraftEnvironment, DraftVault};
use super::expectations;
use super::matching::Entry;
use super::write::TENANT;
use crate::estate::{
    Auditor, ClientId, CredentialForm, CredentialRef, EntryRef, Environment, Estate,
    FinopsExpectations, Prove, Registration, Scope, Tenant, Unstored, Vault,
};
use crate::model::Tier;

/// An environment without services, in which registrations stand that only a vault and Graph are asked about.
const NOWHERE: &str = "nowhere";

/// Everything in the tenant, with no registration: who has to do with Dynamics, and what the vaults list.
pub(super) fn whole(
    tenant: &Tenant,
    auditor: &Auditor,
    environments: &[DraftEnvironment],
    vaults: &[DraftVault],
) -> Estate {
    let auditor = Auditor {
        scope: Scope::Tenant,
        ..auditor.clone()
    };
    Estate {
        environments: environments.iter().map(environment).collect(),
        vaults: vaults.iter().map(vault).collect(),
        ..Estate::bare(auditor, (TENANT.to_owned(), tenant.clone()))
    }
}

/// The same tenant with its integrations, none of which is signed in as: owners, users, roles, privileges.
pub(super) fn close(whole: &Estate, clients: &[Client]) -> Estate {
    let mut estate = Estate {
        auditor: Auditor {
            scope: Scope::Estate,
            ..whole.auditor.clone()
        },
        vaults: BTreeMap::new(),
        ..whole.clone()
    };
    for (number, client) in clients.iter().enumerate() {
        for (environment, place) in &client.places {
            estate.registrations.push(Registration {
                dataverse: place.user.as_ref().map(|_| expectations::asked()),
                finops: place.finops.then(FinopsExpectations::default),
                ..registration(&called(number, environment), environment, client)
            });
        }
    }
    sorted(estate)
}

/// Pairs of client and entry whose values are to be compared, by place in both lists.
pub(super) fn values(
    whole: &Estate,
    clients: &[Client],
    entries: &[Entry],
    pairs: &[(usize, usize)],
) -> Estate {
    let mut estate = Estate {
        auditor: Auditor {
            scope: Scope::Estate,
            ..whole.auditor.clone()
        },
        environments: BTreeMap::from([(
            NOWHERE.to_owned(),
            Environment {
                tenant: TENANT.to_owned(),
                tier: Tier::Test,
                dataverse: None,
                finops: None,
                organization_id: None,
                contact: None,
                auditor: None,
            },
        )]),
        ..whole.clone()
    };
    for (number, at) in pairs {
        if let (Some(client), Some(entry)) = (clients.get(*number), entries.get(*at)) {
            estate.registrations.push(Registration {
                credential: Some(CredentialRef {
                    kind: form(client, entry),
                    entry: EntryRef {
                        vault: entry.vault.clone(),
                        name: entry.name.clone(),
                    },
                    field: None,
                    version: None,
                    password: None,
                }),
                ..registration(&called(*number, &at.to_string()), NOWHERE, client)
            });
        }
    }
    sorted(estate)
}

/// What a look calls a registration.
pub(super) fn called(client: usize, place: &str) -> String {
    format!("{client}@{place}")
}

/// Whether an entry is taken to hold a certificate or a secret.
pub(super) fn form(client: &Client, entry: &Entry) -> CredentialForm {
    let typed = entry.content_type.as_deref().is_some_and(|kind| {
        let kind = kind.to_ascii_lowercase();
        ["application/x-pkcs12", "application/x-pem-file"].contains(&kind.as_str())
    });
    if entry.managed || typed || (client.has_certificate && !client.has_secret) {
        CredentialForm::Certificate
    } else {
        CredentialForm::Secret
    }
}

/// As the run expects them: by name.
fn sorted(mut estate: Estate) -> Estate {
    estate
        .registrations
        .sort_by(|one, other| one.name.cmp(&other.name));
    estate
}

fn registration(name: &str, environment: &str, client: &Client) -> Registration {
    Registration {
        name: name.to_owned(),
        environment: environment.to_owned(),
        client_id: ClientId::Literal(client.client_id.clone()),
        home_tenant: None,
        owner: None,
        credential: None,
        unstored: Unstored::None,
        prove: Prove::Never,
        permissions: None,
        consumers: Vec::new(),
        dataverse: None,
        finops: None,
    }
}

/// What tier it is of is for a person to say; nothing here hangs on it.
fn environment(draft: &DraftEnvironment) -> (String, Environment) {
    let environment = Environment {
        tenant: TENANT.to_owned(),
        tier: Tier::Test,
        dataverse: draft.dataverse.clone(),
        finops: draft.finops.clone(),
        organization_id: None,
        contact: None,
        auditor: None,
    };
    (draft.key.clone(), environment)
}

/// It trusts the tenant's tokens, whichever environment it serves.
fn vault(draft: &DraftVault) -> (String, Vault) {
    let vault = Vault {
        environment: NOWHERE.to_owned(),
        host: draft.host.clone(),
        tenant: Some(TENANT.to_owned()),
    };
    (draft.key.clone(), vault)
}
