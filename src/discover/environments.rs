//! Which environments there are: as the Power Platform API tells an application that may read, and Global
//! Discovery a person.

use serde_json::Value;

use super::draft::Unlisted;
use super::session::{Session, address};
use crate::collect::fields::Fields;
use crate::collect::http::Answer;
use crate::collect::pages;
use crate::model::{Gap, GapKind, Grant, Listing, Observed, Service};
use crate::reference::cloud::Cloud;

/// The role by which an application lists environments and can change none ("Role-based access control for Power
/// Platform", preview).
const READER: &str = "Power Platform reader";
const READER_ID: &str = "c886ad2e-27f7-4874-8381-5849b8d8a090";

/// What always helps.
const BY_URL: &str = "name each environment with --environment URL";

/// No tenant has more pages of environments.
const MOST_PAGES: usize = 200;

/// An environment as one of the two services tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) title: Option<String>,
    /// Host without `.api`.
    pub(super) dataverse: Option<String>,
    pub(super) finops: Option<String>,
    /// GUID, lower case.
    pub(super) organization_id: Option<String>,
    /// `Production`, `Sandbox`: the service's own word.
    pub(super) kind: Option<String>,
}

/// What was listed.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) found: Vec<Found>,
    pub(super) unlisted: Vec<Unlisted>,
    /// By whom it was listed to its end.
    pub(super) by: Option<&'static str>,
}

/// Who is asked for environments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    PowerPlatform,
    GlobalDiscovery,
}

impl Source {
    const fn name(self) -> &'static str {
        match self {
            Self::PowerPlatform => "the environments of the tenant (Power Platform)",
            Self::GlobalDiscovery => "the environments of a signed-in person (Global Discovery)",
        }
    }

    const fn says(self) -> &'static str {
        match self {
            Self::PowerPlatform => "environments, as the Power Platform API lists them",
            Self::GlobalDiscovery => {
                "environments that whoever looked is a user of, as Global Discovery lists them"
            }
        }
    }
}

/// Asks the one that answers whoever looks, and the other where that one does not.
pub(super) async fn list(session: &Session) -> Listed {
    let first = match session.is_person().await {
        Observed::Known(true) => [Source::GlobalDiscovery, Source::PowerPlatform],
        _ => [Source::PowerPlatform, Source::GlobalDiscovery],
    };
    let mut listed = Listed::default();
    for source in first {
        let answer = match source {
            Source::PowerPlatform => power_platform(session).await,
            Source::GlobalDiscovery => global_discovery(session).await,
        };
        for found in answer.items {
            if !listed.found.iter().any(|known| known.is(&found)) {
                listed.found.push(found);
            }
        }
        match answer.gap {
            None => {
                listed.by = Some(source.says());
                // The other one was asked for nothing else.
                listed.unlisted.clear();
                break;
            }
            Some(gap) => listed.unlisted.push(Unlisted {
                what: source.name().to_owned(),
                gap,
            }),
        }
    }
    listed
}

impl Found {
    fn is(&self, other: &Self) -> bool {
        match (&self.dataverse, &other.dataverse) {
            (Some(one), Some(other)) => one == other,
            _ => self.finops.is_some() && self.finops == other.finops,
        }
    }
}

async fn global_discovery(session: &Session) -> Listing<Found> {
    let host = session.cloud().hosts().global_discovery;
    let call = "Global Discovery's list of instances";
    let asked = async {
        let token = session.token(host).await?;
        let url = address(host, "api/discovery/v2.0/Instances")?;
        Ok((token, url))
    };
    let (token, url) = match asked.await {
        Ok(asked) => asked,
        Err(gap) => return Listing::cut_short(Vec::new(), gap),
    };
    let refusal = |call: &str, answer: &Answer| {
        let gap = refused(call, answer);
        match answer.status {
            401 | 403 => gap.with_remedy(as_a_person()),
            _ => gap,
        }
    };
    let ask = |url| Session::get(Service::PowerPlatform, call, url, &token);
    let what = (call, &["Instances"][..]);
    let mut listing = pages::read(&session.wire, what, url, None, &ask, &refusal).await;
    let is_empty = listing.gap.is_none() && listing.items.is_empty();
    if is_empty || session.is_person().await != Observed::Known(true) {
        // An application is answered with an empty list, too, where it is not refused.
        listing.gap = listing.gap.or_else(|| Some(nobody_s_list()));
    }
    rows(listing, |row| {
        instance(row, session.cloud(), &session.tenant.id)
    })
}

/// A list that says nothing of the tenant.
fn nobody_s_list() -> Gap {
    let seen = "Global Discovery lists what a signed-in person is a user of, and nothing for whoever looked";
    Gap::new(GapKind::Denied, seen).with_remedy(as_a_person())
}

fn as_a_person() -> String {
    format!(
        "run init as a person who uses the environments (`az login`, and --identity azure-cli); or {BY_URL}"
    )
}

/// What a refusal means that no code explains: by its status alone.
fn refused(call: &str, answer: &Answer) -> Gap {
    let gap = answer.unrecognised(call, answer.odata_code().as_deref());
    match answer.status {
        401 | 403 => Gap {
            kind: GapKind::Denied,
            ..gap
        },
        _ => gap,
    }
}

/// Each row by `read`; one that cannot be read cuts the list short, and one that is of no interest is left out.
fn rows(
    listing: Listing<Value>,
    read: impl Fn(&Value) -> Result<Option<Found>, Gap>,
) -> Listing<Found> {
    let mut items = Vec::new();
    let mut gap = listing.gap;
    for row in &listing.items {
        match read(row) {
            Ok(found) => items.extend(found),
            Err(odd) => gap = gap.or(Some(odd)),
        }
    }
    Listing { items, gap }
}

/// A row of Global Discovery ("Discover user organizations", Instance entity).
fn instance(row: &Value, cloud: Cloud, tenant: &str) -> Result<Option<Found>, Gap> {
    let fields = Fields::new(row, "an instance of Global Discovery");
    // A guest's own organisations are in another tenant.
    if fields.guid("TenantId").is_ok_and(|id| id != tenant) {
        return Ok(None);
    }
    Ok(Some(Found {
        title: fields.optional_text("FriendlyName"),
        dataverse: Some(dataverse(&fields.text("Url")?, cloud)?),
        finops: None,
        organization_id: fields.guid("Id").ok(),
        kind: None,
    }))
}

/// The host of an address, where it is Dataverse's in this cloud.
fn dataverse(url: &str, cloud: Cloud) -> Result<String, Gap> {
    let host = host(url);
    let root = host.as_deref().and_then(|host| cloud.dataverse_root(host));
    root.ok_or_else(|| elsewhere("Dataverse", cloud))
}

fn elsewhere(service: &str, cloud: Cloud) -> Gap {
    let seen = format!(
        "an environment is listed under an address that is not a {service} host of the cloud `{cloud}`"
    );
    Gap::new(GapKind::Unrecognised, seen)
}

fn host(url: &str) -> Option<String> {
    let url: url::Url = url.parse().ok()?;
    let plain = url.scheme() == "https" && url.port().is_none() && url.username().is_empty();
    plain.then(|| url.host_str().map(str::to_ascii_lowercase))?
}

async fn power_platform(session: &Session) -> Listing<Found> {
    let call = "the Power Platform API's list of environments";
    let cloud = session.cloud();
    let Some(host) = cloud.hosts().power_platform else {
        let seen = format!(
            "no host of the Power Platform API is documented for the cloud `{cloud}`, so that it was not asked"
        );
        let gap = Gap::new(GapKind::NotReached, seen);
        return Listing::cut_short(Vec::new(), gap.with_remedy(as_a_person()));
    };
    match session.token(host).await {
        Ok(token) => {
            let missing = missing_role(session).await;
            let path = "environmentmanagement/environments?api-version=2024-10-01";
            let read = whole(session, call, (host, path), &token, &missing).await;
            rows(read, |row| environment(row, cloud))
        }
        Err(gap) => Listing::cut_short(Vec::new(), gap),
    }
}

async fn missing_role(session: &Session) -> Grant {
    let scope = format!("tenant {} in Power Platform", session.tenant.id);
    session
        .grant(&format!("{READER} ({READER_ID})"), &scope)
        .await
}

/// The pages of a list that carries no OData context ("List Environments For User").
async fn whole(
    session: &Session,
    call: &str,
    (host, path): (&str, &str),
    token: &secrecy::SecretString,
    missing: &Grant,
) -> Listing<Value> {
    let mut items = Vec::new();
    let mut next = address(host, path);
    for page in 1..=MOST_PAGES {
        let read = async {
            let url = next.clone()?;
            let ask = Session::get(Service::PowerPlatform, call, url.clone(), token);
            let answer = session.wire.send(&ask).await?;
            if !answer.is_success() {
                return Err(not_a_reader(call, &answer, missing));
            }
            page_of(call, &answer, &url)
        };
        match read.await {
            Ok((mut rows, following)) => {
                items.append(&mut rows);
                match following {
                    Some(following) => next = Ok(following),
                    None => return Listing::complete(items),
                }
            }
            Err(gap) if page == 1 => return Listing::cut_short(items, gap),
            Err(gap) => return Listing::cut_short(items, begun(gap)),
        }
    }
    let endless = Gap::new(GapKind::Truncated, format!("{call} goes on for ever"));
    Listing::cut_short(items, endless)
}

/// What ends a list that was begun.
fn begun(gap: Gap) -> Gap {
    Gap {
        kind: match gap.kind {
            GapKind::Cancelled | GapKind::TimedOut => gap.kind,
            _ => GapKind::Truncated,
        },
        ..gap
    }
}

/// Rows of one page, and where the next one is.
pub(super) fn page_of(
    call: &str,
    answer: &Answer,
    here: &url::Url,
) -> Result<(Vec<Value>, Option<url::Url>), Gap> {
    let body = answer.json(call)?;
    let rows = body.get("value").and_then(Value::as_array).cloned();
    let rows = rows.ok_or_else(|| answer.malformed(call, "which holds no list named value"))?;
    let link = ["@odata.nextLink", "@odata.nextlink", "nextLink"]
        .iter()
        .find_map(|name| body.get(*name))
        .filter(|link| !link.is_null());
    let next = match link {
        None => None,
        Some(link) => {
            let link = link.as_str().unwrap_or_default();
            Some(pages::follow(here, link, None)?)
        }
    };
    if next.as_ref() == Some(here) {
        return Err(answer.malformed(call, "whose next link leads back to it"));
    }
    Ok((rows, next))
}

fn not_a_reader(call: &str, answer: &Answer, missing: &Grant) -> Gap {
    let gap = refused(call, answer);
    match answer.status {
        403 => gap.with_missing(missing.clone()).with_remedy(format!(
            "assign the role {} on {} to {}; or {}",
            missing.role,
            missing.scope,
            missing.identity,
            as_a_person()
        )),
        401 => gap.with_remedy(BY_URL),
        _ => gap,
    }
}

/// A row of the Power Platform API (EnvironmentResponse). One without Dataverse and Finance & Operations, or one
/// that was deleted, is no place for an integration.
fn environment(row: &Value, cloud: Cloud) -> Result<Option<Found>, Gap> {
    let fields = Fields::new(row, "an environment of the Power Platform API");
    if fields.optional_text("deletedDateTime").is_some() {
        return Ok(None);
    }
    let dataverse = match fields.optional_text("url") {
        Some(url) => Some(dataverse(&url, cloud)?),
        None => None,
    };
    let linked = row.pointer("/finOpsMetadata/url").and_then(Value::as_str);
    let finops = match linked.filter(|url| !url.is_empty()) {
        Some(url) => {
            let host = host(url).filter(|host| cloud.is_finops_host(host));
            Some(host.ok_or_else(|| elsewhere("Finance & Operations", cloud))?)
        }
        None => None,
    };
    if dataverse.is_none() && finops.is_none() {
        return Ok(None);
    }
    Ok(Some(Found {
        title: fields.optional_text("displayName"),
        dataverse,
        finops,
        organization_id: fields.guid("dataverseId").ok(),
        kind: fields.optional_text("type"),
    }))
}
