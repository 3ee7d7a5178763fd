//! The application users that Microsoft puts into every environment for its own services.

use std::collections::BTreeMap;

use super::environment::{Environment, Template, User};

/// Client id and name. The ids are Microsoft's, from "Commonly used apps you might want to allow" and "Commonly
/// used Microsoft first-party services and portal apps" of the Power Platform admin guide; the names are
/// those under which public lists of an environment's users show them (read November 2026). A real
/// environment has dozens.
pub(in crate::sim) const OWN: [(&str, &str); 4] = [
    ("1884bdbf-452a-4a11-9c76-afdbdb1b3768", "RelevanceSearch"),
    ("7f15f9d9-cad0-44f1-bbba-d36650e07765", "Dynamics365Athena2"),
    ("c92229fa-e4e7-47fc-81a8-01386459c021", "CDSUserManagement"),
    ("e548fb5c-c385-41a6-a31d-6dbc2f0ca8a3", "JobsServiceProd"),
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
