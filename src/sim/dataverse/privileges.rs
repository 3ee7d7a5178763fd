//! What a user may do: its own roles and those of its teams.

use super::Desk;
use super::catalogue::Table;
use super::refusals;
use crate::sim::scenario::{Environment, Role, Template, User};
use crate::sim::wire::Answer;

/// The roles a user holds, directly or by a team, each once.
pub(super) fn roles<'a>(environment: &'a Environment, user: &User) -> Vec<&'a Role> {
    let by_team = |role: &Role| {
        environment
            .teams
            .iter()
            .any(|team| user.teams.contains(&team.name) && team.roles.contains(&role.name))
    };
    environment
        .roles
        .iter()
        .filter(|role| user.roles.contains(&role.name) || by_team(role))
        .collect()
}

/// Whether a role grants an operation (`Read`, `Create` ..) on a table.
pub(super) fn grants(role: &Role, operation: &str, table: &Table) -> bool {
    if role.template == Some(Template::SystemAdministrator) {
        return true;
    }
    let tables = match operation {
        "Read" => &role.read,
        "Create" => &role.create,
        "Write" => &role.write,
        "Delete" => &role.delete,
        _ => return false,
    };
    tables.contains(&table.name)
}

/// Refuses as Dataverse does: a user without any role first, then the missing privilege.
pub(super) fn check(desk: &Desk<'_>, operation: &str, table: &Table) -> Result<(), Answer> {
    let held = roles(desk.environment, desk.user);
    if held.is_empty() {
        return Err(refusals::no_roles(desk.environment, desk.user));
    }
    if held.iter().any(|role| grants(role, operation, table)) {
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
