//! How much of an administrator's power a role has: its privileges against those of the product's roles.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::StreamExt;
use tokio::sync::{Mutex, OnceCell};

use super::api::Site;
use super::map;
use crate::collect::caller::Caller;
use crate::collect::fields::Fields;
use crate::collect::shape;
use crate::evidence::{Depth, RoleGrant, RoleReach, Share, Together};
use crate::model::{Gap, GapKind, Listing, Observed};

/// Role template ids that come with the product, the same in every organisation.
const ADMINISTRATOR: &str = "627090ff-40a3-4053-8790-584edc5be201";
const CUSTOMIZER: &str = "119f245c-3cc8-4b62-b31c-d1a046ced15d";

/// Ids of the privileges by which a role reaches every row.
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
    /// Writes into each grant how near its role comes to an administrator's, and all of them together.
    pub(crate) async fn fill(&self, site: &Site, caller: &Caller, grants: &mut [RoleGrant]) {
        let ids: BTreeSet<String> = grants
            .iter()
            .filter(|grant| !is_administrators(grant))
            .map(|grant| grant.role_id.clone())
            .collect();
        if ids.is_empty() {
            return;
        }
        let asked: Vec<_> = ids.iter().map(|id| self.powers(site, caller, id)).collect();
        let yardsticks = async {
            let asked = || async { Arc::new(site.yardsticks(caller).await) };
            Arc::clone(self.yardsticks.get_or_init(asked).await)
        };
        let (yardsticks, powers) = futures::join!(
            yardsticks,
            futures::stream::iter(asked)
                .buffered(8)
                .collect::<Vec<Powers>>()
        );
        let together = (ids.len() > 1).then(|| Observed::from(together(&powers, &yardsticks)));
        let powers: BTreeMap<&String, &Powers> = ids.iter().zip(&powers).collect();
        for grant in grants.iter_mut().filter(|grant| !is_administrators(grant)) {
            let Some(powers) = powers.get(&grant.role_id) else {
                continue;
            };
            let reach = by_itself(powers, &yardsticks).map(|shares| RoleReach {
                administrator: shares.administrator,
                customizer: shares.customizer,
                together: together.clone(),
            });
            grant.reach = Some(reach.into());
        }
    }

    async fn powers(&self, site: &Site, caller: &Caller, role_id: &str) -> Powers {
        let cell = {
            let mut roles = self.roles.lock().await;
            Arc::clone(roles.entry(role_id.to_owned()).or_default())
        };
        let asked = || async { Arc::new(site.powers(caller, role_id).await) };
        Arc::clone(cell.get_or_init(asked).await)
    }
}

fn by_itself(powers: &Powers, yardsticks: &Yardsticks) -> Result<Together, Gap> {
    let powers = powers.as_ref().as_ref().map_err(Clone::clone)?;
    shares(powers, yardsticks)
}

/// One role that could not be read may hold whatever the others lack.
fn together(roles: &[Powers], yardsticks: &Yardsticks) -> Result<Together, Gap> {
    let mut all = BTreeSet::new();
    for powers in roles {
        let powers = powers.as_ref().as_ref().map_err(Clone::clone)?;
        all.extend(powers.iter().cloned());
    }
    shares(&all, yardsticks)
}

fn shares(powers: &BTreeSet<String>, yardsticks: &Yardsticks) -> Result<Together, Gap> {
    Ok(Together {
        administrator: share(powers, &yardsticks.administrator)?,
        customizer: share(powers, &yardsticks.customizer)?,
    })
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
        let list = self
            .list(caller, ("administrators' roles", &["roles"]), &path)
            .await;
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
                    return Err(missing("is listed without any privilege"));
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
        let asked = ("RetrieveRolePrivilegesRole", path.as_str());
        let rows = self.privileges(caller, &call, asked).await?;
        if let Some(gap) = rows.gap {
            return Err(gap);
        }
        let deep = rows
            .items
            .iter()
            .any(|row| row.depth == Depth::ParentAndChild);
        let everything_beneath = deep && self.is_of_root(caller, role_id).await?;
        rows.items
            .into_iter()
            .filter(|row| match row.depth {
                Depth::Organization => true,
                Depth::ParentAndChild => everything_beneath,
                Depth::BusinessUnit | Depth::User => false,
            })
            .map(|row| row.id)
            .collect()
    }

    /// Whether this copy of a role is that of the root unit, which every other lies beneath: only its copies
    /// have a parent (role EntityType, `parentroleid`).
    async fn is_of_root(&self, caller: &Caller, role_id: &str) -> Result<bool, Gap> {
        let call = format!("the read of role {role_id} on {}", self.root);
        let parent = "_parentroleid_value";
        let url = self.url(&format!("roles({role_id})?$select=roleid,{parent}"))?;
        let answer = self.wire.send(&Self::ask(caller, &call, url)).await?;
        if !answer.is_success() {
            return Err(caller.refusal(&call, &answer));
        }
        let body = shape::object(&call, &answer, &["roles"])?;
        if Fields::new(&body, &call).guid("roleid")? != role_id {
            return Err(answer.malformed(&call, "which is another role"));
        }
        // The root is told by null; a field left out tells nothing.
        match body.get(parent) {
            Some(serde_json::Value::Null) => Ok(true),
            _ => Fields::new(&body, "a security role")
                .guid(parent)
                .map(|_| false),
        }
    }
}
