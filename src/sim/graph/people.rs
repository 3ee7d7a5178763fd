//! Owners of applications.

use serde_json::{Value, json};

use crate::sim::names;
use crate::sim::scenario::Application;
use crate::sim::tokens::Caller;
use crate::sim::world::World;

/// Permissions that show more of a user than its id.
const READ_USERS: &[&str] = &[
    "User.ReadBasic.All",
    "User.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];

/// The owners. A caller that may not read users gets the ids, and null everywhere else.
pub(super) fn owners(world: &World, caller: &Caller, application: &Application) -> Vec<Value> {
    let may_read = caller
        .roles
        .iter()
        .any(|role| READ_USERS.contains(&role.as_str()));
    application
        .owners
        .iter()
        .filter_map(|key| {
            let person = world.scenario.people.get(key)?;
            let seen = |text: &str| may_read.then(|| text.to_owned());
            Some(json!({
                "@odata.type": "#microsoft.graph.user",
                "id": names::guid("person", key),
                "businessPhones": [],
                "displayName": seen(&person.name),
                "givenName": null,
                "jobTitle": null,
                "mail": seen(&person.mail),
                "mobilePhone": null,
                "officeLocation": null,
                "preferredLanguage": null,
                "surname": null,
                "userPrincipalName": seen(&person.mail),
            }))
        })
        .collect()
}
