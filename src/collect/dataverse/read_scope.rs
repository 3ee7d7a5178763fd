//! How far the auditor itself may read. Users, roles and teams belong to business units: to a reader that
//! reaches only some of them, Dataverse answers a shorter list with 200 and no sign of it.

use super::api::Site;
use super::effective::Told;
use crate::collect::caller::Caller;
use crate::evidence::{Depth, TableName};
use crate::model::{Gap, GapKind, Listing, Operation};

/// Tables whose lists are read, sorted. Not `businessunit`: what cannot be read of a user's unit is missing
/// visibly, as a field that is null.
const TABLES: [&str; 3] = ["role", "systemuser", "team"];

/// What cuts the auditor's lists short: `None` where it reads the whole organisation.
#[derive(Debug)]
pub(crate) struct Sight {
    pub(crate) users: Option<Gap>,
    /// Roles of a user, own and by team.
    pub(crate) roles: Option<Gap>,
}

impl Sight {
    /// Nothing is known of it.
    pub(crate) fn unknown(gap: &Gap) -> Self {
        Self {
            users: Some(gap.clone()),
            roles: Some(gap.clone()),
        }
    }

    /// What `caller`, who is this user, may read.
    pub(crate) async fn of(site: &Site, caller: &Caller, user_id: &str) -> Self {
        let tables = TABLES.map(str::to_owned);
        let tables = match site.table_names(caller, &tables).await {
            Ok(tables) => tables,
            Err(gap) => return Self::unknown(&unread(site, &gap)),
        };
        let names: Vec<String> = tables.iter().filter_map(|table| read(table).ok()).collect();
        let told = site.held_of(caller, user_id, &names).await;
        let short = |table: &str| {
            let found = tables.iter().find(|found| found.logical_name == table);
            let name = match found.map(read) {
                Some(Ok(name)) => name,
                Some(Err(gap)) => return Some(unread(site, &gap)),
                None => {
                    let gap = format!("metadata has no table {table}");
                    return Some(unread(site, &Gap::new(GapKind::Malformed, gap)));
                }
            };
            match names.iter().zip(&told).find(|(asked, _)| **asked == name) {
                Some((_, told)) => cut(site, caller, table, told),
                None => {
                    let gap = format!("the answer says nothing about {name}");
                    Some(unread(site, &Gap::new(GapKind::Malformed, gap)))
                }
            }
        };
        Self {
            users: short("systemuser"),
            roles: short("role").or_else(|| short("team")),
        }
    }
}

/// The name of a table's privilege to read, from its metadata.
fn read(table: &TableName) -> Result<String, Gap> {
    let privileges = table.privileges.get().map_err(Clone::clone)?;
    let read = privileges
        .iter()
        .find(|privilege| privilege.operation == Operation::Read);
    read.map(|privilege| privilege.name.clone()).ok_or_else(|| {
        let why = format!("the metadata of table {} names no read", table.logical_name);
        Gap::new(GapKind::Malformed, why)
    })
}

fn cut(site: &Site, caller: &Caller, table: &str, told: &Told) -> Option<Gap> {
    let reach = match told {
        Ok(Some(Depth::Organization)) => return None,
        Err(gap) => return Some(unread(site, gap)),
        Ok(Some(Depth::ParentAndChild)) => "its business unit and those beneath",
        Ok(Some(Depth::BusinessUnit)) => "its business unit",
        Ok(Some(Depth::User)) => "what is its own",
        Ok(None) => "nothing",
    };
    let seen = format!(
        "of table {table} on {} the auditor may read {reach}: a list of it leaves out the rest and does not say so",
        site.root
    );
    Some(caller.grant.onto(Gap::new(GapKind::Denied, seen)))
}

fn unread(site: &Site, gap: &Gap) -> Gap {
    Gap {
        seen: format!(
            "whether the auditor's lists on {} are complete is unknown: {}",
            site.root, gap.seen
        )
        .into(),
        ..gap.clone()
    }
}

/// The list, with what is missing from it.
pub(crate) fn seen<T>(list: Listing<T>, cut: Option<&Gap>) -> Listing<T> {
    Listing {
        gap: list.gap.or_else(|| cut.cloned()),
        items: list.items,
    }
}
