//! Does the registration request an application permission that nobody granted?

use crate::checks::prelude::*;

pub(crate) struct RequestedPermissionNotGranted;

impl Check for RequestedPermissionNotGranted {
    const META: CheckMeta = CheckMeta {
        id: "requested-permission-not-granted",
        title: "A requested application permission was never granted",
        severity: Severity::Low,
        family: super::FAMILY,
        rationale: "Until somebody consents, every call that needs the permission is refused, although signing in works. And the next consent, whatever it is given for, grants everything that the registration requests at once, including what is no longer needed. A permission that the estate declares is reported as consent-missing instead.",
        remediation: "If the integration needs it, grant admin consent; if not, remove it: both on the API permissions page of app registration CLIENT-ID.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Graph application", "Graph service principal"],
        explains: &[],
    };

    const EFFECT: Effect = Effect::Access;

    const PAGE: Option<Page> = Some(Page::Permissions);

    type Params = NoParams;

    fn fixes() -> Vec<Fix> {
        vec![fixes::consent()]
    }

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_part(|case, found| {
            case.service_principal()?;
            let required = case.application()?.required.get()?.iter();
            for one in required.filter(|one| one.kind == PermissionKind::Application) {
                let part = Part::Permission(permission_name(one));
                found.push(case.on(part, is_granted(case, one)));
            }
            Err(not_applicable(
                "the registration requests no application permission",
            ))
        })
    }
}

/// `Dynamics ERP/Connector.FullAccess`; ids where the names could not be read.
fn permission_name(asked: &RequiredPermission) -> String {
    let resource = asked.resource.known().unwrap_or(&asked.resource_app_id);
    let role = asked.name.known().unwrap_or(&asked.id);
    format!("{resource}/{role}")
}

fn is_granted(case: &Case<'_>, asked: &RequiredPermission) -> Judged {
    let declared = is_declared(case, asked);
    if declared == Ok(true) {
        return Err(not_applicable(
            "the estate declares it: consent-missing says whether it is granted",
        ));
    }
    let granted = case.granted()?;
    let roles = granted.items.iter();
    let of_this_id = roles.filter(|one| same(&one.role_id, &asked.id));
    if any(of_this_id.map(|one| is_role_of(one, asked)))? {
        return Ok(Outcome::Pass);
    }
    granted.whole()?;
    declared?;
    let name = permission_name(asked);
    Ok(advised(
        format!(
            "The registration requests {name} as an application permission, but nobody granted it"
        ),
        "If the integration needs it, grant admin consent and declare it in the estate. If not, remove the request: API permissions page of app registration CLIENT-ID",
    )
    .what(format!("requests {name}, which was never granted"))
    .fixes([
        fixes::consent(),
        fixes::withdraw_request(&asked.resource_app_id, &asked.id),
    ]))
}

/// Whether the estate declares what is asked for.
fn is_declared(case: &Case<'_>, asked: &RequiredPermission) -> Result<bool, Gap> {
    let declared = case.declared_permissions().unwrap_or_default();
    any(declared.iter().map(|one| case.is_asked_as(one, asked)))
}

/// Whether a granted role, which has the same id, is one of the same API: two of them may well name a role
/// by one id, where one was copied from the other.
fn is_role_of(granted: &GrantedRole, asked: &RequiredPermission) -> Result<bool, Gap> {
    match (&granted.resource_app_id, asked.resource.get()) {
        (Some(id), _) => Ok(same(id, &asked.resource_app_id)),
        (None, Ok(name)) if !name.eq_ignore_ascii_case(&granted.resource) => Ok(false),
        (None, _) => Err(Gap::new(
            GapKind::Unrecognised,
            format!(
                "a role of {} with this id is granted, and whether that is the requested API is not known: its application id was not read",
                granted.resource
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::model::Listing;

    const DECLARED: &str = "Dynamics ERP/Connector.FullAccess";

    fn ask(snapshot: &mut Snapshot) {
        let kind = PermissionKind::Application;
        ask_for(snapshot, kind, "Dynamics ERP", "Connector.FullAccess");
    }

    fn asked(snapshot: &mut Snapshot) -> &mut RequiredPermission {
        ask(snapshot);
        match &mut application(snapshot).required {
            crate::model::Observed::Known(required) => required.last_mut().unwrap(),
            other => panic!("{other:?}"),
        }
    }

    fn grant(snapshot: &mut Snapshot) -> &mut GrantedRole {
        grant_role(snapshot, "Dynamics ERP", "Connector.FullAccess");
        principal(snapshot).granted.items.last_mut().unwrap()
    }

    #[test]
    fn what_is_asked_for_has_to_be_granted() {
        assert_fail::<RequestedPermissionNotGranted>(ask);
        assert_fail::<RequestedPermissionNotGranted>(|snapshot| {
            ask(snapshot);
            declare(snapshot, &["Microsoft Graph/User.Read.All"]);
        });
        // A role of another API that has the same id.
        assert_fail::<RequestedPermissionNotGranted>(|snapshot| {
            ask(snapshot);
            grant(snapshot).resource_app_id = Some("id of another API".to_owned());
        });
        assert_fail::<RequestedPermissionNotGranted>(|snapshot| {
            ask(snapshot);
            let granted = grant(snapshot);
            granted.resource_app_id = None;
            granted.resource = "Another API".to_owned();
        });
        // Nobody tells what it is called; that nobody granted it is known all the same.
        assert_fail::<RequestedPermissionNotGranted>(|snapshot| asked(snapshot).name = gap());
        assert_pass::<RequestedPermissionNotGranted>(|snapshot| {
            ask(snapshot);
            grant(snapshot);
            principal(snapshot).granted.gap = Some(a_gap());
        });
    }

    #[test]
    fn what_the_estate_declares_and_what_acts_for_people_is_not_asked_here() {
        assert_not_applicable::<RequestedPermissionNotGranted>(|_| {});
        assert_not_applicable::<RequestedPermissionNotGranted>(|snapshot| {
            ask(snapshot);
            declare(snapshot, &[DECLARED]);
        });
        assert_not_applicable::<RequestedPermissionNotGranted>(|snapshot| {
            let kind = PermissionKind::Delegated;
            ask_for(snapshot, kind, "Dynamics CRM", "user_impersonation");
        });
        assert_not_applicable::<RequestedPermissionNotGranted>(|snapshot| {
            ask(snapshot);
            raia(snapshot).service_principal = known(Presence::Absent);
        });
    }

    #[test]
    fn what_was_not_read_is_unknown() {
        let spoils: [fn(&mut Snapshot); 6] = [
            |snapshot| {
                ask(snapshot);
                raia(snapshot).service_principal = gap();
            },
            |snapshot| application(snapshot).required = gap(),
            |snapshot| {
                ask(snapshot);
                principal(snapshot).granted = Listing::cut_short(Vec::new(), a_gap());
            },
            |snapshot| {
                ask(snapshot);
                grant(snapshot).resource_app_id = None;
            },
            // It may be the one that the estate declares, which is told apart.
            |snapshot| {
                asked(snapshot).name = gap();
                declare(snapshot, &[DECLARED]);
            },
            |snapshot| {
                asked(snapshot).resource = gap();
                declare(snapshot, &["Our API/Tasks.Run"]);
            },
        ];
        for spoil in spoils {
            assert_unknown::<RequestedPermissionNotGranted>(spoil);
        }
    }
}
