//! What a user may do: its own roles and those of its teams, privilege by privilege.

use std::collections::BTreeMap;

use super::{Desk, people, refusals};
use crate::sim::catalogue::{Ownership, Table};
use crate::sim::scenario::{Depth, Environment, OddRead, Role, Template, User};
use crate::sim::wire::Answer;

/// Privileges that belong to no table and come with both of the product's roles. These names and those
/// below are in the "Miscellaneous privileges" list of the Power Platform admin guide and in the CRM 2013
/// table of privileges that are not associated with an entity.
const OF_CUSTOMIZER: [&str; 21] = [
    "prvActivateBusinessProcessFlow",
    "prvActivateBusinessRule",
    "prvActivateSynchronousWorkflow",
    "prvCreateAttribute",
    "prvCreateRelationship",
    "prvCreateWebResource",
    "prvCreateWorkflow",
    "prvDeleteAttribute",
    "prvDeleteRelationship",
    "prvDeleteWebResource",
    "prvExportCustomization",
    "prvImportCustomization",
    "prvISVExtensions",
    "prvPublishCustomization",
    "prvReadAttribute",
    "prvReadRelationship",
    "prvReadWebResource",
    "prvWriteAttribute",
    "prvWriteRelationship",
    "prvWriteWebResource",
    "prvWriteWorkflow",
];

/// And those that only the administrator has.
const OF_ADMINISTRATOR: [&str; 20] = [
    "prvActOnBehalfOfAnotherUser",
    "prvApproveRejectEmailAddress",
    "prvAssignManager",
    "prvAssignPosition",
    "prvBulkDelete",
    "prvBulkEdit",
    "prvDeleteAuditPartitions",
    "prvDeleteRecordChangeHistory",
    "prvDisableUser",
    "prvExportToExcel",
    "prvGoOffline",
    "prvMailMerge",
    "prvMerge",
    "prvPrint",
    "prvPublishRSReport",
    "prvReadAuditSummary",
    "prvReadRecordAuditHistory",
    "prvReparentBusinessUnit",
    "prvReparentUser",
    "prvWriteHierarchicalSecurityConfiguration",
];

/// Tables whose rows a customizer sees and changes where they are its own.
const OWN_ROWS: [&str; 5] = [
    "account",
    "activitypointer",
    "annotation",
    "contact",
    "opportunity",
];

/// Privileges by name, with how far each reaches.
pub(super) type Held = BTreeMap<String, Depth>;

/// The roles a user holds, directly or by a team, each once.
pub(super) fn roles<'a>(environment: &'a Environment, user: &User) -> Vec<&'a Role> {
    environment
        .roles
        .iter()
        .filter(|role| user.roles.contains(&role.name) || by_team(environment, user, role))
        .collect()
}

fn by_team(environment: &Environment, user: &User, role: &Role) -> bool {
    let teams = environment.teams.iter();
    let mut own = teams.filter(|team| user.teams.contains(&team.name));
    own.any(|team| team.roles.contains(&role.name))
}

/// Everything a role gives.
pub(super) fn of_role(environment: &Environment, role: &Role) -> Held {
    let mut held = Held::new();
    let mut give = |name: String, depth: Depth| {
        let known = held.entry(name).or_insert(depth);
        *known = depth.max(*known);
    };
    let product = role.template.or(role.copy_of);
    for table in environment.every_table() {
        for operation in table.operations() {
            let depth = match product {
                Some(Template::SystemAdministrator) => Some(Depth::Organization),
                Some(Template::SystemCustomizer) => of_customizer(&table, operation),
                Some(Template::BasicUser) | None => None,
            };
            if let Some(depth) = depth {
                give(table.privilege(operation), depth);
            }
        }
        for (operation, tables) in role.tables() {
            if tables.contains(&table.name) {
                let depth = match table.ownership {
                    Ownership::Organization | Ownership::Nobody => Depth::Organization,
                    _ => *role.depths.get(&table.name).unwrap_or(&role.depth),
                };
                give(table.privilege(operation), depth);
            }
        }
    }
    let more: &[&[&str]] = match product {
        Some(Template::SystemAdministrator) => &[&OF_CUSTOMIZER, &OF_ADMINISTRATOR],
        Some(Template::SystemCustomizer) => &[&OF_CUSTOMIZER],
        Some(Template::BasicUser) | None => &[],
    };
    for name in more.iter().copied().flatten() {
        give((*name).to_owned(), Depth::Organization);
    }
    for name in &role.privileges {
        give(name.clone(), Depth::Organization);
    }
    held
}

/// "Can view all custom tables, but only the rows of Account, Contact and Activity that they create"
/// (privileges required for customization, Power Apps guide).
fn of_customizer(table: &Table, operation: &str) -> Option<Depth> {
    let name = table.name.as_str();
    if table.is_custom() || ["entity", "optionset"].contains(&name) {
        return Some(Depth::Organization);
    }
    if OWN_ROWS.contains(&name) {
        return Some(Depth::User);
    }
    let reads = [
        "businessunit",
        "organization",
        "role",
        "systemuser",
        "team",
        "transactioncurrency",
    ];
    (operation == "Read" && reads.contains(&name)).then_some(Depth::Organization)
}

/// Effective privileges by name and business unit: a user's own roles count in its unit, a team's in the
/// team's, which is the root.
pub(super) fn effective<'a>(
    environment: &'a Environment,
    user: &'a User,
) -> BTreeMap<(String, &'a str), Depth> {
    let mut all = BTreeMap::new();
    for role in &environment.roles {
        let mut units = Vec::new();
        if user.roles.contains(&role.name) {
            units.push(people::unit_of(environment, user));
        }
        if by_team(environment, user, role) {
            units.push(people::root(environment));
        }
        for unit in units {
            for (name, depth) in of_role(environment, role) {
                let known = all.entry((name, unit)).or_insert(depth);
                *known = depth.max(*known);
            }
        }
    }
    all
}

/// Refuses as Dataverse does: a user without any role first, then the missing privilege.
pub(super) fn check(desk: &Desk<'_>, operation: &str, table: &Table) -> Result<(), Answer> {
    let held = roles(desk.environment, desk.user);
    if held.is_empty() {
        return Err(refusals::no_roles(desk.environment, desk.user));
    }
    let name = table.privilege(operation);
    let odd = desk.user.odd_reads.get(&table.name);
    let granted = match odd.filter(|_| operation == "Read") {
        Some(OddRead::Refused) => false,
        Some(OddRead::Allowed) => true,
        None => held
            .iter()
            .any(|role| of_role(desk.environment, role).contains_key(&name)),
    };
    if granted {
        return Ok(());
    }
    Err(refusals::missing_privilege(
        desk.environment,
        desk.user,
        operation,
        table,
        held.len(),
    ))
}
