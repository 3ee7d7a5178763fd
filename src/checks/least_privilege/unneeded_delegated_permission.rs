//! Does a registration that signs in as itself request to act for people?

use crate::checks::prelude::*;
use crate::facts::privilege::powerful::is_powerful_delegated;

pub(crate) struct UnneededDelegatedPermission;

impl Check for UnneededDelegatedPermission {
    const META: CheckMeta = CheckMeta {
        id: "unneeded-delegated-permission",
        title: "A registration that signs in as itself has a delegated permission that it does not need",
        severity: Severity::Info,
        family: super::FAMILY,
        rationale: "The guides disagree. One setup guide for Dataverse adds `user_impersonation` of Dynamics CRM and consents to it; two others say that client credentials do not need it, and Microsoft's own page on server-to-server access does not mention it. A token that an application gets for itself never carries a delegated permission: the roles of its application user decide what it may do. The permission matters only if a person signs in through the registration, which then acts for that person. So this is information, not a defect. A powerful delegated permission that was granted is a defect: whoever signs in through the registration lends it that power (an administrator lends it the whole directory), and the integration itself has no use for it. It weighs high if it was granted for all users, medium if for one person.",
        remediation: "If nobody signs in through this registration, remove the delegated permission of client id CLIENT-ID in the Entra admin centre, under App registrations > API permissions and under Enterprise applications > Permissions. Then check that the integration still works; nothing else should change.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Graph application", "Graph delegated grants"],
        explains: &[],
    };

    const WORST: Severity = Severity::High;

    const PAGE: Option<Page> = Some(Page::Permissions);

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
            if let Some((severity, scope, named)) = powerful {
                found.extend(named);
                return Ok(Outcome::Fail(
                    Failure::new(format!(
                        "The registration {}. Whoever signs in through it lends it that power; it signs in with its own credential and does not need it",
                        listed(&found)
                    ))
                    .what(match severity {
                        Severity::High => format!("has delegated {scope} for all users"),
                        _ => format!("has delegated {scope} for one person"),
                    })
                    .at(severity),
                ));
            }
            if !found.is_empty() {
                return Ok(failed(format!(
                    "The registration {}; it signs in with its own credential and does not need it",
                    listed(&found)
                ))
                .what(format!("does not need delegated permission {SCOPE}")));
            }
            match (asked.stop, granted.stop) {
                (Some(Stop::Gap(gap)), _) | (_, Some(Stop::Gap(gap))) => Err(gap.into()),
                (Some(stop), Some(_)) => Err(stop),
                _ => Ok(Outcome::Pass),
            }
        })
    }
}

/// What the worst of the powerful grants weighs, its scope, and all of them in words.
fn powerful<'a>(case: &Case<'a>) -> Option<(Severity, &'a str, Vec<String>)> {
    let grants = &case.service_principal().ok()?.delegated.items;
    let powerful = grants
        .iter()
        .filter(|grant| is_powerful_delegated(&grant.scope));
    let (mut worst, mut named) = (None, Vec::new());
    for grant in powerful {
        let severity = if grant.for_everybody {
            Severity::High
        } else {
            Severity::Medium
        };
        if worst.is_none_or(|(known, _)| severity > known) {
            worst = Some((severity, grant.scope.as_str()));
        }
        named.push(was_granted(grant));
    }
    let (severity, scope) = worst?;
    Some((severity, scope, named))
}

fn was_granted(grant: &DelegatedGrant) -> String {
    let resource = grant.resource.as_deref().unwrap_or("an API");
    let whom = if grant.for_everybody {
        "all users"
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
                side.found.push(format!("requests {resource}/{SCOPE}"));
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
