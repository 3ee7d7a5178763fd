//! Which key vaults there are: as Azure Resource Graph tells whoever may read the subscriptions.

use azure_core::Bytes;
use serde_json::{Value, json};

use super::draft::Unlisted;
use super::session::{Session, address};
use crate::collect::fields::Fields;
use crate::collect::http::Answer;
use crate::model::{Gap, GapKind, Grant, Listing, Service};

/// Sorted by what has no equal, so that a page takes up where the last one ended ("Working with large Azure
/// resource data sets").
const QUERY: &str = "resources | where type =~ 'microsoft.keyvault/vaults' | project id, name, properties.vaultUri, properties.enableRbacAuthorization, properties.enablePurgeProtection | order by id asc";

/// The most that one page takes.
const PAGE: usize = 1_000;
const MOST_PAGES: usize = 100;

/// What was listed.
#[derive(Debug, Default)]
pub(super) struct Listed {
    /// Hosts, sorted.
    pub(super) hosts: Vec<String>,
    pub(super) unlisted: Vec<Unlisted>,
    /// How many subscriptions were looked at.
    pub(super) subscriptions: usize,
}

/// The vaults of every subscription that whoever looks may read.
pub(super) async fn list(session: &Session) -> Listed {
    let host = session.cloud().hosts().resource_manager;
    let token = match session.token(host).await {
        Ok(token) => token,
        Err(gap) => return Listed::unknown(gap),
    };
    let missing = Missing(
        session
            .grant("Reader", "each Azure subscription that holds key vaults")
            .await,
    );
    let wired = Wired {
        session,
        host,
        token: &token,
        missing: &missing,
    };
    let (vaults, subscriptions) = futures::join!(wired.vaults(), wired.subscriptions());
    let mut listed = Listed {
        subscriptions: subscriptions.items.len(),
        ..Listed::default()
    };
    let mut gaps = Vec::new();
    for row in &vaults.items {
        match vault(row, session) {
            Ok(host) => listed.hosts.push(host),
            Err(gap) => gaps.push(gap),
        }
    }
    listed.hosts.sort();
    listed.hosts.dedup();
    gaps.extend(vaults.gap);
    if gaps.is_empty() && subscriptions.gap.is_none() && subscriptions.items.is_empty() {
        // An empty answer to somebody who may read nothing says nothing.
        gaps.push(missing.onto(Gap::new(
            GapKind::Denied,
            "whoever looked may read no Azure subscription, so that no vault was looked for",
        )));
    }
    let what = |what: &str, gap| Unlisted {
        what: what.to_owned(),
        gap,
    };
    let vaults = gaps.into_iter().take(1);
    listed.unlisted = vaults
        .map(|gap| what("the key vaults (Azure Resource Graph)", gap))
        .chain(
            subscriptions
                .gap
                .map(|gap| what("the Azure subscriptions", gap)),
        )
        .collect();
    listed
}

impl Listed {
    fn unknown(gap: Gap) -> Self {
        Self {
            unlisted: vec![Unlisted {
                what: "the key vaults (Azure Resource Graph)".to_owned(),
                gap,
            }],
            ..Self::default()
        }
    }
}

/// The right that lists vaults.
struct Missing(Grant);

impl Missing {
    fn onto(&self, gap: Gap) -> Gap {
        let Grant {
            role,
            scope,
            identity,
            ..
        } = &self.0;
        gap.with_missing(self.0.clone()).with_remedy(format!(
            "assign {role} on {scope} to {identity}; or name each vault with --vault URL"
        ))
    }

    fn refused(&self, call: &str, answer: &Answer) -> Gap {
        let gap = answer.unrecognised(call, answer.odata_code().as_deref());
        match answer.status {
            401 | 403 => self.onto(Gap {
                kind: GapKind::Denied,
                ..gap
            }),
            _ => gap,
        }
    }
}

/// Where to ask, and with what.
struct Wired<'a> {
    session: &'a Session,
    host: &'a str,
    token: &'a secrecy::SecretString,
    missing: &'a Missing,
}

impl Wired<'_> {
    /// Every page, or why there may be more.
    async fn vaults(&self) -> Listing<Value> {
        let mut items = Vec::new();
        let mut token: Option<String> = None;
        for page in 1..=MOST_PAGES {
            match self.page(token.as_deref()).await {
                Ok(page) => {
                    items.extend(page.rows);
                    match (page.more, page.truncated) {
                        (Some(more), _) if token.as_ref() == Some(&more) => {
                            let seen = "Azure Resource Graph gives the same page again";
                            return Listing::cut_short(items, Gap::new(GapKind::Malformed, seen));
                        }
                        (Some(more), _) => token = Some(more),
                        (None, false) => return Listing::complete(items),
                        (None, true) => return truncated(items),
                    }
                }
                Err(gap) if page == 1 => return Listing::cut_short(items, gap),
                Err(gap) => {
                    let seen = format!("{} vaults read, then: {}", items.len(), gap.seen);
                    let (kind, seen) = (GapKind::Truncated, seen.into());
                    return Listing::cut_short(items, Gap { kind, seen, ..gap });
                }
            }
        }
        let seen = "Azure Resource Graph's list of key vaults goes on for ever";
        Listing::cut_short(items, Gap::new(GapKind::Truncated, seen))
    }

    async fn page(&self, after: Option<&str>) -> Result<Page, Gap> {
        let call = "Azure Resource Graph's list of key vaults";
        let url = address(
            self.host,
            "providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01",
        )?;
        let mut options = json!({"$top": PAGE, "resultFormat": "objectArray"});
        if let (Some(after), Some(options)) = (after, options.as_object_mut()) {
            options.insert("$skipToken".to_owned(), after.into());
        }
        let body = json!({"query": QUERY, "options": options}).to_string();
        let ask = Session::get(Service::ResourceManager, call, url, self.token)
            .post("application/json", Bytes::from(body));
        let answer = self.session.wire.send(&ask).await?;
        if !answer.is_success() {
            return Err(self.missing.refused(call, &answer));
        }
        Page::read(call, &answer)
    }

    /// The subscriptions that whoever looks may read ("Subscriptions - List").
    async fn subscriptions(&self) -> Listing<Value> {
        let call = "the list of Azure subscriptions";
        let mut items = Vec::new();
        let mut next = address(self.host, "subscriptions?api-version=2022-12-01");
        for _ in 1..=MOST_PAGES {
            let read = async {
                let url = next.clone()?;
                let ask = Session::get(Service::ResourceManager, call, url.clone(), self.token);
                let answer = self.session.wire.send(&ask).await?;
                if !answer.is_success() {
                    return Err(self.missing.refused(call, &answer));
                }
                super::environments::page_of(call, &answer, &url)
            };
            match read.await {
                Ok((rows, following)) => {
                    items.extend(rows);
                    match following {
                        Some(following) => next = Ok(following),
                        None => return Listing::complete(items),
                    }
                }
                Err(gap) => return Listing::cut_short(items, gap),
            }
        }
        let endless = Gap::new(GapKind::Truncated, format!("{call} goes on for ever"));
        Listing::cut_short(items, endless)
    }
}

/// Cut off by the service, which says so and gives nothing to go on with.
fn truncated(items: Vec<Value>) -> Listing<Value> {
    let seen = format!(
        "Azure Resource Graph cut its list of key vaults off after {} and gave no way to go on (resultTruncated)",
        items.len()
    );
    let gap = Gap::new(GapKind::Truncated, seen);
    Listing::cut_short(
        items,
        gap.with_remedy("name the vaults that are not here with --vault URL"),
    )
}

/// One page of an answer (QueryResponse).
struct Page {
    rows: Vec<Value>,
    truncated: bool,
    more: Option<String>,
}

impl Page {
    fn read(call: &str, answer: &Answer) -> Result<Self, Gap> {
        let body = answer.json(call)?;
        let rows = body.get("data").and_then(Value::as_array).cloned();
        let rows = rows.ok_or_else(|| answer.malformed(call, "which holds no list named data"))?;
        // An enumeration of two words, written as text.
        let truncated = match body.get("resultTruncated") {
            Some(Value::String(word)) if word == "true" => true,
            Some(Value::String(word)) if word == "false" => false,
            Some(Value::Bool(truncated)) => *truncated,
            _ => return Err(answer.malformed(call, "which does not say whether it is whole")),
        };
        let more = body.get("$skipToken").and_then(Value::as_str);
        Ok(Self {
            rows,
            truncated,
            more: more.filter(|more| !more.is_empty()).map(str::to_owned),
        })
    }
}

/// The host of one vault. A projected `properties.vaultUri` is called `properties_vaultUri`.
fn vault(row: &Value, session: &Session) -> Result<String, Gap> {
    let fields = Fields::new(row, "a key vault of Azure Resource Graph");
    let uri = fields
        .text("properties_vaultUri")
        .or_else(|_| fields.text("vaultUri"))?;
    let host = uri.parse::<url::Url>().ok();
    let host = host.and_then(|uri| uri.host_str().map(str::to_ascii_lowercase));
    let cloud = session.cloud();
    host.filter(|host| cloud.is_vault_host(host))
        .ok_or_else(|| {
            let seen = format!(
                "a key vault is listed under an address that is none of the cloud `{cloud}`"
            );
            Gap::new(GapKind::Unrecognised, seen)
        })
}
