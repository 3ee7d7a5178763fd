//! Does the application have a permission that gives it more than an integration needs?

use crate::checks::prelude::*;
use crate::facts::privilege::powerful::reason;

pub(crate) struct PowerfulApplicationPermission;

impl Check for PowerfulApplicationPermission {
    const META: CheckMeta = CheckMeta {
        id: "powerful-application-permission",
        title: "A powerful application permission is granted",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "An integration with Dynamics 365 gets its access from its application user or its row among the F&O clients, and needs next to nothing of Microsoft Graph. With a permission such as Directory.ReadWrite.All, its leaked credential exposes the whole tenant. A permission that the estate declares weighs less: somebody decided on it. Connector.FullAccess of Dynamics ERP counts only if the estate does not declare it.",
        remediation: "Remove the permission of client id CLIENT-ID in the Entra admin centre, under Enterprise applications > Permissions and under App registrations > API permissions. If it is needed, use a narrower one, or a separate registration for that task.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Graph service principal"],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::Permissions);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_part(|case, found| {
            let granted = case.granted()?;
            let mut unread = granted.gap.as_ref();
            for one in &granted.items {
                let role = match one.role.get() {
                    Ok(role) => role,
                    Err(gap) => {
                        unread = unread.or(Some(gap));
                        continue;
                    }
                };
                let declared = is_declared(case, one);
                if let Some(why) = reason(role, declared) {
                    found.push(case.on(part(one, role), Ok(in_words(one, role, why, declared))));
                }
            }
            unread.map_or(Ok(Outcome::Pass), |gap| Err(gap.into()))
        })
    }
}

/// `permission/Microsoft Graph/Mail.Send`.
pub(crate) fn part(granted: &GrantedRole, role: &str) -> Part {
    Part::Permission(format!("{}/{role}", granted.resource))
}

/// Whether the estate declares a granted permission, as far as names tell.
pub(crate) fn is_declared(case: &Case<'_>, granted: &GrantedRole) -> bool {
    case.declared_permissions().is_ok_and(|declared| {
        declared
            .iter()
            .any(|one| case.is_granted_as(one, granted) == Ok(true))
    })
}

fn in_words(granted: &GrantedRole, role: &str, why: &str, declared: bool) -> Outcome {
    let name = format!("{}/{role}", granted.resource);
    let seen = format!("{name} is granted: {why}");
    let failure = if declared {
        Failure::new(format!("{seen}; the estate declares it")).at(Severity::Medium)
    } else {
        Failure::new(seen)
    };
    let remedy = format!(
        "{}. If it is needed, use a narrower permission, or a separate registration for that task.",
        withdrawal(&name)
    );
    Outcome::Fail(
        failure
            .remedy(remedy)
            .what(format!("has powerful permission {name}"))
            .fixes(withdrawn(granted)),
    )
}

/// Both places that a granted permission has to leave.
pub(crate) fn withdrawal(name: &str) -> String {
    format!(
        "Remove {name} in the Entra admin centre, under Enterprise applications > client id CLIENT-ID > Permissions and under App registrations > CLIENT-ID > API permissions"
    )
}

/// The command that removes the request: what is granted has to go in the portal.
pub(crate) fn withdrawn(granted: &GrantedRole) -> Option<Fix> {
    let api = granted.resource_app_id.as_deref()?;
    Some(fixes::withdraw_request(api, &granted.role_id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn a_powerful_one_fails_and_weighs_less_where_it_is_declared() {
        assert_pass::<PowerfulApplicationPermission>(|_| {});
        assert_pass::<PowerfulApplicationPermission>(|snapshot| {
            grant_role(snapshot, "Microsoft Graph", "User.Read.All");
        });
        assert_fail::<PowerfulApplicationPermission>(|snapshot| {
            grant_role(snapshot, "Microsoft Graph", "Directory.ReadWrite.All");
            principal(snapshot).granted.gap = Some(a_gap());
        });
        let outcome = judge_raia::<PowerfulApplicationPermission>(|snapshot| {
            grant_role(snapshot, "Microsoft Graph", "Mail.Send");
            declare(
                snapshot,
                &["00000003-0000-0000-c000-000000000000/Mail.Send"],
            );
        });
        let Outcome::Fail(failure) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(failure.severity, Some(Severity::Medium));
    }

    #[test]
    fn a_connector_may_be_declared() {
        let connector = |snapshot: &mut crate::evidence::Snapshot| {
            grant_role(snapshot, "Dynamics ERP", "Connector.FullAccess");
        };
        assert_fail::<PowerfulApplicationPermission>(connector);
        assert_pass::<PowerfulApplicationPermission>(|snapshot| {
            connector(snapshot);
            declare(snapshot, &["Dynamics ERP/Connector.FullAccess"]);
        });
    }

    #[test]
    fn a_role_without_a_name_may_be_any() {
        assert_unknown::<PowerfulApplicationPermission>(|snapshot| {
            grant_role(snapshot, "Microsoft Graph", "User.Read.All");
            principal(snapshot).granted.items[0].role = gap();
        });
        assert_unknown::<PowerfulApplicationPermission>(|snapshot| {
            principal(snapshot).granted.gap = Some(a_gap());
        });
        assert_unknown::<PowerfulApplicationPermission>(|snapshot| {
            raia(snapshot).service_principal = gap();
        });
        assert_not_applicable::<PowerfulApplicationPermission>(|snapshot| {
            raia(snapshot).service_principal = known(Presence::Absent);
        });
    }
}
