//! What is told of a registration's application user: by the auditor, else as far as it sees itself.

use super::expected;
use crate::collect::caller::Caller;
use crate::collect::gaps;
use crate::collect::services::EnvironmentTask;
use crate::estate::Registration;
use crate::evidence::{ApplicationUser, HeldPrivileges, RoleGrant, TableName, WhoAmI, Witness};
use crate::model::{Gap, GapKind, Listing, Observed, Presence, guid};

/// What is told of the registration's application user.
pub(crate) struct User {
    pub(crate) user: Observed<Presence<ApplicationUser>>,
    pub(crate) roles: Listing<RoleGrant>,
    /// The auditor's answer or none.
    pub(crate) privileges: Observed<HeldPrivileges>,
    pub(crate) witness: Witness,
}

/// User, roles and effective privileges as the auditor is shown them.
pub(crate) async fn by_auditor(
    task: &EnvironmentTask<'_>,
    registration: &Registration,
    client_id: &Observed<String>,
) -> User {
    let without = |user, gap: Gap| User {
        user,
        roles: Listing::cut_short(Vec::new(), gap.clone()),
        privileges: Observed::Unknown(gap),
        witness: Witness::Auditor,
    };
    let client_id = match client_id {
        Observed::Known(id) => id,
        Observed::Unknown(gap) => {
            let gap = gaps::no_client_id_alone(gap);
            return without(Observed::Unknown(gap.clone()), gap);
        }
    };
    let users = task.users().await;
    let user = match users.find(|user| guid::same(&user.client_id, client_id)) {
        Observed::Known(Presence::Present(user)) => user.clone(),
        Observed::Known(Presence::Absent) => {
            let gap = Gap::new(
                GapKind::NotReached,
                format!(
                    "{} has no application user with client id {client_id}",
                    task.site.root
                ),
            );
            return without(Observed::Known(Presence::Absent), gap);
        }
        Observed::Unknown(gap) => return without(Observed::Unknown(gap.clone()), gap),
    };
    let (roles, privileges) = futures::join!(
        task.roles_of(&user.user_id),
        privileges(task, registration, &user.user_id)
    );
    User {
        user: Observed::Known(Presence::Present(user)),
        roles,
        privileges,
        witness: Witness::Auditor,
    }
}

/// What it holds of the privileges of every table it names; and every write, where it should only read.
async fn privileges(
    task: &EnvironmentTask<'_>,
    registration: &Registration,
    user_id: &str,
) -> Observed<HeldPrivileges> {
    let asked = async {
        let tables: Vec<TableName> = task.tables().await?;
        let caller = task.caller().await?;
        let own = expected::tables(registration);
        let is_own = |table: &TableName| {
            own.iter()
                .any(|name| name.eq_ignore_ascii_case(&table.logical_name))
        };
        let tables: Vec<TableName> = tables.into_iter().filter(is_own).collect();
        let effective = &task.effective;
        let held = effective.held(&task.site, &caller, user_id, &tables).await;
        let read_only = registration.dataverse.as_ref();
        if !read_only.is_some_and(|expected| expected.read_only) {
            return Ok(held);
        }
        let every_table = task.every_table().await;
        let writes = effective
            .writes(&task.site, &caller, user_id, every_table)
            .await;
        // What was found to be written is kept, also where the names could not be asked.
        let mut held = match held {
            Observed::Known(held) => held,
            Observed::Unknown(gap) => HeldPrivileges {
                asked: Vec::new(),
                held: Listing::cut_short(Vec::new(), gap),
                writes: None,
            },
        };
        held.writes = Some(writes);
        Ok(Observed::Known(held))
    };
    asked.await.unwrap_or_else(Observed::Unknown)
}

/// Where the auditor was refused: what the credential may see of itself. What it may not see either
/// stays the auditor's gap, and so do its privileges.
pub(crate) async fn or_by_itself(
    task: &EnvironmentTask<'_>,
    caller: &Caller,
    whoami: &Observed<WhoAmI>,
    known: User,
) -> User {
    let refused = known.user.gap().or(known.roles.gap.as_ref()).cloned();
    let Observed::Known(WhoAmI::Answered { user_id, .. }) = whoami else {
        return known;
    };
    if refused
        .as_ref()
        .is_none_or(|gap| gap.kind != GapKind::Denied)
    {
        return known;
    }
    let user = async {
        match &known.user {
            Observed::Unknown(_) => task.site.user(caller, user_id).await.ok(),
            Observed::Known(_) => None,
        }
    };
    let (user, roles) = futures::join!(user, task.roles_seen_by(caller, user_id));
    let mut known = known;
    if let Some(user) = user {
        known.user = Observed::Known(Presence::Present(user));
        known.witness = Witness::Itself;
    }
    if roles.gap.is_none() {
        // Nobody tells how far it sees: what it does not name it may still hold.
        known.roles = Listing {
            items: roles.items,
            gap: known.roles.gap.or(refused),
        };
        known.witness = Witness::Itself;
    }
    known
}
