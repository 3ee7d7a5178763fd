//! One registration against the tenant's other environments: its user there, and what its credential is
//! answered there, where the policy has it tried.

use futures::FutureExt;
use futures::future::join_all;

use super::targets::{Cell, Targets, Task};
use super::token::{Held, TokenSource};
use crate::collect::gaps;
use crate::collect::services::{EnvironmentTask, FinopsTask};
use crate::collect::{dataverse, finops};
use crate::estate::Registration;
use crate::evidence::{ForeignAnswer, ForeignProof, ForeignTry, ForeignUser, TokenAnswer, WhoAmI};
use crate::model::{Gap, GapKind, Listing, Observed, Presence, guid};
use crate::reference::codes;
use crate::reference::codes::Class;

/// Proves every cell, side by side; nothing waits for another registration.
pub(super) async fn prove(
    targets: &Targets<'_, '_>,
    tokens: &TokenSource<'_, '_>,
) -> Vec<ForeignProof> {
    let at_home = at_home(targets, tokens).shared();
    let proofs = targets.cells.iter().map(|cell| {
        let at_home = at_home.clone();
        async move {
            let tried = async {
                if !cell.is_tried {
                    return None;
                }
                let held = match at_home.await {
                    Ok(()) => tokens.token(&cell.task.resource()).await,
                    Err(gap) => Held::none(gap),
                };
                Some(attempt(cell, tokens.registration, held).await)
            };
            let (user, tried) = futures::join!(user(cell, tokens.client_id), tried);
            ForeignProof {
                environment: cell.environment.to_owned(),
                service: cell.task.service(),
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
async fn at_home(targets: &Targets<'_, '_>, tokens: &TokenSource<'_, '_>) -> Result<(), Gap> {
    let resources = targets.resources();
    let held = join_all(resources.iter().map(|(_, resource)| tokens.token(resource))).await;
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
    let grant = format!("find out why {} is not answered here", registration.name);
    let answer = match (held.caller(registration, grant), &cell.task) {
        (None, _) => Observed::Unknown(held.missing()),
        (Some(caller), Task::Dataverse(task)) => {
            let answer = task.site.whoami(&caller).await;
            answer.map_or_else(Observed::Unknown, |answer| {
                in_dataverse(dataverse::map::whoami(&task.site.whoami_call(), &answer))
            })
        }
        (Some(caller), Task::FinOps(task)) => {
            let answer = task.site.enter(&caller).await;
            answer.map_or_else(Observed::Unknown, |answer| {
                finops::map::entered(&task.site.enter_call(), &answer)
            })
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
            return Observed::Unknown(gaps::no_client_id_alone(gap));
        }
    };
    match cell.task {
        Task::Dataverse(task) => application_user(task, client_id).await,
        Task::FinOps(task) => mapped_user(task, client_id).await,
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
