//! A user's effective privileges, its own and its teams', as the auditor is shown them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::StreamExt;
use tokio::sync::Mutex;

use super::api::{Site, TABLES};
use super::privileges::{self, Row};
use crate::collect::caller::Caller;
use crate::collect::fields::Fields;
use crate::evidence::{Depth, HeldPrivilege, HeldPrivileges, HeldWrite, TableName, TablePrivilege};
use crate::model::{Gap, GapKind, Listing, Observed, Operation};

/// Names in one call, so that its url stays short.
const NAMES: usize = 40;

/// And so many letters of names: those of custom tables can be long.
const LETTERS: usize = 3_000;

/// What is known of one name: held so deep, not held, or why neither is known.
pub(super) type Told = Result<Option<Depth>, Gap>;

/// Any table of the environment, and what metadata names its privileges.
#[derive(Debug)]
pub(crate) struct AnyTable {
    table: String,
    privileges: Result<Vec<TablePrivilege>, Gap>,
}

/// What one user was found to hold, each name asked for once: several registrations may share a client.
#[derive(Debug, Default)]
struct User {
    names: BTreeMap<String, Told>,
    /// Everything that it holds: only of registrations that should only read.
    everything: Option<Result<Listing<(String, Depth)>, Gap>>,
}

/// The users of one environment, by id.
#[derive(Debug, Default)]
pub(crate) struct Users {
    users: Mutex<BTreeMap<String, Arc<Mutex<User>>>>,
}

impl Users {
    async fn user(&self, user_id: &str) -> Arc<Mutex<User>> {
        let mut users = self.users.lock().await;
        Arc::clone(users.entry(user_id.to_owned()).or_default())
    }

    /// What the user holds of these tables' privileges.
    pub(crate) async fn held(
        &self,
        site: &Site,
        caller: &Caller,
        user_id: &str,
        tables: &[TableName],
    ) -> Observed<HeldPrivileges> {
        let asked: BTreeSet<String> = tables
            .iter()
            .filter_map(|table| table.privileges.known())
            .flatten()
            .map(|privilege| privilege.name.clone())
            .collect();
        let user = self.user(user_id).await;
        let mut user = user.lock().await;
        let new: Vec<String> = asked
            .iter()
            .filter(|name| !user.names.contains_key(*name))
            .cloned()
            .collect();
        let calls = chunks(&new);
        let told: Vec<Vec<Told>> = futures::stream::iter(
            calls
                .iter()
                .map(|names| site.held_of(caller, user_id, names)),
        )
        .buffered(4)
        .collect()
        .await;
        for (names, told) in calls.iter().zip(told) {
            user.names.extend(names.iter().cloned().zip(told));
        }
        let mut held = Listing::complete(Vec::new());
        let mut unknown = 0;
        for name in &asked {
            match user.names.get(name) {
                Some(Ok(Some(depth))) => held.items.push(HeldPrivilege {
                    name: name.clone(),
                    depth: *depth,
                }),
                Some(Err(gap)) => {
                    unknown += 1;
                    held.gap.get_or_insert_with(|| gap.clone());
                }
                Some(Ok(None)) | None => {}
            }
        }
        drop(user);
        match held.gap {
            Some(gap) if unknown == asked.len() => Observed::Unknown(gap),
            _ => Observed::Known(HeldPrivileges {
                asked: asked.into_iter().collect(),
                held,
                writes: None,
            }),
        }
    }

    /// Every creating, writing and deleting that the user may do, on any of these tables.
    pub(crate) async fn writes(
        &self,
        site: &Site,
        caller: &Caller,
        user_id: &str,
        every_table: Result<Arc<Listing<AnyTable>>, Gap>,
    ) -> Listing<HeldWrite> {
        let every_table = match every_table {
            Ok(tables) => tables,
            Err(gap) => return Listing::cut_short(Vec::new(), gap),
        };
        let user = self.user(user_id).await;
        let mut user = user.lock().await;
        if user.everything.is_none() {
            user.everything = Some(site.everything_of(caller, user_id).await);
        }
        let everything = user.everything.clone();
        drop(user);
        match everything {
            Some(Ok(held)) => writes(&held, &every_table),
            Some(Err(gap)) => Listing::cut_short(Vec::new(), gap),
            None => Listing::complete(Vec::new()),
        }
    }
}

/// What is held, joined with the metadata that says which table and operation a name stands for.
fn writes(held: &Listing<(String, Depth)>, tables: &Listing<AnyTable>) -> Listing<HeldWrite> {
    let mut depths: BTreeMap<String, Depth> = BTreeMap::new();
    for (name, depth) in &held.items {
        let deepest = depths.entry(name.to_ascii_lowercase()).or_insert(*depth);
        *deepest = (*deepest).max(*depth);
    }
    let mut gap = held.gap.clone().or_else(|| tables.gap.clone());
    let mut items = Vec::new();
    for table in &tables.items {
        let privileges = match &table.privileges {
            Ok(privileges) => privileges,
            Err(odd) => {
                gap = gap.or_else(|| Some(odd.clone()));
                continue;
            }
        };
        for privilege in privileges {
            let changes = matches!(
                privilege.operation,
                Operation::Create | Operation::Write | Operation::Delete
            );
            if let Some(depth) = depths.get(&privilege.name.to_ascii_lowercase())
                && changes
            {
                items.push(HeldWrite {
                    table: table.table.clone(),
                    operation: privilege.operation,
                    privilege: privilege.name.clone(),
                    depth: *depth,
                });
            }
        }
    }
    items.sort();
    items.dedup();
    Listing { items, gap }
}

/// Names for one call each.
fn chunks(names: &[String]) -> Vec<Vec<String>> {
    let mut chunks: Vec<Vec<String>> = Vec::new();
    let mut letters = 0;
    for name in names {
        match chunks.last_mut() {
            Some(chunk) if chunk.len() < NAMES && letters + name.len() <= LETTERS => {
                letters += name.len();
                chunk.push(name.clone());
            }
            _ => {
                letters = name.len();
                chunks.push(vec![name.clone()]);
            }
        }
    }
    chunks
}

impl Site {
    /// Every table of the environment. Some have no set name, so that only what is needed is looked at.
    pub(crate) async fn every_table(&self, caller: &Caller) -> Listing<AnyTable> {
        let path = "EntityDefinitions?$select=LogicalName,Privileges";
        let list = self.list(caller, ("tables", &TABLES), path).await;
        let mut gap = list.gap;
        let mut items = Vec::new();
        for row in &list.items {
            match Fields::new(row, "a table's metadata").text("LogicalName") {
                Ok(table) => items.push(AnyTable {
                    table,
                    privileges: privileges::of_table(row),
                }),
                Err(odd) => gap = gap.or(Some(odd)),
            }
        }
        Listing { items, gap }
    }

    /// What a user holds of these names, one for one.
    pub(super) async fn held_of(
        &self,
        caller: &Caller,
        user_id: &str,
        names: &[String],
    ) -> Vec<Told> {
        match self.asked_by_name(caller, user_id, names).await {
            Ok(rows) => named_in(names, &rows),
            Err(gap) => names.iter().map(|_| Err(gap.clone())).collect(),
        }
    }

    async fn asked_by_name(
        &self,
        caller: &Caller,
        user_id: &str,
        names: &[String],
    ) -> Result<Listing<Row>, Gap> {
        let list = names.join("%22%2C%22");
        let path = format!(
            "systemusers({user_id})/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p=%5B%22{list}%22%5D"
        );
        let call = format!(
            "the effective privileges of user {user_id} on {}",
            self.root
        );
        let function = "RetrieveUserSetOfPrivilegesByNames";
        self.privileges(caller, &call, (function, &path)).await
    }

    /// Everything that a user holds. Of what it holds by a team, the depth is user depth whatever the
    /// team's role says (RetrieveUserPrivileges, remarks): that it is held is all this can say.
    async fn everything_of(
        &self,
        caller: &Caller,
        user_id: &str,
    ) -> Result<Listing<(String, Depth)>, Gap> {
        let path =
            format!("systemusers({user_id})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()");
        let call = format!("all privileges of user {user_id} on {}", self.root);
        let asked = ("RetrieveUserPrivileges", path.as_str());
        let rows = self.privileges(caller, &call, asked).await?;
        let mut gap = rows.gap;
        let mut items = Vec::new();
        for row in rows.items {
            match row.name {
                Ok(name) => items.push((name, row.depth)),
                Err(odd) => gap = gap.or(Some(odd)),
            }
        }
        Ok(Listing { items, gap })
    }

    /// What a privilege function answers, by its name and path.
    pub(super) async fn privileges(
        &self,
        caller: &Caller,
        call: &str,
        (function, path): (&str, &str),
    ) -> Result<Listing<Row>, Gap> {
        let mut ask = Self::ask(caller, call, self.url(path)?);
        // It answers no pages.
        ask.headers.remove("prefer");
        let answer = self.wire.send(&ask).await?;
        if !answer.is_success() {
            return Err(caller.refusal(call, &answer));
        }
        privileges::rows(call, &answer, function)
    }
}

/// Each asked name's deepest row. A row that cannot be read leaves every name without one unknown; so does
/// a row of a name that nobody asked for, as the answer is then not to this question.
fn named_in(names: &[String], rows: &Listing<Row>) -> Vec<Told> {
    let mut depths: BTreeMap<String, Depth> = BTreeMap::new();
    let mut gap = rows.gap.clone();
    for row in &rows.items {
        let known = match &row.name {
            Ok(name) => names.iter().find(|asked| asked.eq_ignore_ascii_case(name)),
            Err(odd) => {
                gap = gap.or_else(|| Some(odd.clone()));
                continue;
            }
        };
        match known {
            Some(name) => {
                let deepest = depths.entry(name.clone()).or_insert(row.depth);
                *deepest = (*deepest).max(row.depth);
            }
            None => gap = gap.or_else(|| Some(stranger())),
        }
    }
    names
        .iter()
        .map(|name| match (depths.get(name), &gap) {
            (Some(depth), _) => Ok(Some(*depth)),
            (None, None) => Ok(None),
            (None, Some(gap)) => Err(gap.clone()),
        })
        .collect()
}

fn stranger() -> Gap {
    Gap::new(
        GapKind::Malformed,
        "the effective privileges of a user name one that was not asked for",
    )
}
