//! Is an application permission granted that the estate does not declare?

use super::powerful_application_permission::{part, withdrawal, withdrawn};
use crate::checks::prelude::*;
use crate::facts::privilege::powerful::reason;

/// The role of an assignment to an API that asks for one and defines none: it permits nothing but to get a
/// token, so nobody can declare it (Graph `appRoleAssignment`).
const DEFAULT_ACCESS: &str = "00000000-0000-0000-0000-000000000000";

pub(crate) struct UnexpectedPermission;

impl Check for UnexpectedPermission {
    const META: CheckMeta = CheckMeta {
        id: "unexpected-permission",
        title: "An application permission is granted that the estate does not declare",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "Consent outlives the reason that it was given for. This is checked only if the estate has `permissions`: then exactly these are expected. Powerful permissions are reported as powerful-application-permission, declared or not.",
        remediation: "Remove the permission of client id CLIENT-ID in the Entra admin centre, under Enterprise applications > Permissions and under App registrations > API permissions, or declare it in the estate if the integration needs it.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Graph service principal"],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::Permissions);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_part(|case, found| {
            let declared = case.declared_permissions()?;
            let granted = case.granted()?;
            let mut unread = granted.gap.clone();
            let roles = granted
                .items
                .iter()
                .filter(|one| !same(&one.role_id, DEFAULT_ACCESS));
            for one in roles {
                let role = match one.role.get() {
                    Ok(role) => role,
                    Err(gap) => {
                        unread = unread.or_else(|| Some(gap.clone()));
                        continue;
                    }
                };
                let mut compared = declared.iter().map(|it| case.is_granted_as(it, one));
                if compared.clone().any(|same| same == Ok(true)) || reason(role, false).is_some() {
                    continue;
                }
                if let Some(Err(gap)) = compared.find(Result::is_err) {
                    unread = unread.or(Some(gap));
                    continue;
                }
                let name = format!("{}/{role}", one.resource);
                let outcome = advised(
                    format!("{name} is granted; the estate does not declare it"),
                    format!(
                        "{}; or declare it in the estate if the integration needs it",
                        withdrawal(&name)
                    ),
                )
                .what(format!("has undeclared permission {name}"))
                .fixes(withdrawn(one));
                found.push(case.on(part(one, role), Ok(outcome)));
            }
            unread.map_or(Ok(Outcome::Pass), |gap| Err(gap.into()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    fn one_granted(snapshot: &mut Snapshot) {
        declare(snapshot, &["Microsoft Graph/User.Read.All"]);
        grant_role(snapshot, "Microsoft Graph", "User.Read.All");
    }

    #[test]
    fn exactly_the_declared_ones_are_meant() {
        assert_pass::<UnexpectedPermission>(one_granted);
        assert_fail::<UnexpectedPermission>(|snapshot| {
            one_granted(snapshot);
            grant_role(snapshot, "Microsoft Graph", "Group.Read.All");
        });
        assert_fail::<UnexpectedPermission>(|snapshot| {
            one_granted(snapshot);
            grant_role(snapshot, "Another API", "User.Read.All");
        });
        assert_not_applicable::<UnexpectedPermission>(|snapshot| {
            one_granted(snapshot);
            snapshot.estate.registrations[0].permissions = None;
        });
        assert_pass::<UnexpectedPermission>(|snapshot| {
            declare(snapshot, &[]);
            grant_role(snapshot, "Another API", "default access");
            principal(snapshot).granted.items[0].role_id = DEFAULT_ACCESS.to_owned();
        });
        // Said by powerful-application-permission.
        assert_pass::<UnexpectedPermission>(|snapshot| {
            one_granted(snapshot);
            grant_role(snapshot, "Microsoft Graph", "Mail.Send");
        });
    }

    #[test]
    fn what_was_not_read_may_be_anything() {
        assert_unknown::<UnexpectedPermission>(|snapshot| {
            one_granted(snapshot);
            principal(snapshot).granted.gap = Some(a_gap());
        });
        assert_unknown::<UnexpectedPermission>(|snapshot| {
            one_granted(snapshot);
            principal(snapshot).granted.items[0].role = gap();
        });
    }
}
