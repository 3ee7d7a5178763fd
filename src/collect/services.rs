//! Questions that several registrations share: each is asked once, whoever needs the answer first.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};

use super::caller::Caller;
use super::dataverse::api::Site;
use super::dataverse::map;
use super::dataverse::roles::{self, TeamRoles};
use super::graph::Grants;
use super::graph::api::{Directory, Service};
use super::http::{SHARED, Wire};
use super::identity::Auditor;
use super::words::Remedy;
use crate::estate::{Environment, Tenant};
use crate::evidence::{ApplicationUser, RoleGrant, TableName};
use crate::model::{Cloud, Gap, Grant, Listing};

mod finops;
mod tokens;
mod vault;

pub(super) use finops::FinopsTask;
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
    pub(super) teams: TeamRoles,
    caller: Once<'a, Result<Caller, Gap>>,
    organization: Once<'a, Result<String, Gap>>,
    users: Once<'a, Listing<ApplicationUser>>,
    tables: Once<'a, Result<Vec<TableName>, Gap>>,
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
                    Grant {
                        role: "application user whose role has organisation-level read on User, Role, Team, Business Unit, Organization and metadata (Entity)".to_owned(),
                        scope: format!("environment {name}"),
                        identity: who,
                    },
                ),
            })
        });
        Some(Self {
            organization: once(organization(site.clone(), caller.clone())),
            users: once(users(site.clone(), caller.clone())),
            tables: once(tables_of(site.clone(), caller.clone(), tables)),
            teams: TeamRoles::default(),
            caller,
            site,
            resource,
        })
    }

    pub(super) async fn caller(&self) -> Result<Caller, Gap> {
        self.caller.clone().await
    }

    /// A user's security roles, own and by team, as the auditor sees them.
    pub(super) async fn roles_of(&self, user_id: &str) -> Listing<RoleGrant> {
        match self.caller().await {
            Ok(caller) => roles::roles_of(&self.site, &caller, user_id, &self.teams).await,
            Err(gap) => Listing::cut_short(Vec::new(), gap),
        }
    }

    pub(super) async fn organization(&self) -> Result<String, Gap> {
        self.organization.clone().await
    }

    pub(super) async fn users(&self) -> Listing<ApplicationUser> {
        self.users.clone().await
    }

    pub(super) async fn tables(&self) -> Result<Vec<TableName>, Gap> {
        self.tables.clone().await
    }
}

type CallerOnce<'a> = Once<'a, Result<Caller, Gap>>;

async fn organization(site: Site, caller: CallerOnce<'_>) -> Result<String, Gap> {
    let caller = caller.await?;
    let call = format!("the auditor's {}", site.whoami_call());
    let answer = site.whoami(&caller).await?;
    if !answer.is_success() {
        return Err(caller.refusal(&call, &answer));
    }
    map::organization(&call, &answer)
}

async fn users(site: Site, caller: CallerOnce<'_>) -> Listing<ApplicationUser> {
    match caller.await {
        Ok(caller) => site.application_users(&caller).await,
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
        let host = tenant.cloud.hosts().graph;
        let token = match auditor.token(&format!("https://{host}/.default")).await {
            Ok(token) => token,
            Err(gap) => return Arc::new(Directory::unknown(&tenant.id, &client_ids, &gap)),
        };
        own.extend(auditor.application_id().await);
        let grants = Grants::new(&tenant.id, &auditor.name().await);
        let service = Service {
            wire: &wire,
            host,
            token: &token,
            grants: &grants,
            tenant: &tenant.id,
        };
        Arc::new(super::graph::api::directory(service, &client_ids, &own, whole).await)
    })
}
