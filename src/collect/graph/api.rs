//! What is asked of Graph, and how: few client ids by batch, many by list.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::assemble::{Objects, entries};
use super::batch_answers::{Answers, One, object};
use super::inventory::Lists;
use super::paths::{self, Part};
use super::raw::RawEntry;
use super::{Service, lists, policy};
use crate::collect::gaps;
use crate::evidence::{AppManagement, DirectoryEvidence};
use crate::model::{Gap, GapKind, Listing, Observed, Presence, guid};

/// Up to so many client ids are asked for one by one.
const ONE_BY_ONE: usize = 50;

/// One tenant's directory, as far as it was asked for.
#[derive(Debug)]
pub(crate) struct Directory {
    /// The tenant's id.
    pub(crate) tenant: String,
    pub(crate) evidence: DirectoryEvidence,
    /// By client id, lower case.
    entries: BTreeMap<String, RawEntry>,
    /// Why nothing was asked.
    unasked: Option<Gap>,
    /// All of the tenant, where its lists were read; else why not.
    pub(crate) lists: Result<Lists, Gap>,
}

impl Directory {
    /// Nothing could be asked.
    pub(crate) fn unknown(tenant: &str, client_ids: &BTreeSet<String>, gap: &Gap) -> Self {
        Self {
            tenant: tenant.to_owned(),
            evidence: DirectoryEvidence {
                applications_read: 0,
                applications_gap: (!client_ids.is_empty()).then(|| gap.clone()),
                reports: Vec::new(),
                app_management: Observed::Unknown(gap.clone()),
                inventory: None,
            },
            entries: BTreeMap::new(),
            unasked: Some(gap.clone()),
            lists: Err(gap.clone()),
        }
    }

    /// What was said of one client id, lower case.
    pub(crate) fn entry(&self, id: &str) -> RawEntry {
        if let Some(entry) = self.entries.get(id) {
            return entry.clone();
        }
        RawEntry::unknown(
            &self
                .unasked
                .clone()
                .unwrap_or_else(|| gaps::application_not_asked(id)),
        )
    }
}

/// Asks for all these client ids (GUIDs, lower case), and for the audit's `own`, which are no part of
/// what is audited. With `whole`, the tenant's lists are read however few are asked for.
pub(crate) async fn directory(
    service: Service<'_>,
    client_ids: &BTreeSet<String>,
    own: &BTreeSet<String>,
    whole: bool,
) -> Directory {
    let policies = service.asker(&service.grants.policies);
    let policies = policy::app_management(policies, &service.grants.applies_to);
    if client_ids.len() <= ONE_BY_ONE && !whole {
        let (entries, policies) = futures::join!(
            one_by_one(service, client_ids.union(own).cloned()),
            policies
        );
        let asked = || entries.iter().filter(|(id, _)| client_ids.contains(*id));
        let read = asked()
            .filter(|(_, entry)| entry.application.known().is_some())
            .count();
        let gap = asked().find_map(|(_, entry)| entry.application.gap().cloned());
        let lists = Err(Gap::new(
            GapKind::NotReached,
            "the tenant's applications were not listed",
        ));
        return known(service, (read, gap), policies, entries, lists);
    }
    let ((lists, entries), policies) =
        futures::join!(by_list(service, client_ids.union(own).cloned()), policies);
    let applications = &lists.applications;
    let read = (applications.items.len(), applications.gap.clone());
    known(service, read, policies, entries, Ok(lists))
}

/// `read` is how many applications were read, and why no more were.
fn known(
    service: Service<'_>,
    read: (usize, Option<Gap>),
    app_management: Observed<AppManagement>,
    entries: BTreeMap<String, RawEntry>,
    lists: Result<Lists, Gap>,
) -> Directory {
    Directory {
        tenant: service.tenant.to_owned(),
        evidence: DirectoryEvidence {
            applications_read: read.0,
            applications_gap: read.1,
            reports: Vec::new(),
            app_management,
            inventory: None,
        },
        entries,
        unasked: None,
        lists,
    }
}

async fn one_by_one(
    service: Service<'_>,
    ids: impl Iterator<Item = String>,
) -> BTreeMap<String, RawEntry> {
    let asker = service.asker(&service.grants.applications);
    let ids: Vec<String> = ids.collect();
    let wanted: Vec<(String, Part)> = ids
        .iter()
        .flat_map(|id| Part::ALL.map(|part| (id.clone(), part)))
        .collect();
    let mut answers = Answers::ask(asker, &wanted).await;
    let mut objects = BTreeMap::new();
    for id in &ids {
        let mut read = |what: &str, part| match answers.take(id, part) {
            Some(answer) => {
                let one = One {
                    set: part.set(),
                    key: Some(("appId", id)),
                };
                object(asker, &format!("{what} {id}"), one, answer)
            }
            None => Observed::Unknown(gaps::not_asked()),
        };
        let application = read("the application", Part::Application);
        let principal = read("the service principal of", Part::Principal);
        objects.insert(id.clone(), (application, principal));
    }
    entries(service, objects, answers).await
}

/// The tenant's lists, and the entries asked for.
async fn by_list(
    service: Service<'_>,
    ids: impl Iterator<Item = String>,
) -> (Lists, BTreeMap<String, RawEntry>) {
    let asker = service.asker(&service.grants.applications);
    let (applications, principals) = futures::join!(
        lists::whole(
            asker,
            ("applications", &paths::APPLICATIONS),
            paths::all_applications()
        ),
        lists::whole(
            asker,
            ("service principals", &paths::PRINCIPALS),
            paths::all_principals()
        )
    );
    let applications = lists::by_client("one of the applications", applications);
    let principals = lists::by_client("one of the service principals", principals);
    let objects: BTreeMap<String, Objects> = ids
        .map(|id| {
            let found = (by_id(&applications, &id), by_id(&principals, &id));
            (id, found)
        })
        .collect();
    let is_present = |object: &Observed<Presence<Value>>| {
        object.known().is_some_and(|object| !object.is_absent())
    };
    let mut wanted = Vec::new();
    for (id, (application, principal)) in &objects {
        if is_present(application) {
            wanted.extend([(id.clone(), Part::Owners), (id.clone(), Part::Federated)]);
        }
        if is_present(principal) {
            wanted.extend([(id.clone(), Part::Granted), (id.clone(), Part::Delegated)]);
        }
    }
    let answers = Answers::ask(asker, &wanted).await;
    let lists = Lists {
        applications,
        principals,
    };
    (lists, entries(service, objects, answers).await)
}

fn by_id(listing: &Listing<Value>, id: &str) -> Observed<Presence<Value>> {
    listing
        .find(|value| {
            value
                .get("appId")
                .and_then(Value::as_str)
                .is_some_and(|app| guid::same(app, id))
        })
        .map(|presence| match presence {
            Presence::Present(value) => Presence::Present(value.clone()),
            Presence::Absent => Presence::Absent,
        })
}
