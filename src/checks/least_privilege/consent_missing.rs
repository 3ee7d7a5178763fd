//! Is every declared application permission granted?

use crate::checks::prelude::*;
use crate::estate::Permission;
use crate::facts::privilege::permissions::is_of;

pub(crate) struct ConsentMissing;

impl Check for ConsentMissing {
    const META: CheckMeta = CheckMeta {
        id: "consent-missing",
        title: "A declared application permission is not granted",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "A registration only requests permissions; it has those that an administrator consented to. Without consent its calls to that API are refused at run time, although signing in works.",
        remediation: "Grant admin consent on the API permissions page of app registration CLIENT-ID (it grants everything that the registration requests), or remove the permission from the estate.",
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
            for one in case.declared_permissions()? {
                let part = Part::Permission(one.to_string());
                found.push(case.on(part, is_granted(case, one)));
            }
            Err(not_applicable("the estate declares none"))
        })
    }
}

fn is_granted(case: &Case<'_>, declared: &Permission) -> Judged {
    let granted = case.granted()?;
    let answers = granted.items.iter();
    if any(answers.map(|one| case.is_granted_as(declared, one)))? {
        return Ok(Outcome::Pass);
    }
    granted.whole()?;
    Ok(in_words(case, declared))
}

/// Where the permissions of a registration are.
const PAGE: &str =
    "the API permissions page of app registration CLIENT-ID in the Entra admin centre";

/// Which of the two steps was missed, as far as the registration could be read.
fn in_words(case: &Case<'_>, declared: &Permission) -> Outcome {
    let missing = format!("The estate declares {declared}, which is not granted");
    let required = case
        .application()
        .ok()
        .and_then(|application| application.required.known());
    let Some(required) = required else {
        return advised(
            format!("{missing}; whether the registration requests it could not be read"),
            format!(
                "Check {PAGE}: add the permission if it is not there, then grant admin consent"
            ),
        )
        .what(format!("has no admin consent for {declared}"));
    };
    let asks = |kind: PermissionKind| {
        required.iter().any(|one| {
            one.kind == kind && is_of(case, declared, one) && is_called(one, &declared.role)
        })
    };
    if asks(PermissionKind::Application) {
        return advised(
            format!("{missing}: the registration requests it, but nobody consented"),
            format!("Grant admin consent on {PAGE}. This grants everything that the registration requests"),
        )
        .what(format!("has no admin consent for {declared}"))
        .fixes([fixes::consent()]);
    }
    if asks(PermissionKind::Delegated) {
        return advised(
            format!(
                "{missing}: the registration requests it as a delegated permission, which only counts when a person signs in"
            ),
            format!("Add it as an application permission on {PAGE}, then grant admin consent"),
        )
        .what(format!("requests {declared} only as a delegated permission"));
    }
    let unnamed = required
        .iter()
        .any(|one| one.kind == PermissionKind::Application && one.name.known().is_none());
    let said = if unnamed {
        "it is none of the requested permissions whose names could be read"
    } else {
        "the registration does not request it"
    };
    advised(
        format!("{missing}: {said}"),
        format!("Add it as an application permission on {PAGE}, then grant admin consent; if the API has no such permission, correct the estate"),
    )
    .what(format!("does not request {declared}, which it needs"))
}

fn is_called(asked: &RequiredPermission, role: &str) -> bool {
    asked
        .name
        .known()
        .is_some_and(|name| name.eq_ignore_ascii_case(role))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::model::Listing;

    const DECLARED: &str = "Dynamics ERP/Connector.FullAccess";

    fn granted(snapshot: &mut Snapshot) {
        declare(snapshot, &[DECLARED]);
        grant_role(snapshot, "Dynamics ERP", "Connector.FullAccess");
    }

    #[test]
    fn a_declared_one_has_to_be_granted() {
        assert_pass::<ConsentMissing>(granted);
        assert_pass::<ConsentMissing>(|snapshot| {
            granted(snapshot);
            let id = "00000015-0000-0000-c000-000000000000/connector.fullaccess";
            declare(snapshot, &[id]);
        });
        assert_fail::<ConsentMissing>(|snapshot| declare(snapshot, &[DECLARED]));
        assert_fail::<ConsentMissing>(|snapshot| {
            granted(snapshot);
            principal(snapshot).granted.items[0].resource = "Another API".to_owned();
            principal(snapshot).granted.items[0].resource_app_id = None;
        });
        // An API of one's own under a known name.
        assert_fail::<ConsentMissing>(|snapshot| {
            granted(snapshot);
            let id = "0c0c0c0c-1111-4222-8333-444444444444".to_owned();
            principal(snapshot).granted.items[0].resource_app_id = Some(id);
        });
        // And a known one under a name of somebody's choice.
        assert_pass::<ConsentMissing>(|snapshot| {
            granted(snapshot);
            principal(snapshot).granted.items[0].resource = "ERP".to_owned();
        });
        assert_not_applicable::<ConsentMissing>(|_| {});
        assert_not_applicable::<ConsentMissing>(|snapshot| declare(snapshot, &[]));
        assert_not_applicable::<ConsentMissing>(|snapshot| {
            declare(snapshot, &[DECLARED]);
            raia(snapshot).service_principal = known(Presence::Absent);
        });
    }

    #[test]
    fn the_words_tell_which_step_was_missed() {
        let said = |kind: Option<PermissionKind>| {
            let outcome = judge_raia::<ConsentMissing>(|snapshot| {
                declare(snapshot, &[DECLARED]);
                if let Some(kind) = kind {
                    ask_for(snapshot, kind, "Dynamics ERP", "Connector.FullAccess");
                }
            });
            match outcome {
                Outcome::Fail(failure) => failure.seen,
                other => panic!("{other:?}"),
            }
        };
        assert!(said(None).contains("does not request it"));
        assert!(said(Some(PermissionKind::Application)).contains("nobody consented"));
        assert!(said(Some(PermissionKind::Delegated)).contains("as a delegated permission"));
    }

    #[test]
    fn what_was_not_read_is_unknown() {
        let spoils: [fn(&mut Snapshot); 5] = [
            |snapshot| principal(snapshot).granted.items[0].resource_app_id = None,
            |snapshot| raia(snapshot).service_principal = gap(),
            |snapshot| principal(snapshot).granted = Listing::cut_short(Vec::new(), a_gap()),
            |snapshot| principal(snapshot).granted.items[0].role = gap(),
            // An API by an id that nothing names, and a role of that value.
            |snapshot| {
                principal(snapshot).granted.items[0].resource = "An API".to_owned();
                principal(snapshot).granted.items[0].resource_app_id = None;
                declare(
                    snapshot,
                    &["11111111-2222-4333-8444-555555555555/Connector.FullAccess"],
                )
            },
        ];
        for spoil in spoils {
            assert_unknown::<ConsentMissing>(|snapshot| {
                granted(snapshot);
                spoil(snapshot);
            });
        }
        assert_fail::<ConsentMissing>(|snapshot| {
            declare(snapshot, &[DECLARED]);
            application(snapshot).required = gap();
        });
    }
}
