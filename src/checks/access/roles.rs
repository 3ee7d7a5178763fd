//! Which security role advice is about, and how an application user gets it.

use crate::checks::prelude::*;

fn declared<'a>(case: &Case<'a>) -> &'a [String] {
    let expected = case.registration.dataverse.as_ref();
    expected
        .and_then(|expected| expected.roles.as_deref())
        .unwrap_or_default()
}

/// The integration's own role, and where to change it.
pub(super) fn held_role(case: &Case<'_>) -> String {
    let role = match declared(case) {
        [] => "the integration's own security role".to_owned(),
        [role] => format!("security role {role}"),
        several => format!("one of the security roles {}", several.join(", ")),
    };
    format!(
        "{role} (Power Platform admin centre > Environments > ENVIRONMENT-URL > Settings > Users + permissions > Security roles)"
    )
}

/// Where an application user gets its roles.
pub(super) const ASSIGNED: &str = "Power Platform admin centre > Environments > ENVIRONMENT-URL > Settings > Users + permissions > Application users, client id CLIENT-ID";

/// The commands that assign the roles which the estate declares.
pub(super) fn assignments(case: &Case<'_>) -> Vec<Fix> {
    let roles = declared(case).iter();
    roles.map(|role| fixes::assign(role)).collect()
}
