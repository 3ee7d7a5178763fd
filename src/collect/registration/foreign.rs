//! One registration against the tenant's other environments: its user there, and what its credential is
//! answered there, where the policy has it tried.

use futures::FutureExt;
use futures::future::join_all;

use super::token::Held;
use super::{spare, token};
use crate::collect::caller::Caller;
use crate::collect::credential::StoredCredential;
use crate::collect::run::{Run, purpose};
use crate::collect::services::{EnvironmentTask, FinopsTask};
use crate::collect::{dataverse, finops};
use crate::estate::{Registration, Tier};
use crate::evidence::{ForeignAnswer, ForeignProof, ForeignTry, ForeignUser, TokenAnswer, WhoAmI};
use crate::model::{Gap, GapKind, Listing, Observed, Presence, Service, guid};
use crate::reference::codes;
use crate::reference::codes::Class;

/// One service of another environment of the same tenant.
pub(super) struct Cell<'r, 'a> {
    pub(super) environment: &'r str,
    tier: Tier,
    place: Place<'r, 'a>,
}

enum Place<'r, 'a> {
    Dataverse(&'r EnvironmentTask<'a>),
    FinOps(&'r FinopsTask<'a>),
}

impl Cell<'_, '_> {
    pub(super) const fn service(&self) -> Service {
        match self.place {
            Place::Dataverse(_) => Service::Dataverse,
            Place::FinOps(_) => Service::FinOps,
        }
    }

    /// What a token is asked for.
    pub(super) fn resource(&self) -> String {
        match self.place {
            Place::Dataverse(task) => task.resource.clone(),
            Place::FinOps(task) => task.site.resource(),
        }
    }
}

/// Every service of the tenant's other environments, by environment, then service. A host that is the
/// home's own under another environment's name is no foreign one.
pub(super) fn cells<'r, 'a>(run: &'r Run<'a>, registration: &Registration) -> Vec<Cell<'r, 'a>> {
    let estate = run.estate;
    let tenant = |environment| Some(&estate.tenant_of(environment)?.id);
    let Some(home) = estate.environment_of(registration) else {
        return Vec::new();
    };
    let own = run.environment(&registration.environment);
    let mut cells = Vec::new();
    for (name, environment) in &estate.environments {
        if *name == registration.environment || tenant(environment) != tenant(home) {
            continue;
        }
        let cell = |place| Cell {
            environment: name.as_str(),
            tier: environment.tier,
            place,
        };
        let dataverse = run
            .environment(name)
            .filter(|task| own.is_none_or(|own| own.site.root != task.site.root));
        let finops = run
            .finops(name)
            .filter(|_| environment.finops != home.finops);
        cells.extend(dataverse.map(|task| cell(Place::Dataverse(task))));
        cells.extend(finops.map(|task| cell(Place::FinOps(task))));
    }
    cells
}

/// Whether the policy has the credential tried there.
pub(super) fn is_tried(run: &Run<'_>, registration: &Registration, cell: &Cell<'_, '_>) -> bool {
    run.estate
        .environment_of(registration)
        .is_some_and(|home| run.isolation.tries(home.tier, cell.tier))
}

/// Proves every cell, side by side; nothing waits for another registration.
pub(super) async fn prove(
    run: &Run<'_>,
    registration: &Registration,
    client_id: &Observed<String>,
    credential: &Result<&StoredCredential, Gap>,
) -> Vec<ForeignProof> {
    let cells = cells(run, registration);
    let at_home = at_home(run, registration, client_id, credential).shared();
    let proofs = cells.iter().map(|cell| {
        let at_home = at_home.clone();
        async move {
            let tried = async {
                if !is_tried(run, registration, cell) {
                    return None;
                }
                let held = match at_home.await {
                    Ok(()) => {
                        let resource = cell.resource();
                        token(run, registration, client_id, credential, &resource).await
                    }
                    Err(gap) => Held {
                        answer: Observed::Unknown(gap),
                        token: None,
                    },
                };
                Some(attempt(cell, registration, held).await)
            };
            let (user, tried) = futures::join!(user(cell, client_id), tried);
            ForeignProof {
                environment: cell.environment.to_owned(),
                service: cell.service(),
                user,
                tried,
            }
        }
    });
    join_all(proofs).await
}

/// Whether Entra takes the credential at all: one that is refused at home would only leave as many refused
/// sign-ins as there are environments. A refusal that is about the home's resource says nothing of it.
///
/// # Errors
/// NotReached, naming what was answered at home.
async fn at_home(
    run: &Run<'_>,
    registration: &Registration,
    client_id: &Observed<String>,
    credential: &Result<&StoredCredential, Gap>,
) -> Result<(), Gap> {
    let resources = spare::resources(run, registration);
    let held = join_all(
        resources
            .iter()
            .map(|(_, resource)| token(run, registration, client_id, credential, resource)),
    )
    .await;
    let taken = |held: &Held| held.token.is_some() || is_about_the_resource(&held.answer);
    match held.first() {
        Some(first) if !held.iter().any(taken) => Err(first.missing()),
        _ => Ok(()),
    }
}

fn is_about_the_resource(answer: &Observed<TokenAnswer>) -> bool {
    let Observed::Known(TokenAnswer::Refused { seen, .. }) = answer else {
        return false;
    };
    let code = seen.code.as_deref().and_then(codes::find);
    code.is_some_and(|code| code.class == Class::Resource)
}

/// One request with the token, where there is one.
async fn attempt(cell: &Cell<'_, '_>, registration: &Registration, held: Held) -> ForeignTry {
    let answer = match &held.token {
        None => Observed::Unknown(held.missing()),
        Some(token) => {
            let caller = Caller {
                token: token.clone(),
                purpose: purpose(registration),
                grant: format!("find out why {} is not answered here", registration.name).into(),
            };
            match cell.place {
                Place::Dataverse(task) => {
                    let answer = task.site.whoami(&caller).await;
                    answer.map_or_else(Observed::Unknown, |answer| {
                        in_dataverse(dataverse::map::whoami(&task.site.whoami_call(), &answer))
                    })
                }
                Place::FinOps(task) => {
                    let answer = task.site.enter(&caller).await;
                    answer.map_or_else(Observed::Unknown, |answer| {
                        finops::map::entered(&task.site.enter_call(), &answer)
                    })
                }
            }
        }
    };
    ForeignTry {
        token: held.answer,
        answer,
    }
}

fn in_dataverse(whoami: Observed<WhoAmI>) -> Observed<ForeignAnswer> {
    whoami.map(|whoami| match whoami {
        WhoAmI::Answered { seen, .. } => ForeignAnswer::Open { seen },
        WhoAmI::Refused { seen, why } => ForeignAnswer::Refused { seen, why },
    })
}

/// The registration's user there, as that environment's own auditor reads its list.
async fn user(
    cell: &Cell<'_, '_>,
    client_id: &Observed<String>,
) -> Observed<Presence<ForeignUser>> {
    let client_id = match client_id {
        Observed::Known(id) => id,
        Observed::Unknown(gap) => {
            return Observed::not_reached(format!("the client id is not known: {}", gap.seen));
        }
    };
    match cell.place {
        Place::Dataverse(task) => application_user(task, client_id).await,
        Place::FinOps(task) => mapped_user(task, client_id).await,
    }
}

async fn application_user(
    task: &EnvironmentTask<'_>,
    client_id: &str,
) -> Observed<Presence<ForeignUser>> {
    let users = task.users().await;
    match users.find(|user| guid::same(&user.client_id, client_id)) {
        Observed::Known(Presence::Present(user)) => {
            Observed::Known(Presence::Present(ForeignUser {
                user_id: user.user_id.clone(),
                disabled: user.disabled.clone(),
                roles: task.roles_of(&user.user_id).await,
            }))
        }
        Observed::Known(Presence::Absent) => Observed::Known(Presence::Absent),
        Observed::Unknown(gap) => Observed::Unknown(gap),
    }
}

async fn mapped_user(task: &FinopsTask<'_>, client_id: &str) -> Observed<Presence<ForeignUser>> {
    let clients = task.clients().await;
    let user_id = match clients.find(|client| guid::same(&client.client_id, client_id)) {
        Observed::Known(Presence::Present(client)) => client.mapping.user_id.clone(),
        Observed::Known(Presence::Absent) => return Observed::Known(Presence::Absent),
        Observed::Unknown(gap) => return Observed::Unknown(gap),
    };
    let read = match task.caller().await {
        Ok(caller) => task.site.user(&caller, &user_id).await,
        Err(gap) => Observed::Unknown(gap),
    };
    let disabled = match read {
        Observed::Known(Presence::Present(user)) => user.enabled.map(|enabled| !enabled),
        Observed::Known(Presence::Absent) => Observed::not_reached(format!(
            "{} has no user called {user_id}, to whom the client is mapped",
            task.site.host
        )),
        Observed::Unknown(gap) => Observed::Unknown(gap),
    };
    Observed::Known(Presence::Present(ForeignUser {
        user_id,
        disabled,
        roles: Listing::cut_short(
            Vec::new(),
            Gap::new(
                GapKind::NotReached,
                "security roles of another environment's Finance & Operations are not asked for",
            ),
        ),
    }))
}
