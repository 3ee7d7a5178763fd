//! Web API v9.2 paths and calls, the same for the auditor and for the audited credential.

use std::sync::Arc;

use futures::StreamExt;
use secrecy::ExposeSecret;
use serde_json::Value;
use url::Url;

use super::map;
use crate::collect::caller::Caller;
use crate::collect::fields::is_word;
use crate::collect::http::{Answer, Ask, Wire};
use crate::collect::pages::{self, Place};
use crate::evidence::{ApplicationUser, MetadataTarget, TableName};
use crate::model::{Gap, GapKind, Listing, Service};

/// Table names in one filter: keeps the url short.
const NAMES: usize = 15;

/// How a context calls what is asked for.
const USERS: [&str; 1] = ["systemusers"];
pub(super) const TABLES: [&str; 1] = ["EntityDefinitions"];

const USER: &str = "$select=systemuserid,applicationid,fullname,isdisabled,modifiedon,_businessunitid_value&$expand=businessunitid($select=name,_parentbusinessunitid_value)";

/// What is asked of a table's metadata.
const TABLE: &str = "$select=LogicalName,EntitySetName,PrimaryIdAttribute,Privileges";

/// One organisation.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) wire: Arc<Wire>,
    /// Host without `.api`: how people name it.
    pub(crate) root: String,
    /// Host with `.api`: where calls go.
    pub(crate) api: String,
}

impl Site {
    /// Where its lists may go on.
    pub(crate) fn place(&self) -> Place<'_> {
        Place {
            host: &self.api,
            also: Some(&self.root),
        }
    }

    pub(super) fn url(&self, path: &str) -> Result<Url, Gap> {
        format!("https://{}/api/data/v9.2/{path}", self.api)
            .parse()
            .map_err(|_| Gap::new(GapKind::Malformed, format!("{} makes no url", self.api)))
    }

    pub(super) fn ask(caller: &Caller, call: &str, url: Url) -> Ask {
        Ask::get(Service::Dataverse, &caller.purpose, call, url)
            .header("accept", "application/json")
            .header("odata-maxversion", "4.0")
            .header("odata-version", "4.0")
            .header("prefer", "odata.maxpagesize=500")
            .bearer(caller.token.expose_secret())
    }

    pub(crate) fn whoami_call(&self) -> String {
        format!("WhoAmI on {}", self.root)
    }

    pub(crate) async fn whoami(&self, caller: &Caller) -> Result<Answer, Gap> {
        let ask = Self::ask(caller, &self.whoami_call(), self.url("WhoAmI")?);
        self.wire.send(&ask).await
    }

    pub(crate) fn read_call(&self, table: &str) -> String {
        format!("a read of table {table} on {}", self.root)
    }

    /// Whether one row's id may be read. Of an answer only the form is looked at.
    pub(crate) async fn read_table(
        &self,
        caller: &Caller,
        table: &TableName,
    ) -> Result<Answer, Gap> {
        let call = self.read_call(&table.logical_name);
        let path = format!("{}?$select={}&$top=1", table.set_name, table.primary_id);
        // A page size of its own is an error beside $top.
        let mut ask = Self::ask(caller, &call, self.url(&path)?).short();
        ask.headers.remove("prefer");
        self.wire.send(&ask).await
    }

    pub(crate) fn metadata_call(&self, target: &MetadataTarget) -> String {
        match target {
            MetadataTarget::Organization => {
                format!("a read of organisation metadata on {}", self.root)
            }
            MetadataTarget::Tables => {
                format!(
                    "a read of table definitions (EntityDefinitions) on {}",
                    self.root
                )
            }
            MetadataTarget::OptionSets => format!(
                "a read of the global option sets (GlobalOptionSetDefinitions) on {}",
                self.root
            ),
            MetadataTarget::OptionSet(name) => {
                format!("a read of option set {name} on {}", self.root)
            }
        }
    }

    /// Whether one piece of metadata may be read. Of an answer only the form is looked at.
    pub(crate) async fn read_metadata(
        &self,
        caller: &Caller,
        target: &MetadataTarget,
    ) -> Result<Answer, Gap> {
        let path = match target {
            MetadataTarget::Organization => "organizations?$select=organizationid&$top=1".into(),
            // One that every organisation has.
            MetadataTarget::Tables => format!(
                "EntityDefinitions?$select=LogicalName&$filter=LogicalName eq '{}'",
                map::ANY_TABLE
            ),
            // The service takes no filter here ("Query table definitions using the Web API").
            MetadataTarget::OptionSets => "GlobalOptionSetDefinitions?$select=Name".into(),
            MetadataTarget::OptionSet(name) if is_word(name) => {
                format!("GlobalOptionSetDefinitions(Name='{name}')?$select=Name")
            }
            MetadataTarget::OptionSet(name) => {
                let odd = format!("{name} is not the name of an option set");
                return Err(Gap::new(GapKind::Malformed, odd));
            }
        };
        let call = self.metadata_call(target);
        let mut ask = Self::ask(caller, &call, self.url(&path)?);
        if *target != MetadataTarget::OptionSets {
            ask = ask.short();
        }
        ask.headers.remove("prefer");
        self.wire.send(&ask).await
    }

    /// All pages of a list of `set`.
    pub(crate) async fn list(
        &self,
        caller: &Caller,
        (what, set): (&str, &[&str]),
        path: &str,
    ) -> Listing<Value> {
        let what = format!("{what} on {}", self.root);
        let call = format!("the list of {what}");
        match self.url(path) {
            Ok(url) => {
                pages::read(
                    &self.wire,
                    (&what, set),
                    url,
                    Some(&self.root),
                    &|url| Self::ask(caller, &call, url),
                    &|call, answer| caller.refusal(call, answer),
                )
                .await
            }
            Err(gap) => Listing::cut_short(Vec::new(), gap),
        }
    }

    /// The names of these tables; one that metadata does not know is left out.
    pub(crate) async fn table_names(
        &self,
        caller: &Caller,
        tables: &[String],
    ) -> Result<Vec<TableName>, Gap> {
        let safe: Vec<&String> = tables.iter().filter(|name| is_word(name)).collect();
        let chunks: Vec<String> = safe
            .chunks(NAMES)
            .map(|names| {
                let filter: Vec<String> = names
                    .iter()
                    .map(|name| format!("LogicalName eq '{name}'"))
                    .collect();
                format!("EntityDefinitions?{TABLE}&$filter={}", filter.join(" or "))
            })
            .collect();
        let asked: Vec<_> = chunks
            .iter()
            .map(|path| self.list(caller, ("table names", &TABLES), path))
            .collect();
        let lists: Vec<Listing<Value>> = futures::stream::iter(asked).buffered(4).collect().await;
        let mut names = Vec::new();
        for list in lists {
            if let Some(gap) = list.gap {
                return Err(gap);
            }
            for row in &list.items {
                names.push(map::table_name(row, tables)?);
            }
        }
        names.sort_by(|left, right| left.logical_name.cmp(&right.logical_name));
        names.dedup_by(|left, right| left.logical_name == right.logical_name);
        Ok(names)
    }

    /// Every application user of the environment.
    pub(crate) async fn application_users(&self, caller: &Caller) -> Listing<ApplicationUser> {
        let path = format!("systemusers?{USER}&$filter=applicationid ne null");
        let list = self
            .list(caller, ("application users", &USERS), &path)
            .await;
        map::application_users(list)
    }

    /// One user by its id.
    pub(crate) async fn user(
        &self,
        caller: &Caller,
        user_id: &str,
    ) -> Result<ApplicationUser, Gap> {
        let call = format!("the read of user {user_id} on {}", self.root);
        let url = self.url(&format!("systemusers({user_id})?{USER}"))?;
        let answer = self.wire.send(&Self::ask(caller, &call, url)).await?;
        if !answer.is_success() {
            return Err(caller.refusal(&call, &answer));
        }
        map::one_user(&call, &answer, user_id)
    }
}
