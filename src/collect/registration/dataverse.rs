//! The Dataverse rungs of one registration: WhoAmI, its reads, its user and roles.

use futures::FutureExt;
use futures::future::join_all;

use super::{Held, metadata};
use crate::collect::caller::Caller;
use crate::collect::dataverse::{map, roles};
use crate::collect::run::purpose;
use crate::collect::services::EnvironmentTask;
use crate::estate::Registration;
use crate::evidence::{
    ApplicationUser, DataverseProof, Expected, ReadAnswer, RoleGrant, TableName, TableRead, WhoAmI,
    Witness,
};
use crate::model::{Gap, GapKind, Listing, Observed, Presence, guid};

/// What is told of the registration's application user.
struct User {
    user: Observed<Presence<ApplicationUser>>,
    roles: Listing<RoleGrant>,
    witness: Witness,
}

/// Proves what the credential can do. The auditor's part runs beside the token request; WhoAmI and all
/// reads start together as soon as the token is there.
pub(super) async fn prove(
    task: &EnvironmentTask<'_>,
    registration: &Registration,
    client_id: &Observed<String>,
    token: impl Future<Output = Held>,
) -> (Held, DataverseProof) {
    let token = async {
        let held = token.await;
        let caller = held.token.clone().map(|token| Caller {
            token,
            purpose: purpose(registration),
            grant: format!(
                "give the application user of {} read on this, or the auditor an application user in {}",
                registration.name, registration.environment
            )
            .into(),
        });
        (held, caller)
    };
    let tables = task.tables().shared();
    let own = async {
        let (held, caller) = token.await;
        let missing = held.missing();
        let names = table_names(task, registration, caller.as_ref(), tables.clone()).shared();
        let reads = expectations(registration).map(|(table, expected)| {
            let (names, caller, missing) = (names.clone(), caller.as_ref(), &missing);
            async move {
                let answer = match caller {
                    None => Observed::Unknown(missing.clone()),
                    Some(caller) => read(task, caller, table, names.await.0).await,
                };
                TableRead {
                    table: table.clone(),
                    expected,
                    answer,
                }
            }
        });
        let whoami = async {
            match &caller {
                None => Observed::Unknown(missing.clone()),
                Some(caller) => whoami(task, caller).await,
            }
        };
        let (whoami, reads, metadata) = futures::join!(
            whoami,
            join_all(reads),
            metadata::read(task, registration, caller.as_ref(), &missing)
        );
        let witness = match &caller {
            Some(_) => names.clone().await.1,
            None => Witness::Auditor,
        };
        drop(names);
        (held, caller, whoami, (reads, metadata), witness)
    };
    let (told, (held, caller, whoami, (reads, metadata), names_from)) =
        futures::join!(by_auditor(task, client_id), own);
    let told = match &caller {
        Some(caller) => or_by_itself(task, caller, &whoami, told).await,
        None => told,
    };
    let witness = if names_from == Witness::Itself {
        names_from
    } else {
        told.witness
    };
    let proof = DataverseProof {
        reads: behind(&whoami, reads),
        metadata: metadata::behind(&whoami, metadata),
        whoami,
        user: told.user,
        roles: told.roles,
        witness,
        privileges: Observed::not_reached("effective privileges were not asked for"),
        write_probes: Vec::new(),
    };
    (held, proof)
}

/// Every read that is expected to be allowed, then every one expected to be denied.
fn expectations(registration: &Registration) -> impl Iterator<Item = (&String, Expected)> {
    let expected = registration.dataverse.as_ref();
    let allowed = expected.into_iter().flat_map(|all| &all.allow.read);
    let denied = expected.into_iter().flat_map(|all| &all.deny.read);
    allowed
        .map(|table| (table, Expected::Allowed))
        .chain(denied.map(|table| (table, Expected::Denied)))
}

async fn whoami(task: &EnvironmentTask<'_>, caller: &Caller) -> Observed<WhoAmI> {
    match task.site.whoami(caller).await {
        Ok(answer) => map::whoami(&task.site.whoami_call(), &answer),
        Err(gap) => Observed::Unknown(gap),
    }
}

/// The tables' names: the auditor's, else what the credential itself is told. Where neither may read
/// metadata the auditor's gap stands, as it names the grant that is missing.
async fn table_names(
    task: &EnvironmentTask<'_>,
    registration: &Registration,
    caller: Option<&Caller>,
    by_auditor: impl Future<Output = Result<Vec<TableName>, Gap>>,
) -> (Result<Vec<TableName>, Gap>, Witness) {
    let gap = match (by_auditor.await, caller) {
        (Ok(names), _) => return (Ok(names), Witness::Auditor),
        (Err(gap), None) => return (Err(gap), Witness::Auditor),
        (Err(gap), Some(_)) => gap,
    };
    let tables: Vec<String> = expectations(registration)
        .map(|(table, _)| table.clone())
        .collect();
    match caller {
        Some(caller) if !tables.is_empty() => match task.site.table_names(caller, &tables).await {
            Ok(names) => (Ok(names), Witness::Itself),
            Err(_) => (Err(gap), Witness::Auditor),
        },
        _ => (Err(gap), Witness::Auditor),
    }
}

async fn read(
    task: &EnvironmentTask<'_>,
    caller: &Caller,
    table: &str,
    names: Result<Vec<TableName>, Gap>,
) -> Observed<ReadAnswer> {
    let names = match names {
        Ok(names) => names,
        Err(gap) => return Observed::Unknown(gap),
    };
    let Some(name) = names
        .iter()
        .find(|name| name.logical_name.eq_ignore_ascii_case(table))
    else {
        return Observed::Known(ReadAnswer::NoSuchTable);
    };
    match task.site.read_table(caller, name).await {
        Ok(answer) => map::read(&task.site.read_call(table), &answer),
        Err(gap) => Observed::Unknown(gap),
    }
}

/// A refused WhoAmI leaves the reads behind it: what they answered says nothing more.
fn behind(whoami: &Observed<WhoAmI>, mut reads: Vec<TableRead>) -> Vec<TableRead> {
    if let Observed::Known(WhoAmI::Refused { seen, .. }) = whoami {
        for read in &mut reads {
            if !matches!(read.answer, Observed::Known(ReadAnswer::NoSuchTable)) {
                read.answer = Observed::not_reached(format!("WhoAmI was refused: {seen}"));
            }
        }
    }
    reads
}

/// User and roles as the auditor's list tells them.
async fn by_auditor(task: &EnvironmentTask<'_>, client_id: &Observed<String>) -> User {
    let unknown = |gap: Gap| User {
        user: Observed::Unknown(gap.clone()),
        roles: Listing::cut_short(Vec::new(), gap),
        witness: Witness::Auditor,
    };
    let client_id = match client_id {
        Observed::Known(id) => id,
        Observed::Unknown(gap) => {
            return unknown(Gap::new(
                GapKind::NotReached,
                format!("the client id is not known: {}", gap.seen),
            ));
        }
    };
    let users = task.users().await;
    let user = match users.find(|user| guid::same(&user.client_id, client_id)) {
        Observed::Known(Presence::Present(user)) => user.clone(),
        Observed::Known(Presence::Absent) => {
            let gap = Gap::new(
                GapKind::NotReached,
                format!(
                    "{} has no application user with client id {client_id}",
                    task.site.root
                ),
            );
            return User {
                user: Observed::Known(Presence::Absent),
                roles: Listing::cut_short(Vec::new(), gap),
                witness: Witness::Auditor,
            };
        }
        Observed::Unknown(gap) => return unknown(gap),
    };
    let roles = match task.caller().await {
        Ok(caller) => roles::roles_of(&task.site, &caller, &user.user_id, &task.teams).await,
        Err(gap) => Listing::cut_short(Vec::new(), gap),
    };
    User {
        user: Observed::Known(Presence::Present(user)),
        roles,
        witness: Witness::Auditor,
    }
}

/// Where the auditor was refused: what the credential may see of itself. What it may not see either
/// stays the auditor's gap.
async fn or_by_itself(
    task: &EnvironmentTask<'_>,
    caller: &Caller,
    whoami: &Observed<WhoAmI>,
    told: User,
) -> User {
    let refused = told.user.gap().or(told.roles.gap.as_ref());
    let Observed::Known(WhoAmI::Answered { user_id, .. }) = whoami else {
        return told;
    };
    if refused.is_none_or(|gap| gap.kind != GapKind::Denied) {
        return told;
    }
    let user = async {
        match &told.user {
            Observed::Unknown(_) => task.site.user(caller, user_id).await.ok(),
            Observed::Known(_) => None,
        }
    };
    // Not the auditor's cache of team roles: another may see less.
    let teams = roles::TeamRoles::default();
    let (user, roles) = futures::join!(user, roles::roles_of(&task.site, caller, user_id, &teams));
    let mut told = told;
    if let Some(user) = user {
        told.user = Observed::Known(Presence::Present(user));
        told.witness = Witness::Itself;
    }
    if roles.gap.is_none() {
        told.roles = roles;
        told.witness = Witness::Itself;
    }
    told
}
