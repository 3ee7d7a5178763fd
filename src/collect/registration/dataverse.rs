//! The Dataverse steps of one registration: WhoAmI, its reads, and what the auditor is told of its user.

use futures::FutureExt;
use futures::future::join_all;

use super::application_user::{by_auditor, or_by_itself};
use super::probe_guard::ProbeGuard;
use super::token::Held;
use super::{expected, metadata, write_probes};
use crate::collect::caller::Caller;
use crate::collect::dataverse::map;
use crate::collect::gaps;
use crate::collect::services::EnvironmentTask;
use crate::estate::Registration;
use crate::evidence::{
    DataverseProof, MetadataRead, ReadAnswer, TableName, TableRead, WhoAmI, Witness, WriteProbe,
};
use crate::model::{Gap, Observed};

/// The tables' names, and who told them.
type Names = (Result<Vec<TableName>, Gap>, Witness);

/// What the credential itself was answered.
struct Answers {
    whoami: Observed<WhoAmI>,
    reads: Vec<TableRead>,
    metadata: Vec<MetadataRead>,
    write_probes: Vec<WriteProbe>,
    /// Who told the tables' names.
    witness: Witness,
}

/// Proves what the credential can do. The auditor's part runs beside the token request; WhoAmI and all
/// reads start together as soon as the token is there.
pub(super) async fn prove<'a>(
    guard: Option<&ProbeGuard<'_, 'a>>,
    task: &EnvironmentTask<'a>,
    registration: &Registration,
    client_id: &Observed<String>,
    token: impl Future<Output = Held>,
) -> (Held, DataverseProof) {
    let by_itself = async {
        let held = token.await;
        let caller = held.caller(
            registration,
            format!(
                "give the application user of {} read on this, or the auditor an application user in {}",
                registration.name, registration.environment
            ),
        );
        let missing = held.missing();
        let answers = asked(guard, task, registration, caller.as_ref(), &missing).await;
        (held, caller, answers)
    };
    let (user, (held, caller, answers)) =
        futures::join!(by_auditor(task, registration, client_id), by_itself);
    let user = match &caller {
        Some(caller) => or_by_itself(task, caller, &answers.whoami, user).await,
        None => user,
    };
    let witness = match answers.witness {
        Witness::Itself => Witness::Itself,
        Witness::Auditor => user.witness,
    };
    let proof = DataverseProof {
        reads: answers.reads,
        metadata: metadata::behind(&answers.whoami, answers.metadata),
        whoami: answers.whoami,
        user: user.user,
        roles: user.roles,
        witness,
        privileges: user.privileges,
        write_probes: answers.write_probes,
    };
    (held, proof)
}

/// Everything that is asked with the token; without one, why there is none.
async fn asked<'a>(
    guard: Option<&ProbeGuard<'_, 'a>>,
    task: &EnvironmentTask<'a>,
    registration: &Registration,
    caller: Option<&Caller>,
    missing: &Gap,
) -> Answers {
    let names = table_names(task, registration, caller).shared();
    let reads = expected::table_reads(registration).map(|(table, expected)| {
        let names = names.clone();
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
        match caller {
            None => Observed::Unknown(missing.clone()),
            Some(caller) => whoami(task, caller).await,
        }
    };
    let (whoami, reads, metadata) = futures::join!(
        whoami,
        join_all(reads),
        metadata::read(task, registration, caller, missing)
    );
    let witness = match caller {
        Some(_) => names.clone().await.1,
        None => Witness::Auditor,
    };
    let reads = behind(&whoami, reads);
    let write_probes = match guard {
        Some(guard) => {
            let ground = write_probes::Ground {
                guard,
                task,
                whoami: &whoami,
                reads: &reads,
            };
            let names = async { names.await.0 };
            ground.tried(registration, caller, names).await
        }
        None => Vec::new(),
    };
    Answers {
        whoami,
        reads,
        metadata,
        write_probes,
        witness,
    }
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
) -> Names {
    let gap = match (task.tables().await, caller) {
        (Ok(names), _) => return (Ok(names), Witness::Auditor),
        (Err(gap), None) => return (Err(gap), Witness::Auditor),
        (Err(gap), Some(_)) => gap,
    };
    let tables = expected::tables(registration);
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
                read.answer = Observed::not_reached(gaps::whoami_refused(seen));
            }
        }
    }
    reads
}
