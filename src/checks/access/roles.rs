//! Which security role advice is about, and how an application user gets it.

use crate::checks::prelude::*;
use crate::model::command::role_word;

fn declared<'a>(case: &Case<'a>) -> &'a [String] {
    let expected = case.registration.dataverse.as_ref();
    expected
        .and_then(|expected| expected.roles.as_deref())
        .unwrap_or_default()
}

/// The integration's own role, and where to change it.
pub(super) fn own(case: &Case<'_>) -> String {
    let role = match declared(case) {
        [] => "the integration's own security role".to_owned(),
        [role] => format!("security role {role}"),
        several => format!("one of the security roles {}", several.join(", ")),
    };
    format!(
        "{role} (Power Platform admin centre > Environments > ENVIRONMENT-URL > Settings > Users + permissions > Security roles)"
    )
}

/// Where an application user gets its roles, with the commands where the estate names them.
pub(super) fn assigned(case: &Case<'_>) -> String {
    let commands: Vec<String> = declared(case)
        .iter()
        .filter(|role| !role.contains('`'))
        .map(|role| {
            format!(
                "`pac admin assign-user --environment ENVIRONMENT-URL --user CLIENT-ID --role {} --application-user`",
                role_word(role)
            )
        })
        .collect();
    let portal = "Power Platform admin centre > Environments > ENVIRONMENT-URL > Settings > Users + permissions > Application users, client id CLIENT-ID";
    match commands.as_slice() {
        [] => portal.to_owned(),
        commands => format!("{portal}, or {}", commands.join(" and ")),
    }
}
