//! Questions that several registrations share: each is asked once, whoever needs the answer first.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};

use super::caller::Caller;
use super::dataverse::api::Site;
use super::dataverse::effective::{AnyTable, Users};
use super::dataverse::map;
use super::dataverse::read_scope::{Sight, seen};
use super::dataverse::role_power::{Reaches, not_asked};
use super::dataverse::roles::{self, TeamRoles};
use super::graph::api::Directory;
use super::http::{SHARED, Wire};
use super::identity::Auditor;
use super::remedy::Remedy;
use crate::estate::{Environment, Tenant};
use crate::evidence::{ApplicationUser, RoleGrant, TableName};
use crate::model::grant::Right;
use crate::model::{Gap, Listing};
use crate::reference::cloud::Cloud;

mod finops;
mod graph;
mod lookup;
mod tokens;
mod vault;

pub(super) use finops::FinopsTask;
pub(super) use graph::GraphSession;
pub(super) use lookup::{Environments, Vaults};
pub(super) use tokens::TokenDesk;
pub(super) use vault::VaultTask;

/// An answer that many wait for.
type Once<'a, T> = Shared<BoxFuture<'a, T>>;

fn once<'a, T: Clone>(work: impl Future<Output = T> + Send + 'a) -> Once<'a, T> {
    work.boxed().shared()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One environment as the auditor sees it.
pub(super) struct EnvironmentTask<'a> {
    pub(super) site: Site,
    /// `https://contoso.crm4.dynamics.com`.
    pub(super) resource: String,
    /// Effective privileges, each asked for once.
    pub(super) effective: Users,
    teams: TeamRoles,
    reaches: Reaches,
    caller: Once<'a, Result<Caller, Gap>>,
    own: Once<'a, Result<map::AuditorIds, Gap>>,
    /// How far the auditor reads here.
    sight: Once<'a, Arc<Sight>>,
    users: Once<'a, Listing<ApplicationUser>>,
    tables: Once<'a, Result<Vec<TableName>, Gap>>,
    every_table: Once<'a, Result<Arc<Listing<AnyTable>>, Gap>>,
}

impl<'a> EnvironmentTask<'a> {
    /// `None` where the environment has no Dataverse.
    pub(super) fn new(
        wire: &Arc<Wire>,
        auditor: &Arc<Auditor>,
        cloud: Cloud,
        name: &'a str,
        environment: &Environment,
        tables: Vec<String>,
    ) -> Option<Self> {
        let host = environment.dataverse.as_deref()?;
        let site = Site {
            wire: Arc::clone(wire),
            root: cloud.dataverse_root(host)?,
            api: cloud.dataverse_api(host)?,
        };
        let resource = format!("https://{}", site.root);
        let (auditor, scope) = (Arc::clone(auditor), format!("{resource}/.default"));
        let caller = once(async move {
            let token = auditor.token(&scope).await?;
            let who = auditor.name().await;
            Ok(Caller {
                token,
                purpose: SHARED.to_owned(),
                grant: Remedy::new(
                    format!(
                        "give {who} an application user in {name} whose role has organisation-level read on User, Role, Team, Business Unit, Organization and metadata (Entity)"
                    ),
                    who.lacks(
                        "application user whose role has organisation-level read on User, Role, Team, Business Unit, Organization and metadata (Entity)",
                        format!("environment {name}"),
                        Some(Right::ApplicationUser {
                            environment: name.to_owned(),
                        }),
                    ),
                ),
            })
        });
        let own = once(auditor_ids(site.clone(), caller.clone()));
        let sight = once(sight(site.clone(), caller.clone(), own.clone()));
        Some(Self {
            users: once(users(site.clone(), caller.clone(), sight.clone())),
            own,
            sight,
            tables: once(tables_of(site.clone(), caller.clone(), tables)),
            every_table: once(every_table(site.clone(), caller.clone())),
            effective: Users::default(),
            teams: TeamRoles::default(),
            reaches: Reaches::default(),
            caller,
            site,
            resource,
        })
    }

    pub(super) async fn caller(&self) -> Result<Caller, Gap> {
        self.caller.clone().await
    }

    pub(super) async fn organization(&self) -> Result<String, Gap> {
        Ok(self.own.clone().await?.organization)
    }

    /// The auditor's own security roles here.
    pub(super) async fn own_roles(&self) -> Listing<RoleGrant> {
        let own = self.own.clone().await;
        match own {
            Ok(own) => self.roles_of(&own.user_id).await,
            Err(gap) => Listing::cut_short(Vec::new(), gap),
        }
    }

    /// A user's security roles, own and by team, as the auditor sees them, and how far each reaches.
    pub(super) async fn roles_of(&self, user_id: &str) -> Listing<RoleGrant> {
        let caller = match self.caller().await {
            Ok(caller) => caller,
            Err(gap) => return Listing::cut_short(Vec::new(), gap),
        };
        let (roles, sight) = futures::join!(
            roles::roles_of(&self.site, &caller, user_id, &self.teams),
            self.sight.clone()
        );
        let mut roles = seen(roles, sight.roles.as_ref());
        self.reaches
            .fill(&self.site, &caller, &mut roles.items)
            .await;
        roles
    }

    /// The same as somebody else sees them. How far they reach is then not asked.
    pub(super) async fn roles_seen_by(&self, caller: &Caller, user_id: &str) -> Listing<RoleGrant> {
        // Not the auditor's cache of team roles: another may see less.
        let teams = TeamRoles::default();
        let mut roles = roles::roles_of(&self.site, caller, user_id, &teams).await;
        not_asked(&mut roles.items);
        roles
    }

    pub(super) async fn users(&self) -> Listing<ApplicationUser> {
        self.users.clone().await
    }

    pub(super) async fn tables(&self) -> Result<Vec<TableName>, Gap> {
        self.tables.clone().await
    }

    /// Asked for by nobody but those that should only read.
    pub(super) async fn every_table(&self) -> Result<Arc<Listing<AnyTable>>, Gap> {
        self.every_table.clone().await
    }
}

type CallerOnce<'a> = Once<'a, Result<Caller, Gap>>;

async fn auditor_ids(site: Site, caller: CallerOnce<'_>) -> Result<map::AuditorIds, Gap> {
    let caller = caller.await?;
    let call = format!("the auditor's {}", site.whoami_call());
    let answer = site.whoami(&caller).await?;
    if !answer.is_success() {
        return Err(caller.refusal(&call, &answer));
    }
    map::auditor_ids(&call, &answer)
}

/// Asked of the service about the auditor itself: by its own user id, in the words of its metadata.
async fn sight(
    site: Site,
    caller: CallerOnce<'_>,
    own: Once<'_, Result<map::AuditorIds, Gap>>,
) -> Arc<Sight> {
    let known = async { Ok((caller.await?, own.await?.user_id)) };
    Arc::new(match known.await {
        Ok((caller, user_id)) => Sight::of(&site, &caller, &user_id).await,
        Err(gap) => Sight::unknown(&gap),
    })
}

async fn users(
    site: Site,
    caller: CallerOnce<'_>,
    sight: Once<'_, Arc<Sight>>,
) -> Listing<ApplicationUser> {
    match caller.await {
        Ok(caller) => {
            let (users, sight) = futures::join!(site.application_users(&caller), sight);
            seen(users, sight.users.as_ref())
        }
        Err(gap) => Listing::cut_short(Vec::new(), gap),
    }
}

async fn tables_of(
    site: Site,
    caller: CallerOnce<'_>,
    tables: Vec<String>,
) -> Result<Vec<TableName>, Gap> {
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    site.table_names(&caller.await?, &tables).await
}

async fn every_table(site: Site, caller: CallerOnce<'_>) -> Result<Arc<Listing<AnyTable>>, Gap> {
    Ok(Arc::new(site.every_table(&caller.await?).await))
}

/// One tenant's directory, asked for once.
pub(super) type DirectoryTask<'a> = Once<'a, Arc<Directory>>;

/// Whom Graph is asked for.
pub(super) struct Wanted {
    /// Client ids of the estate's registrations.
    pub(super) client_ids: BTreeSet<String>,
    /// The environments' own auditors, beside the tenant's.
    pub(super) auditors: BTreeSet<String>,
    /// Whether everything in the tenant is asked for.
    pub(super) whole: bool,
}

/// Waits for the client ids, then asks Graph for them.
pub(super) fn directory<'a>(
    wire: &Arc<Wire>,
    auditor: Option<Arc<Auditor>>,
    tenant: &'a Tenant,
    wanted: impl Future<Output = Wanted> + Send + 'a,
) -> DirectoryTask<'a> {
    let wire = Arc::clone(wire);
    once(async move {
        let Wanted {
            client_ids,
            auditors: mut own,
            whole,
        } = wanted.await;
        let Some(auditor) = auditor.filter(|_| whole || !client_ids.is_empty()) else {
            let gap = Gap::new(
                crate::model::GapKind::NotReached,
                "no client id is known to ask Graph for",
            );
            return Arc::new(Directory::unknown(&tenant.id, &client_ids, &gap));
        };
        let session = match GraphSession::open(&auditor, tenant).await {
            Ok(session) => session,
            Err(gap) => return Arc::new(Directory::unknown(&tenant.id, &client_ids, &gap)),
        };
        own.extend(auditor.application_id().await);
        let service = session.service(&wire, tenant);
        Arc::new(super::graph::api::directory(service, &client_ids, &own, whole).await)
    })
}
