//! Security roles in the words of a finding, and where an administrator changes them.

use super::operation::listed;
use crate::facts::case::Case;
use crate::facts::prelude::*;

/// Where an administrator finds the application user.
pub(crate) const APPLICATION_USERS: &str = "Power Platform admin centre > Environments > ENVIRONMENT-URL > Settings > Users + permissions > Application users";

/// `Reader`, `Reader (through team Integrations)`.
pub(crate) fn with_team(name: &str, team: Option<&str>) -> String {
    team.map_or_else(
        || name.to_owned(),
        |team| format!("{name} (through team {team})"),
    )
}

/// How to take a role away: from the user, or from the team that gives it.
pub(crate) fn removal(name: &str, team: Option<&str>) -> String {
    match team {
        None => format!(
            "remove role {name} from application user CLIENT-ID ({APPLICATION_USERS} > Edit security roles)"
        ),
        Some(team) => format!(
            "remove role {name} from team {team} in ENVIRONMENT-URL (Settings > Users + permissions > Teams > Manage security roles), or take the application user out of that team"
        ),
    }
}

impl Case<'_> {
    /// The roles that may give a privilege, as advice names them.
    pub(crate) fn roles_to_narrow(&self) -> String {
        let roles = self.dataverse().map(|proof| proof.roles.items.as_slice());
        let names: BTreeSet<String> = roles
            .unwrap_or_default()
            .iter()
            .map(|role| with_team(&role.name, role.team.as_deref()))
            .collect();
        let names: Vec<String> = names.into_iter().collect();
        match names.as_slice() {
            [] => "the security roles of application user CLIENT-ID in ENVIRONMENT-URL".to_owned(),
            [one] => format!("security role {one} in ENVIRONMENT-URL"),
            several => format!(
                "whichever of these security roles in ENVIRONMENT-URL gives it: {}",
                listed(several)
            ),
        }
    }
}

/// `read`, `create, write and append to`.
pub(crate) fn verbs(operations: impl IntoIterator<Item = Operation>) -> String {
    let operations = operations.into_iter();
    let words: Vec<String> = operations
        .map(|one| one.as_str().replace('-', " "))
        .collect();
    listed(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_taken_from_whoever_gives_it() {
        assert!(removal("Reader", None).starts_with("remove role Reader from application user"));
        assert!(removal("Reader", Some("Owners")).contains("from team Owners"));
        assert_eq!(
            with_team("Reader", Some("Owners")),
            "Reader (through team Owners)"
        );
        assert_eq!(
            verbs([Operation::Write, Operation::AppendTo]),
            "write and append to"
        );
    }
}
