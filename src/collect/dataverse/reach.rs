//! How much of an administrator's power a role has: its privileges against those of the product's roles.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::StreamExt;
use tokio::sync::{Mutex, OnceCell};

use super::api::Site;
use super::map;
use crate::collect::caller::Caller;
use crate::evidence::{Depth, RoleGrant, RoleReach, Share};
use crate::model::{Gap, GapKind, Listing, Observed};

/// Role template ids that come with the product, the same in every organisation.
const ADMINISTRATOR: &str = "627090ff-40a3-4053-8790-584edc5be201";
const CUSTOMIZER: &str = "119f245c-3cc8-4b62-b31c-d1a046ced15d";

/// Ids of the privileges that a role holds for the whole organisation.
type Powers = Arc<Result<BTreeSet<String>, Gap>>;

/// The product's two administrators.
#[derive(Debug)]
struct Yardsticks {
    administrator: Powers,
    customizer: Powers,
}

/// Roles of one environment, each asked for once.
#[derive(Debug, Default)]
pub(crate) struct Reaches {
    yardsticks: OnceCell<Arc<Yardsticks>>,
    roles: Mutex<BTreeMap<String, Arc<OnceCell<Powers>>>>,
}

impl Reaches {
    /// Writes into each grant how near its role comes to an administrator's.
    pub(crate) async fn fill(&self, site: &Site, caller: &Caller, grants: &mut [RoleGrant]) {
        let asked: Vec<_> = grants
            .iter_mut()
            .filter(|grant| !is_administrators(grant))
            .map(|grant| async {
                let reach = self.of(site, caller, &grant.role_id).await;
                grant.reach = Some(reach.into());
            })
            .collect();
        futures::stream::iter(asked)
            .buffered(8)
            .collect::<Vec<()>>()
            .await;
    }

    async fn of(&self, site: &Site, caller: &Caller, role_id: &str) -> Result<RoleReach, Gap> {
        let yardsticks = async {
            let asked = || async { Arc::new(site.yardsticks(caller).await) };
            Arc::clone(self.yardsticks.get_or_init(asked).await)
        };
        let powers = async {
            let cell = {
                let mut roles = self.roles.lock().await;
                Arc::clone(roles.entry(role_id.to_owned()).or_default())
            };
            let asked = || async { Arc::new(site.powers(caller, role_id).await) };
            Arc::clone(cell.get_or_init(asked).await)
        };
        let (yardsticks, powers) = futures::join!(yardsticks, powers);
        let powers = powers.as_ref().as_ref().map_err(Clone::clone)?;
        Ok(RoleReach {
            administrator: share(powers, &yardsticks.administrator)?,
            customizer: share(powers, &yardsticks.customizer)?,
        })
    }
}

/// Fills in that nobody could ask: only the auditor's answer counts here.
pub(crate) fn not_asked(grants: &mut [RoleGrant]) {
    for grant in grants.iter_mut().filter(|grant| !is_administrators(grant)) {
        grant.reach = Some(Observed::not_reached(
            "only the auditor asks what a role may do, and it could not read this user's roles",
        ));
    }
}

fn is_administrators(grant: &RoleGrant) -> bool {
    let template = grant.template_id.as_deref();
    template.is_some_and(|id| [ADMINISTRATOR, CUSTOMIZER].contains(&id))
}

fn share(powers: &BTreeSet<String>, yardstick: &Powers) -> Result<Share, Gap> {
    let all = yardstick.as_ref().as_ref().map_err(Clone::clone)?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(Share {
        held: count(powers.intersection(all).count()),
        of: count(all.len()),
    })
}

impl Site {
    async fn yardsticks(&self, caller: &Caller) -> Yardsticks {
        let path = format!(
            "roles?$select=roleid,name,_roletemplateid_value&$filter=_roletemplateid_value eq {ADMINISTRATOR} or _roletemplateid_value eq {CUSTOMIZER}"
        );
        let list = self.list(caller, "administrators' roles", &path).await;
        let roles = map::roles(list, None);
        let (administrator, customizer) = futures::join!(
            self.yardstick(caller, &roles, ADMINISTRATOR, "System Administrator"),
            self.yardstick(caller, &roles, CUSTOMIZER, "System Customizer")
        );
        Yardsticks {
            administrator: Arc::new(administrator),
            customizer: Arc::new(customizer),
        }
    }

    /// The copies of a role in all business units hold the same: any one of them will do.
    async fn yardstick(
        &self,
        caller: &Caller,
        roles: &Listing<RoleGrant>,
        template: &str,
        name: &str,
    ) -> Result<BTreeSet<String>, Gap> {
        let role = roles
            .items
            .iter()
            .filter(|role| role.template_id.as_deref() == Some(template))
            .min_by_key(|role| &role.role_id);
        let missing = |why: &str| {
            let seen = format!("the role {name} of {} {why}", self.root);
            Gap::new(GapKind::Malformed, seen)
        };
        match (role, &roles.gap) {
            (Some(role), _) => {
                let powers = self.powers(caller, &role.role_id).await?;
                if powers.is_empty() {
                    return Err(missing("is told to have no privilege"));
                }
                Ok(powers)
            }
            (None, Some(gap)) => Err(gap.clone()),
            (None, None) => Err(missing("was not found by its template id")),
        }
    }

    /// By id, as every version of the service tells that. A row that cannot be read leaves the whole set
    /// unknown: a number that is too small would hide an administrator.
    async fn powers(&self, caller: &Caller, role_id: &str) -> Result<BTreeSet<String>, Gap> {
        let path = format!("RetrieveRolePrivilegesRole(RoleId={role_id})");
        let call = format!("the privileges of role {role_id} on {}", self.root);
        let rows = self.privileges(caller, &call, &path).await?;
        if let Some(gap) = rows.gap {
            return Err(gap);
        }
        rows.items
            .into_iter()
            .filter(|row| row.depth == Depth::Organization)
            .map(|row| row.id)
            .collect()
    }
}
