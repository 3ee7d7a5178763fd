//! The application users that Microsoft puts into every environment for its own services.

use std::collections::BTreeMap;

use super::environment::{Environment, Template, User};

/// Client id and name. The ids are those of the "Apps to allow" list of the Power Platform admin guide
/// (November 2026); the names are written as such users are called in the list of users.
pub(in crate::sim) const OWN: [(&str, &str); 4] = [
    ("7f15f9d9-cad0-44f1-bbba-d36650e07765", "Dynamics365Athena2"),
    (
        "8d605dfc-1a04-4da6-9be2-8426724af3f3",
        "PowerPlatformAuthorizationService",
    ),
    (
        "b6fb6bd6-f0fb-4a60-beb1-4e50afd0eaa9",
        "PowerAppsDataPlaneBackend",
    ),
    ("c92229fa-e4e7-47fc-81a8-01386459c021", "CDSUserManagement"),
];

/// Adds them, with the administrator's role where the environment has it, as they hold it.
pub(super) fn add_users(environment: &mut Environment) {
    if !environment.microsoft_users {
        return;
    }
    let administrator = environment
        .roles
        .iter()
        .find(|role| role.template == Some(Template::SystemAdministrator))
        .map(|role| role.name.clone());
    for own in OWN {
        environment.users.push(User {
            application: None,
            person: None,
            business_unit: None,
            roles: administrator.iter().cloned().collect(),
            teams: Vec::new(),
            disabled: false,
            who_am_i: super::environment::WhoAmI::default(),
            changed_days_ago: 200,
            odd_reads: BTreeMap::new(),
            microsoft: Some(own),
        });
    }
}
