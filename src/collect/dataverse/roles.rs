//! The security roles of a user, its own and those of its teams.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::StreamExt;
use tokio::sync::{Mutex, OnceCell};

use super::api::Site;
use super::map;
use crate::collect::caller::Caller;
use crate::evidence::RoleGrant;
use crate::model::{Gap, Listing};

const ROLE: &str = "$select=roleid,name,_roletemplateid_value";

/// How a context may call what hangs on a user or team: by its set, or by the way there.
const OF_USER: [&str; 2] = ["roles", "systemuserroles_association"];
const OF_TEAM: [&str; 2] = ["roles", "teamroles_association"];
const TEAMS: [&str; 2] = ["teams", "teammembership_association"];

/// Roles of teams, read once each: several application users often share a team.
#[derive(Debug, Default)]
pub(crate) struct TeamRoles {
    cells: Mutex<BTreeMap<String, Arc<OnceCell<Listing<RoleGrant>>>>>,
}

impl TeamRoles {
    async fn of(&self, site: &Site, caller: &Caller, team: &map::Team) -> Listing<RoleGrant> {
        let cell = Arc::clone(self.cells.lock().await.entry(team.id.clone()).or_default());
        cell.get_or_init(|| async {
            let path = format!("teams({})/teamroles_association?{ROLE}", team.id);
            let list = site.list(caller, ("team roles", &OF_TEAM), &path).await;
            map::roles(list, Some(&team.name))
        })
        .await
        .clone()
    }
}

/// All roles of one user, sorted; cut short where one of the reads was.
pub(crate) async fn roles_of(
    site: &Site,
    caller: &Caller,
    user_id: &str,
    teams: &TeamRoles,
) -> Listing<RoleGrant> {
    let own = format!("systemusers({user_id})/systemuserroles_association?{ROLE}");
    let member = format!("systemusers({user_id})/teammembership_association?$select=teamid,name");
    let (own, member) = futures::join!(
        site.list(caller, ("security roles", &OF_USER), &own),
        site.list(caller, ("teams", &TEAMS), &member)
    );
    let own = map::roles(own, None);
    let member = map::teams(member);
    let mut roles = own.items;
    let mut gap: Option<Gap> = own.gap.or(member.gap);
    let of_teams: Vec<Listing<RoleGrant>> =
        futures::stream::iter(member.items.iter().map(|team| teams.of(site, caller, team)))
            .buffered(8)
            .collect()
            .await;
    for list in of_teams {
        roles.extend(list.items);
        gap = gap.or(list.gap);
    }
    let key = |role: &RoleGrant| (role.name.clone(), role.role_id.clone(), role.team.clone());
    roles.sort_by_key(key);
    roles.dedup_by_key(|role| key(role));
    Listing { items: roles, gap }
}
