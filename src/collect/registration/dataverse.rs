//! The Dataverse rungs of one registration: WhoAmI, its reads, and what the auditor is told of its user.

use futures::FutureExt;
use futures::future::join_all;

use super::application_user::{by_auditor, or_by_itself};
use super::token::Held;
use super::{metadata, write_probes};
use crate::collect::caller::Caller;
use crate::collect::dataverse::map;
use crate::collect::run::{Run, purpose};
use crate::collect::services::EnvironmentTask;
use crate::estate::Registration;
use crate::evidence::{
    DataverseProof, Expected, ReadAnswer, TableName, TableRead, WhoAmI, Witness,
};
use crate::model::{Gap, Observed};

/// The tables' names, and who told them.
pub(super) type Names = (Result<Vec<TableName>, Gap>, Witness);

/// Proves what the credential can do. The auditor's part runs beside the token request; WhoAmI and all
/// reads start together as soon as the token is there.
pub(super) async fn prove<'a>(
    run: &Run<'a>,
    task: &EnvironmentTask<'a>,
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
        let reads = behind(&whoami, reads);
        let probing = write_probes::Ground {
            run,
            task,
            whoami: &whoami,
            reads: &reads,
        };
        let write_probes = probing.tried(registration, caller.as_ref(), names).await;
        (
            held,
            caller,
            whoami,
            (reads, metadata, write_probes),
            witness,
        )
    };
    let (told, (held, caller, whoami, (reads, metadata, write_probes), names_from)) =
        futures::join!(by_auditor(task, registration, client_id), own);
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
        reads,
        metadata: metadata::behind(&whoami, metadata),
        whoami,
        user: told.user,
        roles: told.roles,
        witness,
        privileges: told.privileges,
        write_probes,
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

/// Every table that the registration names under any operation, sorted, each once.
pub(in crate::collect) fn named(registration: &Registration) -> Vec<String> {
    let expected = registration.dataverse.as_ref();
    let names = expected
        .into_iter()
        .flat_map(|all| all.allow.names().chain(all.deny.names()));
    let names: std::collections::BTreeSet<&String> = names.collect();
    names.into_iter().cloned().collect()
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
) -> Names {
    let gap = match (by_auditor.await, caller) {
        (Ok(names), _) => return (Ok(names), Witness::Auditor),
        (Err(gap), None) => return (Err(gap), Witness::Auditor),
        (Err(gap), Some(_)) => gap,
    };
    let tables = named(registration);
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
        Ok(answer) => {
            let call = task.site.read_call(table);
            map::read(&call, &answer, name, task.site.place())
        }
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
