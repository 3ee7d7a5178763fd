//! What is asked of Graph, and how: few client ids by batch, many by list.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::batch::{Asker, get_all};
use crate::collect::http::{Answer, Wire};
use crate::collect::pages;
use crate::collect::words::Remedy;
use crate::evidence::DirectoryEvidence;
use crate::model::{Gap, GapKind, Listing, Observed, Presence, guid};

/// Up to so many client ids are asked for one by one.
const ONE_BY_ONE: usize = 50;

const APPLICATION: &str = "id,appId,displayName,signInAudience,disabledByMicrosoftStatus,passwordCredentials,keyCredentials,web,spa,publicClient,isFallbackPublicClient";
const PRINCIPAL: &str = "id,appId,accountEnabled";

/// What Graph said of one client id, as it came.
#[derive(Clone, Debug)]
pub(crate) struct RawEntry {
    pub(crate) application: Observed<Presence<Value>>,
    pub(crate) principal: Observed<Presence<Value>>,
    pub(crate) owners: Listing<String>,
}

impl RawEntry {
    pub(crate) fn unknown(gap: &Gap) -> Self {
        Self {
            application: Observed::Unknown(gap.clone()),
            principal: Observed::Unknown(gap.clone()),
            owners: Listing::cut_short(Vec::new(), gap.clone()),
        }
    }
}

/// One tenant's directory, as far as it was asked for.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) evidence: DirectoryEvidence,
    /// By client id, lower case.
    pub(crate) entries: BTreeMap<String, RawEntry>,
}

impl Directory {
    /// Nothing could be asked.
    pub(crate) fn unknown(client_ids: &BTreeSet<String>, gap: &Gap) -> Self {
        let entry = |id: &String| (id.clone(), RawEntry::unknown(gap));
        Self {
            evidence: DirectoryEvidence {
                applications_read: 0,
                applications_gap: (!client_ids.is_empty()).then(|| gap.clone()),
                app_management: Observed::not_reached("not asked"),
                inventory: None,
            },
            entries: client_ids.iter().map(entry).collect(),
        }
    }
}

/// Asks for all these client ids (GUIDs, lower case).
pub(crate) async fn directory(
    wire: &Wire,
    host: &str,
    token: &SecretString,
    grant: &Remedy,
    client_ids: &BTreeSet<String>,
) -> Directory {
    let asker = Asker {
        wire,
        host,
        token,
        grant,
    };
    if client_ids.len() <= ONE_BY_ONE {
        one_by_one(asker, client_ids).await
    } else {
        by_list(asker, client_ids).await
    }
}

fn application_path(id: &str, select: &str) -> String {
    format!("/applications(appId='{id}')?$select={select}")
}

fn owners_path(id: &str) -> String {
    format!("/applications(appId='{id}')/owners?$select=id")
}

async fn one_by_one(asker: Asker<'_>, client_ids: &BTreeSet<String>) -> Directory {
    let select = format!("{APPLICATION},isDisabled");
    let paths: Vec<String> = client_ids
        .iter()
        .flat_map(|id| {
            [
                application_path(id, &select),
                format!("/servicePrincipals(appId='{id}')?$select={PRINCIPAL}"),
                owners_path(id),
            ]
        })
        .collect();
    let mut answers = get_all(asker, &paths).await;
    // Where the newer property is not known yet, the whole read is answered 400.
    let older: Vec<(usize, String)> = client_ids
        .iter()
        .enumerate()
        .filter(|(place, _)| is_bad_request(answers.get(place * 3)))
        .map(|(place, id)| (place * 3, application_path(id, APPLICATION)))
        .collect();
    if !older.is_empty() {
        let paths: Vec<String> = older.iter().map(|(_, path)| path.clone()).collect();
        for ((place, _), answer) in older.iter().zip(get_all(asker, &paths).await) {
            if let Some(slot) = answers.get_mut(*place) {
                *slot = answer;
            }
        }
    }
    let mut entries = BTreeMap::new();
    let mut gap = None;
    let mut answers = answers.into_iter();
    for id in client_ids {
        let missing = || {
            Err(Gap::new(
                GapKind::Malformed,
                "a Graph batch left a part out",
            ))
        };
        let mut next = || answers.next().unwrap_or_else(missing);
        let entry = RawEntry {
            application: object(asker, &format!("the application {id}"), next()),
            principal: object(asker, &format!("the service principal of {id}"), next()),
            owners: owners(asker, id, next()).await,
        };
        gap = gap.or_else(|| entry.application.gap().cloned());
        entries.insert(id.clone(), entry);
    }
    let read = entries
        .values()
        .filter(|entry| entry.application.known().is_some())
        .count();
    Directory {
        evidence: DirectoryEvidence {
            applications_read: read,
            applications_gap: gap,
            app_management: Observed::not_reached("not asked"),
            inventory: None,
        },
        entries,
    }
}

fn is_bad_request(answer: Option<&Result<Answer, Gap>>) -> bool {
    matches!(answer, Some(Ok(answer)) if answer.status == 400)
}

/// Only `Request_ResourceNotFound` says with authority that there is none.
fn is_absent(answer: &Answer) -> bool {
    answer.status == 404 && answer.odata_code().as_deref() == Some("Request_ResourceNotFound")
}

fn object(asker: Asker<'_>, what: &str, answer: Result<Answer, Gap>) -> Observed<Presence<Value>> {
    let call = format!("the read of {what}");
    let answer = match answer {
        Ok(answer) => answer,
        Err(gap) => return Observed::Unknown(gap),
    };
    if is_absent(&answer) {
        return Observed::Known(Presence::Absent);
    }
    if !answer.is_success() {
        return Observed::Unknown(asker.refusal(&call, &answer));
    }
    match answer.json(&call) {
        Ok(value) if value.is_object() => Observed::Known(Presence::Present(value)),
        Ok(_) => Observed::Unknown(answer.malformed(&call, "which is no object")),
        Err(gap) => Observed::Unknown(gap),
    }
}

async fn owners(asker: Asker<'_>, id: &str, answer: Result<Answer, Gap>) -> Listing<String> {
    let what = format!("the owners of application {id}");
    let answer = match answer {
        Ok(answer) => answer,
        Err(gap) => return Listing::cut_short(Vec::new(), gap),
    };
    if is_absent(&answer) {
        let gap = Gap::new(
            GapKind::NotReached,
            format!("the application {id} does not exist in the tenant"),
        );
        return Listing::cut_short(Vec::new(), gap);
    }
    if !answer.is_success() {
        return Listing::cut_short(Vec::new(), asker.refusal(&what, &answer));
    }
    let body = match answer.json(&what) {
        Ok(body) => body,
        Err(gap) => return Listing::cut_short(Vec::new(), gap),
    };
    let Some(Value::Array(rows)) = body.get("value") else {
        let gap = answer.malformed(&what, "which holds no list named value");
        return Listing::cut_short(Vec::new(), gap);
    };
    let mut listing = Listing::complete(rows.clone());
    if let Some(next) = body.get("@odata.nextLink").and_then(Value::as_str) {
        listing = further_owners(asker, &what, rows.clone(), next).await;
    }
    super::map::owner_ids(&what, listing)
}

/// The pages after the first, which came in a batch.
async fn further_owners(
    asker: Asker<'_>,
    what: &str,
    mut rows: Vec<Value>,
    next: &str,
) -> Listing<Value> {
    let first = match address(asker.host, "/").and_then(|host| pages::follow(&host, next, None)) {
        Ok(first) => first,
        Err(gap) => return Listing::cut_short(rows, gap),
    };
    let rest = list(asker, what, first).await;
    rows.extend(rest.items);
    Listing {
        items: rows,
        gap: rest.gap,
    }
}

fn address(host: &str, path: &str) -> Result<Url, Gap> {
    format!("https://{host}/v1.0{path}")
        .parse()
        .map_err(|_| Gap::new(GapKind::Malformed, format!("{host} makes no url")))
}

async fn list(asker: Asker<'_>, what: &str, first: Url) -> Listing<Value> {
    let refusal = |call: &str, answer: &Answer| asker.refusal(call, answer);
    list_or(asker, what, first, &refusal).await
}

async fn list_or(
    asker: Asker<'_>,
    what: &str,
    first: Url,
    refusal: pages::Refusal<'_>,
) -> Listing<Value> {
    let call = format!("the list of {what}");
    let ask = |url| asker.get(&call, url);
    pages::read(asker.wire, what, first, None, &ask, refusal).await
}

async fn list_path(asker: Asker<'_>, what: &str, path: &str) -> Listing<Value> {
    match address(asker.host, path) {
        Ok(url) => list(asker, what, url).await,
        Err(gap) => Listing::cut_short(Vec::new(), gap),
    }
}

/// The list of applications; where the newer property is not known yet, without it.
async fn applications(asker: Asker<'_>) -> Listing<Value> {
    let path = |select: &str| format!("/applications?$select={select}&$top=999");
    let first = match address(asker.host, &path(&format!("{APPLICATION},isDisabled"))) {
        Ok(first) => first,
        Err(gap) => return Listing::cut_short(Vec::new(), gap),
    };
    let not_understood = AtomicBool::new(false);
    let refusal = |call: &str, answer: &Answer| {
        not_understood.store(answer.status == 400, Ordering::Relaxed);
        asker.refusal(call, answer)
    };
    let listing = list_or(asker, "applications", first, &refusal).await;
    if listing.items.is_empty() && not_understood.load(Ordering::Relaxed) {
        return list_path(asker, "applications", &path(APPLICATION)).await;
    }
    listing
}

async fn by_list(asker: Asker<'_>, client_ids: &BTreeSet<String>) -> Directory {
    let applications = applications(asker);
    let path = format!("/servicePrincipals?$select={PRINCIPAL}&$top=999");
    let (applications, principals) =
        futures::join!(applications, list_path(asker, "service principals", &path));
    let present: Vec<&String> = client_ids
        .iter()
        .filter(|id| {
            matches!(
                by_id(&applications, id),
                Observed::Known(Presence::Present(_))
            )
        })
        .collect();
    let paths: Vec<String> = present.iter().map(|id| owners_path(id)).collect();
    let mut owned: BTreeMap<&String, Result<Answer, Gap>> = present
        .into_iter()
        .zip(get_all(asker, &paths).await)
        .collect();
    let mut entries = BTreeMap::new();
    for id in client_ids {
        let application = by_id(&applications, id);
        let owners = match (owned.remove(id), &application) {
            (Some(answer), _) => owners(asker, id, answer).await,
            (None, Observed::Unknown(gap)) => Listing::cut_short(Vec::new(), gap.clone()),
            (None, Observed::Known(_)) => Listing::cut_short(
                Vec::new(),
                Gap::new(
                    GapKind::NotReached,
                    format!("the application {id} does not exist in the tenant"),
                ),
            ),
        };
        let principal = by_id(&principals, id);
        let entry = RawEntry {
            application,
            principal,
            owners,
        };
        entries.insert(id.clone(), entry);
    }
    Directory {
        evidence: DirectoryEvidence {
            applications_read: applications.items.len(),
            applications_gap: applications.gap,
            app_management: Observed::not_reached("not asked"),
            inventory: None,
        },
        entries,
    }
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
