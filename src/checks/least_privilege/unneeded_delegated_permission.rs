//! Does a registration that signs in by itself ask to act for people?

use crate::checks::prelude::*;
use crate::facts::privilege::powerful::is_powerful_delegated;

pub(crate) struct UnneededDelegatedPermission;

impl Check for UnneededDelegatedPermission {
    const META: CheckMeta = CheckMeta {
        id: "unneeded-delegated-permission",
        title: "A registration that signs in by itself holds a delegated permission that it does not need",
        severity: Severity::Info,
        family: super::FAMILY,
        rationale: "The guides disagree. One setup guide for Dataverse has `user_impersonation` of Dynamics CRM added and consented to; two others say that client credentials do not need it, and Microsoft's own page on server-to-server access does not name it. A token that an application gets for itself never carries a delegated permission: what it may do is decided by its application user's roles. The permission matters only where a person signs in through the registration, and then it is acting for that person. So this is information, not a defect. A powerful delegated permission that was granted is one: whoever signs in through the registration lends it that power, an administrator the whole directory, and the integration itself has no use for it. It weighs high where it was granted for everybody, medium for one person.",
        remediation: "If nobody signs in through this registration, remove the delegated permission under API permissions and under Enterprise applications > Permissions, and look that the integration still works: nothing else changes.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Graph application", "Graph delegated grants"],
        explains: &[],
    };

    const WORST: Severity = Severity::High;

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            let (asked, granted) = (asked(case), granted(case));
            let mut found: Vec<String> = [&asked, &granted]
                .into_iter()
                .flat_map(|side| &side.found)
                .cloned()
                .collect();
            found.dedup();
            let powerful = powerful(case);
            if let Some((severity, named)) = powerful {
                found.extend(named);
                return Ok(Outcome::Fail(
                    Failure::new(format!(
                        "The registration {}: whoever signs in through it lends it that power; it signs in with its own credential, which needs no such thing",
                        listed(&found)
                    ))
                    .at(severity),
                ));
            }
            if !found.is_empty() {
                return Ok(failed(format!(
                    "The registration {}; it signs in with its own credential, which needs no such thing",
                    listed(&found)
                )));
            }
            match (asked.stop, granted.stop) {
                (Some(Stop::Gap(gap)), _) | (_, Some(Stop::Gap(gap))) => Err(gap.into()),
                (Some(stop), Some(_)) => Err(stop),
                _ => Ok(Outcome::Pass),
            }
        })
    }
}

/// Powerful grants in words, and what the worst of them weighs.
fn powerful(case: &Case<'_>) -> Option<(Severity, Vec<String>)> {
    let grants = &case.service_principal().ok()?.delegated.items;
    let powerful = grants
        .iter()
        .filter(|grant| is_powerful_delegated(&grant.scope));
    let (mut severity, mut named) = (Severity::Medium, Vec::new());
    for grant in powerful {
        if grant.for_everybody {
            severity = Severity::High;
        }
        named.push(was_granted(grant));
    }
    (!named.is_empty()).then_some((severity, named))
}

fn was_granted(grant: &DelegatedGrant) -> String {
    let resource = grant.resource.as_deref().unwrap_or("an API");
    let whom = if grant.for_everybody {
        "everybody"
    } else {
        "one person"
    };
    format!("was granted {resource}/{} for {whom}", grant.scope)
}

const SCOPE: &str = "user_impersonation";

/// The id of that scope of Dynamics CRM, where its name could not be read.
const ID: &str = "78ce3f0f-a1ce-49c2-8cde-64b5c0896db4";

/// What one side shows, and why it may not be all.
struct Side {
    found: Vec<String>,
    stop: Option<Stop>,
}

fn none(stop: Stop) -> Side {
    Side {
        found: Vec::new(),
        stop: Some(stop),
    }
}

fn asked(case: &Case<'_>) -> Side {
    let required = match case.application().and_then(|it| Ok(it.required.get()?)) {
        Ok(required) => required,
        Err(stop) => return none(stop),
    };
    let mut side = Side {
        found: Vec::new(),
        stop: None,
    };
    for one in required {
        if one.kind != PermissionKind::Delegated {
            continue;
        }
        match is_impersonation(one) {
            Ok(true) => {
                let resource = one
                    .resource
                    .known()
                    .map_or(one.resource_app_id.as_str(), String::as_str);
                side.found.push(format!("asks for {resource}/{SCOPE}"));
            }
            Ok(false) => {}
            Err(gap) => side.stop = side.stop.or(Some(gap.into())),
        }
    }
    side
}

fn is_impersonation(one: &RequiredPermission) -> Result<bool, &Gap> {
    if same(&one.id, ID) {
        return Ok(true);
    }
    Ok(one.name.get()? == SCOPE)
}

fn granted(case: &Case<'_>) -> Side {
    let delegated = match case.service_principal() {
        Ok(principal) => &principal.delegated,
        Err(stop) => return none(stop),
    };
    Side {
        found: delegated
            .items
            .iter()
            .filter(|grant| grant.scope == SCOPE)
            .map(was_granted)
            .collect(),
        stop: delegated.gap.as_ref().map(Stop::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::model::Listing;

    #[test]
    fn asking_or_having_is_told() {
        assert_pass::<UnneededDelegatedPermission>(|_| {});
        assert_pass::<UnneededDelegatedPermission>(|snapshot| {
            ask_for(
                snapshot,
                PermissionKind::Delegated,
                "Dynamics ERP",
                "Odata.FullAccess",
            );
        });
        assert_fail::<UnneededDelegatedPermission>(|snapshot| {
            ask_for(snapshot, PermissionKind::Delegated, "Dynamics CRM", SCOPE);
            principal(snapshot).delegated.gap = Some(a_gap());
        });
        assert_fail::<UnneededDelegatedPermission>(|snapshot| {
            ask_for(snapshot, PermissionKind::Delegated, "Dynamics CRM", SCOPE);
            let asked = &mut application(snapshot).required;
            let crate::model::Observed::Known(asked) = asked else {
                panic!("known");
            };
            asked[0].name = gap();
            asked[0].id = ID.to_uppercase();
        });
        assert_fail::<UnneededDelegatedPermission>(|snapshot| {
            principal(snapshot).delegated = Listing::complete(vec![DelegatedGrant {
                resource_id: "crm".to_owned(),
                resource: None,
                scope: SCOPE.to_owned(),
                for_everybody: true,
            }]);
            application(snapshot).required = gap();
        });
    }

    #[test]
    fn a_powerful_grant_is_no_information() {
        let granted = |scope: &str, everybody: bool| {
            judge_raia::<UnneededDelegatedPermission>(|snapshot| {
                let grant = |scope: &str| DelegatedGrant {
                    resource_id: "graph".to_owned(),
                    resource: Some("Microsoft Graph".to_owned()),
                    scope: scope.to_owned(),
                    for_everybody: everybody,
                };
                let both = vec![grant(scope), grant(SCOPE)];
                principal(snapshot).delegated = Listing::cut_short(both, a_gap());
            })
        };
        for (scope, everybody, severity) in [
            ("Directory.AccessAsUser.All", true, Some(Severity::High)),
            ("directory.readwrite.all", false, Some(Severity::Medium)),
            ("User.Read", true, None),
        ] {
            let Outcome::Fail(failure) = granted(scope, everybody) else {
                panic!("{scope}");
            };
            assert_eq!(failure.severity, severity, "{scope}");
            assert_eq!(
                failure.seen.contains(scope),
                severity.is_some(),
                "{failure:?}"
            );
            assert!(failure.seen.contains(SCOPE), "{failure:?}");
        }
    }

    #[test]
    fn what_was_not_read_is_unknown() {
        assert_unknown::<UnneededDelegatedPermission>(|snapshot| {
            application(snapshot).required = gap();
        });
        assert_unknown::<UnneededDelegatedPermission>(|snapshot| {
            principal(snapshot).delegated.gap = Some(a_gap());
        });
        assert_not_applicable::<UnneededDelegatedPermission>(|snapshot| {
            raia(snapshot).application = known(Presence::Absent);
            raia(snapshot).service_principal = known(Presence::Absent);
            refuse_token(snapshot, "AADSTS700016");
        });
    }
}
