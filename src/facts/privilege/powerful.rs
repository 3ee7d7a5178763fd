//! Application permissions that are powerful, with the reason for each.
//!
//! Read November 2026 in the Microsoft Graph permissions reference and the Exchange, SharePoint and
//! Dynamics 365 Finance & Operations documentation. Matched by value alone, whatever API offers it: an
//! API of one's own that borrows such a name is looked at once too often rather than never.

/// Role value, and what it opens.
const POWERFUL: &[(&str, &str)] = &[
    (
        "AppRoleAssignment.ReadWrite.All",
        "it can grant itself any other permission",
    ),
    (
        "Application.ReadWrite.All",
        "it can add a credential to any application and sign in as it",
    ),
    (
        "Application.ReadWrite.OwnedBy",
        "it can add credentials to every application it owns",
    ),
    (
        "Calendars.ReadWrite",
        "it can change every mailbox's calendar",
    ),
    (
        "DelegatedPermissionGrant.ReadWrite.All",
        "it can consent to any delegated permission for everybody",
    ),
    (
        "DeviceManagementConfiguration.ReadWrite.All",
        "it can push scripts and settings to every managed device",
    ),
    (
        "Directory.ReadWrite.All",
        "it can change users, groups and applications of the whole tenant",
    ),
    (
        "Domain.ReadWrite.All",
        "it can federate a domain and sign in as anybody in it",
    ),
    ("Exchange.ManageAsApp", "it can administer Exchange Online"),
    ("Files.Read.All", "it can read every file of the tenant"),
    (
        "Files.ReadWrite.All",
        "it can change every file of the tenant",
    ),
    (
        "Group.ReadWrite.All",
        "it can join any group, and so get what groups are given",
    ),
    (
        "GroupMember.ReadWrite.All",
        "it can join any group, and so get what groups are given",
    ),
    ("Mail.Read", "it can read every mailbox"),
    ("Mail.ReadWrite", "it can read and change every mailbox"),
    (
        "Mail.Send",
        "it can send mail as anybody, unless it is confined to some mailboxes",
    ),
    (
        "Policy.ReadWrite.ConditionalAccess",
        "it can switch Conditional Access off",
    ),
    (
        "Policy.ReadWrite.PermissionGrant",
        "it can let anybody consent to anything",
    ),
    (
        "PrivilegedAccess.ReadWrite.AzureAD",
        "it can make anybody eligible for a directory role",
    ),
    (
        "PrivilegedAccess.ReadWrite.AzureADGroup",
        "it can make anybody an eligible member of a privileged group",
    ),
    (
        "RoleAssignmentSchedule.ReadWrite.Directory",
        "it can make itself a global administrator for a time",
    ),
    (
        "RoleManagement.ReadWrite.Directory",
        "it can make itself a global administrator",
    ),
    (
        "Sites.FullControl.All",
        "it has every SharePoint site, settings and rights among it",
    ),
    ("Sites.Manage.All", "it can change every SharePoint site"),
    (
        "Sites.ReadWrite.All",
        "it can change every SharePoint site's content",
    ),
    ("User.ReadWrite.All", "it can change every user"),
    (
        "UserAuthenticationMethod.ReadWrite.All",
        "it can set up a way to sign in as anybody",
    ),
    (
        "full_access_as_app",
        "it has every mailbox, by Exchange Web Services",
    ),
];

/// Delegated permissions that are powerful: with the rights of whoever signs in, so what an administrator
/// lends.
const DELEGATED: &[&str] = &[
    "AppRoleAssignment.ReadWrite.All",
    "Application.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "DeviceManagementConfiguration.ReadWrite.All",
    "Directory.AccessAsUser.All",
    "Directory.ReadWrite.All",
    "Domain.ReadWrite.All",
    "Files.ReadWrite.All",
    "Group.ReadWrite.All",
    "GroupMember.ReadWrite.All",
    "Mail.ReadWrite",
    "Mail.Send",
    "Policy.ReadWrite.ConditionalAccess",
    "Policy.ReadWrite.PermissionGrant",
    "PrivilegedAccess.ReadWrite.AzureAD",
    "PrivilegedAccess.ReadWrite.AzureADGroup",
    "RoleAssignmentSchedule.ReadWrite.Directory",
    "RoleManagement.ReadWrite.Directory",
    "Sites.FullControl.All",
    "User.ReadWrite.All",
    "UserAuthenticationMethod.ReadWrite.All",
];

/// Whether a delegated permission is powerful.
pub(crate) fn is_powerful_delegated(scope: &str) -> bool {
    DELEGATED
        .iter()
        .any(|known| known.eq_ignore_ascii_case(scope))
}

/// Powerful only where nobody declared it: an integration can be meant to have it.
const WHERE_UNDECLARED: &[(&str, &str)] = &[(
    "Connector.FullAccess",
    "it opens Finance & Operations to connectors, and the client's row there is what an integration needs",
)];

/// Why such a role is powerful.
pub(crate) fn reason(role: &str, declared: bool) -> Option<&'static str> {
    let among = |list: &[(&str, &'static str)]| {
        list.iter()
            .find(|(value, _)| value.eq_ignore_ascii_case(role))
            .map(|(_, reason)| *reason)
    };
    let only_undeclared = || (!declared).then(|| among(WHERE_UNDECLARED)).flatten();
    among(POWERFUL).or_else(only_undeclared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_says_why() {
        assert!(POWERFUL.is_sorted());
        assert!(DELEGATED.is_sorted());
        for (role, why) in POWERFUL.iter().chain(WHERE_UNDECLARED) {
            assert!(why.starts_with("it "), "{role}: {why}");
        }
    }

    #[test]
    fn a_connector_is_powerful_only_where_nobody_declared_it() {
        assert!(reason("connector.fullaccess", false).is_some());
        assert!(reason("Connector.FullAccess", true).is_none());
        assert!(reason("Directory.ReadWrite.All", true).is_some());
        assert!(reason("User.Read.All", false).is_none());
    }
}
