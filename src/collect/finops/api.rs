//! OData and metadata paths of one Finance & Operations environment, the same for the auditor and for
//! the audited credential.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::ExposeSecret;
use serde_json::Value;
use url::Url;

use super::map::{self, Client, CollectionName};
use super::names;
use crate::collect::caller::Caller;
use crate::collect::http::{Answer, Ask, Wire};
use crate::collect::pages::{self, Place};
use crate::evidence::{FinopsRole, FinopsUser};
use crate::model::{Gap, GapKind, Listing, Observed, Presence, Service};

/// The collection of clients: whoever is accepted is told something of it, if only that it may not read it.
pub(crate) const DOOR: &str = "SysAADClients";

/// How a context calls what metadata is asked for.
const ENTITIES: [&str; 1] = ["PublicEntities"];

/// One environment.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) wire: Arc<Wire>,
    /// Lower case.
    pub(crate) host: String,
}

impl Site {
    /// What a token is asked for: the root url, in lower case, without a slash at its end.
    pub(crate) fn resource(&self) -> String {
        format!("https://{}", self.host)
    }

    /// Where its lists may go on.
    pub(crate) fn place(&self) -> Place<'_> {
        Place {
            host: &self.host,
            also: None,
        }
    }

    fn url(&self, path: &str) -> Result<Url, Gap> {
        format!("https://{}/{path}", self.host)
            .parse()
            .map_err(|_| Gap::new(GapKind::Malformed, format!("{} makes no url", self.host)))
    }

    fn ask(caller: &Caller, call: &str, url: Url) -> Ask {
        Ask::get(Service::FinOps, &caller.purpose, call, url)
            .header("accept", "application/json")
            .header("odata-maxversion", "4.0")
            .header("odata-version", "4.0")
            .bearer(caller.token.expose_secret())
    }

    pub(crate) fn read_call(&self, collection: &str) -> String {
        format!("a read of collection {collection} on {}", self.host)
    }

    /// Whether one row's key may be read. Of an answer only the form is looked at.
    pub(crate) async fn read_collection(
        &self,
        caller: &Caller,
        name: &CollectionName,
    ) -> Result<Answer, Gap> {
        let call = self.read_call(&name.collection);
        let path = format!(
            "data/{}?cross-company=true&$top=1&$select={}",
            name.collection, name.key
        );
        let ask = Self::ask(caller, &call, self.url(&path)?).short();
        self.wire.send(&ask).await
    }

    pub(crate) fn knock_call(&self) -> String {
        format!("a call to /data on {}", self.host)
    }

    /// A call to [`DOOR`] that only shows whether the client is accepted.
    pub(crate) async fn knock(&self, caller: &Caller) -> Result<Answer, Gap> {
        let url = self.url(&format!("data/{DOOR}?$top=1&$select=UserId"))?;
        let ask = Self::ask(caller, &self.knock_call(), url).short();
        self.wire.send(&ask).await
    }

    pub(crate) fn enter_call(&self) -> String {
        format!("the service document of {}", self.host)
    }

    /// A call to the service document ("Open Data Protocol (OData)": the url that ends in `/data` lists the
    /// data entities). It asks for nobody's data and for no right on any table: whoever is accepted is answered,
    /// and 401 comes from the sign-in before it.
    pub(crate) async fn enter(&self, caller: &Caller) -> Result<Answer, Gap> {
        self.get(caller, &self.enter_call(), "data").await
    }

    /// The name of one collection as metadata has it: asked by set name, and where that filter is not
    /// taken, by the entity's own name, whose answer must name the collection. Where neither tells, a
    /// collection that the service document does not list is none.
    pub(crate) async fn collection(
        &self,
        caller: &Caller,
        collection: &str,
    ) -> Result<Presence<CollectionName>, Gap> {
        let what = format!("the metadata of collection {collection}");
        let call = format!("{what} on {}", self.host);
        let filter = format!(
            "metadata/PublicEntities?$filter=EntitySetName%20eq%20%27{}%27",
            encoded(collection)
        );
        let status = AtomicU16::new(200);
        let refused = |call: &str, answer: &Answer| {
            status.store(answer.status, Ordering::Relaxed);
            refusal(caller, call, answer)
        };
        let list = self
            .pages(caller, (&what, &ENTITIES), &call, &filter, &refused)
            .await;
        let gap = match map::by_filter(&call, list, collection) {
            Ok(named) => return Ok(named),
            Err(gap) => gap,
        };
        let refuses_filters = match status.into_inner() {
            200 => gap.kind == GapKind::Malformed,
            status => matches!(status, 400 | 404 | 500 | 501),
        };
        if !refuses_filters {
            return Err(gap);
        }
        for entity in names::singulars(collection) {
            let path = format!("metadata/PublicEntities(%27{}%27)", encoded(&entity));
            if let Ok(answer) = self.get(caller, &call, &path).await
                && let Some(name) = map::by_key(&call, &answer, collection)
            {
                return Ok(Presence::Present(name));
            }
        }
        match self.listed(caller).await {
            Ok(names) if !names.iter().any(|name| name == collection) => Ok(Presence::Absent),
            _ => Err(gap),
        }
    }

    /// The names of all collections, from the service document.
    pub(crate) async fn listed(&self, caller: &Caller) -> Result<Vec<String>, Gap> {
        let call = format!("the list of collections on {}", self.host);
        let answer = self.get(caller, &call, "data").await?;
        if !answer.is_success() {
            return Err(refusal(caller, &call, &answer));
        }
        map::listed(&call, &answer)
    }

    async fn get(&self, caller: &Caller, call: &str, path: &str) -> Result<Answer, Gap> {
        self.wire
            .send(&Self::ask(caller, call, self.url(path)?))
            .await
    }

    async fn list(
        &self,
        caller: &Caller,
        (what, set): (&str, &[&str]),
        path: &str,
    ) -> Listing<Value> {
        let what = format!("{what} on {}", self.host);
        let call = format!("the list of {what}");
        let refused = |call: &str, answer: &Answer| refusal(caller, call, answer);
        self.pages(caller, (&what, set), &call, path, &refused)
            .await
    }

    async fn pages(
        &self,
        caller: &Caller,
        what: (&str, &[&str]),
        call: &str,
        path: &str,
        refused: pages::Refusal<'_>,
    ) -> Listing<Value> {
        let ask = |url| Self::ask(caller, call, url);
        match self.url(path) {
            Ok(url) => pages::read(&self.wire, what, url, None, &ask, refused).await,
            Err(gap) => Listing::cut_short(Vec::new(), gap),
        }
    }

    /// The environment's list of Entra applications.
    pub(crate) async fn clients(&self, caller: &Caller) -> Listing<Client> {
        let what = "Entra applications (SysAADClients)";
        map::clients(
            self.list(caller, (what, &[DOOR]), "data/SysAADClients")
                .await,
        )
    }

    /// One user by its id.
    pub(crate) async fn user(
        &self,
        caller: &Caller,
        user_id: &str,
    ) -> Observed<Presence<FinopsUser>> {
        let what = format!("users called {user_id}");
        let path = format!(
            "data/SystemUsers?$select=UserID,Enabled&$filter=UserID%20eq%20%27{}%27",
            encoded(user_id)
        );
        map::user(
            self.list(caller, (&what, &["SystemUsers"]), &path).await,
            user_id,
        )
    }

    /// The security roles of one user.
    pub(crate) async fn roles(&self, caller: &Caller, user_id: &str) -> Listing<FinopsRole> {
        let what = format!("security roles of user {user_id}");
        let path = format!(
            "data/SecurityUserRoles?$select=UserId,SecurityRoleIdentifier,SecurityRoleName,AssignmentStatus&$filter=UserId%20eq%20%27{}%27",
            encoded(user_id)
        );
        map::roles(
            self.list(caller, (&what, &["SecurityUserRoles"]), &path)
                .await,
            user_id,
        )
    }
}

/// The caller was refused: by status only, as the service gives no code.
pub(crate) fn refusal(caller: &Caller, call: &str, answer: &Answer) -> Gap {
    let gap = answer.unrecognised(call, answer.odata_code().as_deref());
    let what = match answer.status {
        401 => "the environment does not let this client in",
        403 if map::is_own(answer) => "the mapped user may not read this",
        _ => return gap,
    };
    caller.grant.onto(Gap::new(
        GapKind::Denied,
        format!("{call} answered {}: {what}", answer.status),
    ))
}

/// Text as it may stand between the quotes of a filter or key: a quote is doubled, and everything but
/// letters, digits and a few marks is percent-encoded.
fn encoded(text: &str) -> String {
    const KEPT: AsciiSet = NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'~');
    utf8_percent_encode(&text.replace('\'', "''"), &KEPT).to_string()
}
