//! The Finance & Operations step of one registration: its reads, its client, the user behind it.

use futures::future::join_all;

use super::expected;
use super::token::Held;
use crate::collect::caller::Caller;
use crate::collect::finops::api::DOOR;
use crate::collect::finops::{map, names};
use crate::collect::gaps;
use crate::collect::services::FinopsTask;
use crate::estate::Registration;
use crate::evidence::{
    ClientMapping, CollectionAnswer, CollectionRead, Expected, FinopsClient, FinopsProof,
    FinopsRole, FinopsUser,
};
use crate::model::{Gap, GapKind, Listing, Observed, Presence, Seen, guid};

/// What is told of the registration's client and the user behind it.
struct Client {
    mapping: Observed<Presence<ClientMapping>>,
    user: Observed<Presence<FinopsUser>>,
    roles: Listing<FinopsRole>,
}

/// Proves what the credential can do. The auditor's part runs beside the token request; all reads start
/// together as soon as the token is there.
pub(super) async fn prove(
    task: &FinopsTask<'_>,
    registration: &Registration,
    client_id: &Observed<String>,
    token: impl Future<Output = Held>,
) -> (Held, FinopsProof) {
    let own = async {
        let held = token.await;
        let caller = held.caller(
            registration,
            format!(
                "map {} to a user that may read this, or give the auditor a client of its own in {}",
                registration.name, registration.environment
            ),
        );
        let (client, reads) = match &caller {
            Some(caller) => tried(task, registration, caller).await,
            None => untried(registration, &held.missing()),
        };
        let reads = map::behind(&client, reads);
        let service_document = match &caller {
            Some(caller) if is_shut(&reads) || !reads_something(registration) => {
                Some(entered(task, caller).await)
            }
            _ => None,
        };
        (held, client, reads, service_document)
    };
    let (known, (held, client, reads, service_document)) =
        futures::join!(by_auditor(task, client_id), own);
    let proof = FinopsProof {
        client,
        reads,
        service_document,
        mapping: known.mapping,
        user: known.user,
        roles: known.roles,
    };
    (held, proof)
}

fn untried(
    registration: &Registration,
    missing: &Gap,
) -> (Observed<FinopsClient>, Vec<CollectionRead>) {
    let reads = expected::collection_reads(registration)
        .map(|(collection, expected)| CollectionRead {
            collection: collection.clone(),
            expected,
            answer: Observed::Unknown(missing.clone()),
        })
        .collect();
    (Observed::Unknown(missing.clone()), reads)
}

/// All reads side by side, and what they show of the client. Where no read says anything of it, one more
/// call does.
async fn tried(
    task: &FinopsTask<'_>,
    registration: &Registration,
    caller: &Caller,
) -> (Observed<FinopsClient>, Vec<CollectionRead>) {
    let all = join_all(expected::collection_reads(registration).map(
        |(collection, expected)| async move {
            let (answer, shown) = read(task, caller, collection).await;
            let read = CollectionRead {
                collection: collection.clone(),
                expected,
                answer,
            };
            (read, shown)
        },
    ))
    .await;
    let (reads, shown): (Vec<CollectionRead>, Vec<Option<FinopsClient>>) = all.into_iter().unzip();
    let client = match map::together(shown.into_iter().flatten().collect()) {
        Some(client) => Observed::Known(client),
        None => knock(task, caller).await,
    };
    (client, reads)
}

/// Whether a read is declared that would show that the client is accepted.
fn reads_something(registration: &Registration) -> bool {
    let declared = registration.finops.as_ref();
    declared.is_some_and(|declared| !declared.allow.read.is_empty())
}

/// Whether what should be allowed was refused, and nothing else shows that a refusal is about the collection.
fn is_shut(reads: &[CollectionRead]) -> bool {
    let refused = |read: &CollectionRead| {
        read.expected == Expected::Allowed
            && matches!(
                read.answer,
                Observed::Known(CollectionAnswer::Refused { .. })
            )
    };
    let open = |read: &CollectionRead| {
        matches!(read.answer, Observed::Known(CollectionAnswer::Read { .. }))
    };
    reads.iter().any(refused) && !reads.iter().any(open)
}

async fn entered(task: &FinopsTask<'_>, caller: &Caller) -> Observed<Seen> {
    match task.site.enter(caller).await {
        Ok(answer) => map::let_in(&task.site.enter_call(), &answer),
        Err(gap) => Observed::Unknown(gap),
    }
}

async fn knock(task: &FinopsTask<'_>, caller: &Caller) -> Observed<FinopsClient> {
    let call = task.site.knock_call();
    match task.site.knock(caller).await {
        Ok(answer) => match map::client(&call, &answer, DOOR, task.site.place()) {
            Some(client) => Observed::Known(client),
            None if answer.is_success() => Observed::Unknown(
                answer.malformed(&call, "which is not Finance & Operations' own form"),
            ),
            None => Observed::Unknown(map::unsigned(&call, &answer)),
        },
        Err(gap) => Observed::Unknown(gap),
    }
}

async fn read(
    task: &FinopsTask<'_>,
    caller: &Caller,
    collection: &str,
) -> (Observed<CollectionAnswer>, Option<FinopsClient>) {
    let by_auditor = task.named(collection).await;
    let named = match by_auditor {
        Some(Ok(named)) => Ok(named),
        // The auditor's gap stands where neither is told, as it names the grant that is missing.
        Some(Err(gap)) => task
            .site
            .collection(caller, collection)
            .await
            .map_err(|_| gap),
        None => task.site.collection(caller, collection).await,
    };
    let name = match named {
        Ok(Presence::Present(name)) => name,
        Ok(Presence::Absent) => {
            let listed = match task.listed().await {
                Ok(listed) => Some(listed.to_vec()),
                Err(_) => task.site.listed(caller).await.ok(),
            };
            let nearest = names::nearest(collection, listed.as_deref());
            let absent = CollectionAnswer::NoSuchCollection { nearest };
            return (Observed::Known(absent), None);
        }
        Err(gap) => return (Observed::Unknown(gap), None),
    };
    let call = task.site.read_call(collection);
    match task.site.read_collection(caller, &name).await {
        Ok(answer) => (
            map::read(&call, &answer, &name, task.site.place()),
            map::client(&call, &answer, collection, task.site.place()),
        ),
        Err(gap) => (Observed::Unknown(gap), None),
    }
}

/// The client's row, its user and roles, as the auditor may read them.
async fn by_auditor(task: &FinopsTask<'_>, client_id: &Observed<String>) -> Client {
    let unknown = |mapping: Observed<Presence<ClientMapping>>, gap: Gap| Client {
        mapping,
        user: Observed::Unknown(gap.clone()),
        roles: Listing::cut_short(Vec::new(), gap),
    };
    let client_id = match client_id {
        Observed::Known(id) => id,
        Observed::Unknown(gap) => {
            let gap = gaps::no_client_id_alone(gap);
            return unknown(Observed::Unknown(gap.clone()), gap);
        }
    };
    let clients = task.clients().await;
    let mapping = match clients.find(|client| guid::same(&client.client_id, client_id)) {
        Observed::Known(Presence::Present(client)) => client.mapping.clone(),
        Observed::Known(Presence::Absent) => {
            let gap = Gap::new(
                GapKind::NotReached,
                format!(
                    "{} lists no Entra application with client id {client_id}",
                    task.site.host
                ),
            );
            return unknown(Observed::Known(Presence::Absent), gap);
        }
        Observed::Unknown(gap) => return unknown(Observed::Unknown(gap.clone()), gap),
    };
    match task.caller().await {
        Ok(caller) => {
            let (user, roles) = futures::join!(
                task.site.user(&caller, &mapping.user_id),
                task.site.roles(&caller, &mapping.user_id)
            );
            Client {
                mapping: Observed::Known(Presence::Present(mapping)),
                user,
                roles,
            }
        }
        Err(gap) => unknown(Observed::Known(Presence::Present(mapping)), gap),
    }
}
