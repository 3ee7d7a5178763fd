//! The objects of each client id with what hangs on them, permissions by name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::batch::Asker;
use super::batch_answers::Answers;
use super::lists::What;
use super::paths::Part;
use super::raw::RawEntry;
use super::required::Asked;
use super::resources::Resources;
use super::roles;
use super::roles::{Assignment, assignments};
use super::{Service, delegated, lists, map, paths, required};
use crate::collect::http::Answer;
use crate::evidence::{DelegatedGrant, FederatedCredential, Owner};
use crate::model::{Gap, GapKind, Listing, Observed, Presence};

/// The two objects of one client id.
pub(crate) type Objects = (Observed<Presence<Value>>, Observed<Presence<Value>>);

/// One client id before its permissions have names.
struct Unnamed {
    objects: Objects,
    owners: Listing<Owner>,
    federated: Listing<FederatedCredential>,
    assigned: Listing<Assignment>,
    delegated: Listing<DelegatedGrant>,
    asked: Observed<Vec<Asked>>,
}

/// Everything that the first answers tell, then the names of permissions: each resource is asked once.
pub(crate) async fn entries(
    service: Service<'_>,
    objects: BTreeMap<String, Objects>,
    mut answers: Answers,
) -> BTreeMap<String, RawEntry> {
    let mut unnamed = BTreeMap::new();
    for (id, objects) in objects {
        let entry = entry(service, &id, objects, &mut answers).await;
        unnamed.insert(id, entry);
    }
    let app_ids: BTreeSet<&str> = unnamed
        .values()
        .filter_map(|entry| entry.asked.known())
        .flatten()
        .map(|asked| asked.resource_app_id.as_str())
        .collect();
    let object_ids: BTreeSet<&str> = unnamed
        .values()
        .flat_map(|entry| {
            let assigned = entry.assigned.items.iter().filter_map(Assignment::resource);
            let delegated = entry.delegated.items.iter();
            assigned.chain(delegated.map(|grant| grant.resource_id.as_str()))
        })
        .collect();
    let asker = service.asker(&service.grants.applications);
    let resources = Resources::ask(asker, &app_ids, &object_ids).await;
    unnamed
        .into_iter()
        .map(|(id, entry)| {
            let (application, principal) = entry.objects;
            let named = RawEntry {
                application,
                principal,
                owners: entry.owners,
                federated: entry.federated,
                granted: roles::named(entry.assigned, &resources),
                delegated: resources.delegated(entry.delegated),
                required: entry.asked.map(|asked| resources.required(asked)),
            };
            (id, named)
        })
        .collect()
}

async fn entry(service: Service<'_>, id: &str, objects: Objects, answers: &mut Answers) -> Unnamed {
    let asker = service.asker(&service.grants.applications);
    let (application, principal) = &objects;
    let no_application = format!("the application {id} does not exist in the tenant");
    let no_principal = format!("the application {id} has no service principal in the tenant");
    let owners = format!("the owners of application {id}");
    let federated = format!("the federated credentials of application {id}");
    let granted = format!("the permissions granted to {id}");
    let delegated = format!("the delegated permissions granted to {id}");
    let on_application = (application, no_application.as_str());
    let on_principal = (principal, no_principal.as_str());
    let mut take = |part| answers.take(id, part);
    let (owned, trusted) = (take(Part::Owners), take(Part::Federated));
    let (assigned, consented) = (take(Part::Granted), take(Part::Delegated));
    let consents = service.asker(&service.grants.delegated);
    let (owned, trusted, assigned, consented) = futures::join!(
        hanging(asker, (&owners, Part::Owners.set()), on_application, owned),
        hanging(
            asker,
            (&federated, Part::Federated.set()),
            on_application,
            trusted
        ),
        hanging(
            asker,
            (&granted, Part::Granted.set()),
            on_principal,
            assigned
        ),
        hanging(
            consents,
            (&delegated, Part::Delegated.set()),
            on_principal,
            consented
        ),
    );
    let trusted = flexible(asker, &federated, application, trusted).await;
    Unnamed {
        owners: map::owners(&owners, owned),
        federated: map::federated(&federated, trusted),
        assigned: assignments(&granted, assigned),
        delegated: delegated::grants(&delegated, consented),
        asked: required::asked(application, &format!("the application {id}")),
        objects,
    }
}

/// Federated credentials as v1.0 told them; where it cannot, as beta does.
async fn flexible(
    asker: Asker<'_>,
    what: &str,
    application: &Observed<Presence<Value>>,
    told: Listing<Value>,
) -> Listing<Value> {
    let object = application.known().and_then(Presence::present);
    let id = object.and_then(|object| object.get("id")?.as_str());
    let plain = |id: &&str| {
        let letters = |one: u8| one.is_ascii_alphanumeric() || one == b'-';
        !id.is_empty() && id.bytes().all(letters)
    };
    let Some(id) = id.filter(plain) else {
        return told;
    };
    if !map::needs_beta(&told) {
        return told;
    }
    let beta = lists::in_beta(
        asker,
        (what, Part::Federated.set()),
        &paths::federated_of(id),
    )
    .await;
    match (&told.gap, beta.gap) {
        (_, None) => Listing::complete(beta.items),
        // Neither told all: what v1.0 says of itself stands, with beta's word beside it.
        (Some(gap), Some(also)) => Listing::cut_short(
            told.items,
            Gap {
                // What was begun stays begun, however beta refuses.
                kind: match gap.kind {
                    GapKind::Truncated => gap.kind,
                    _ => also.kind,
                },
                seen: format!("{}; {}", gap.seen, also.seen).into(),
                ..also
            },
        ),
        (None, Some(_)) => told,
    }
}

/// What hangs on an object; where it was not asked, why.
async fn hanging(
    asker: Asker<'_>,
    what: What<'_>,
    (object, absent): (&Observed<Presence<Value>>, &str),
    answer: Option<Result<Answer, Gap>>,
) -> Listing<Value> {
    let gap = match (answer, object) {
        (Some(answer), _) => return lists::hanging(asker, what, absent, answer).await,
        (None, Observed::Unknown(gap)) => gap.clone(),
        (None, Observed::Known(_)) => Gap::new(GapKind::NotReached, absent),
    };
    Listing::cut_short(Vec::new(), gap)
}
