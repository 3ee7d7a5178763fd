//! One Finance & Operations environment as the auditor sees it: each question asked once.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::join_all;

use super::{CallerOnce, Once, once};
use crate::collect::caller::Caller;
use crate::collect::finops::api::Site;
use crate::collect::finops::map::{Client, CollectionName};
use crate::collect::http::{SHARED, Wire};
use crate::collect::identity::Auditor;
use crate::collect::remedy::Remedy;
use crate::model::grant::Right;
use crate::model::{Gap, Listing, Presence};

/// What metadata tells of one collection.
pub(crate) type Named = Result<Presence<CollectionName>, Gap>;

/// One environment: its clients once, each declared collection once.
pub(crate) struct FinopsTask<'a> {
    pub(crate) site: Site,
    caller: CallerOnce<'a>,
    clients: Once<'a, Listing<Client>>,
    names: Once<'a, Arc<BTreeMap<String, Named>>>,
    listed: Once<'a, Result<Arc<Vec<String>>, Gap>>,
}

impl<'a> FinopsTask<'a> {
    pub(in crate::collect) fn new(
        wire: &Arc<Wire>,
        auditor: &Arc<Auditor>,
        name: &'a str,
        host: &str,
        collections: Vec<String>,
    ) -> Self {
        let site = Site {
            wire: Arc::clone(wire),
            host: host.to_owned(),
        };
        let (auditor, scope) = (Arc::clone(auditor), format!("{}/.default", site.resource()));
        let caller = once(async move {
            let token = auditor.token(&scope).await?;
            let who = auditor.name().await;
            Ok(Caller {
                token,
                purpose: SHARED.to_owned(),
                grant: Remedy::new(
                    format!(
                        "add {who} to the Entra ID applications of {name}'s Finance & Operations, mapped to a user that may read SysAADClients, SystemUsers and SecurityUserRoles"
                    ),
                    who.lacks(
                        "client in Entra ID applications, mapped to a user that may read SysAADClients, SystemUsers and SecurityUserRoles",
                        format!("Finance & Operations of environment {name}"),
                        Some(Right::FinopsClient {
                            environment: name.to_owned(),
                        }),
                    ),
                ),
            })
        });
        Self {
            clients: once(clients(site.clone(), caller.clone())),
            names: once(names(site.clone(), caller.clone(), collections)),
            listed: once(listed(site.clone(), caller.clone())),
            caller,
            site,
        }
    }

    pub(in crate::collect) async fn caller(&self) -> Result<Caller, Gap> {
        self.caller.clone().await
    }

    pub(in crate::collect) async fn clients(&self) -> Listing<Client> {
        self.clients.clone().await
    }

    /// What the auditor is told of one declared collection; `None` where it was not declared.
    pub(in crate::collect) async fn named(&self, collection: &str) -> Option<Named> {
        self.names.clone().await.get(collection).cloned()
    }

    /// All collections' names. Asked for only where one was not found.
    pub(in crate::collect) async fn listed(&self) -> Result<Arc<Vec<String>>, Gap> {
        self.listed.clone().await
    }
}

async fn clients(site: Site, caller: CallerOnce<'_>) -> Listing<Client> {
    match caller.await {
        Ok(caller) => site.clients(&caller).await,
        Err(gap) => Listing::cut_short(Vec::new(), gap),
    }
}

async fn listed(site: Site, caller: CallerOnce<'_>) -> Result<Arc<Vec<String>>, Gap> {
    site.listed(&caller.await?).await.map(Arc::new)
}

/// The first name is asked alone: where the auditor is not accepted, the others would only be refused too.
async fn names(
    site: Site,
    caller: CallerOnce<'_>,
    collections: Vec<String>,
) -> Arc<BTreeMap<String, Named>> {
    let mut open = collections.into_iter();
    let Some(first) = open.next() else {
        return Arc::default();
    };
    let (caller, named) = match caller.await {
        Ok(caller) => {
            let named = site.collection(&caller, &first).await;
            (Some(caller), named)
        }
        Err(gap) => (None, Err(gap)),
    };
    let rest: Vec<(String, Named)> = match (&caller, &named) {
        (Some(caller), Ok(_)) => {
            let site = &site;
            join_all(open.map(|collection| async move {
                let named = site.collection(caller, &collection).await;
                (collection, named)
            }))
            .await
        }
        (_, Err(gap)) => open
            .map(|collection| (collection, Err(gap.clone())))
            .collect(),
        (None, Ok(_)) => Vec::new(),
    };
    Arc::new([(first, named)].into_iter().chain(rest).collect())
}
