//! Does the tenant itself keep credentials from lasting too long?

use crate::checks::params::app_policy::{Bound, Dated, bound};
use crate::checks::params::max_days::MaxDays;
use crate::checks::prelude::*;

pub(crate) struct AppManagementPolicyMissing;

impl Check for AppManagementPolicyMissing {
    const META: CheckMeta = CheckMeta {
        id: "app-management-policy-missing",
        title: "The tenant does not limit how long credentials last",
        severity: Severity::Info,
        family: super::FAMILY,
        rationale: "An app management policy keeps everyone, scripts included, from creating credentials that last longer than the organisation allows. Without one every new credential depends on discipline.",
        remediation: "Enable the tenant's default app management policy (Entra admin centre > Enterprise applications > Application policies; Microsoft Graph: policies/defaultAppManagementPolicy) and set the maximum lifetime of passwords and of keys within the limits of credaudit's policy. Review each custom policy that raises them.",
        controls: controls::CREDENTIAL_LIFETIME,
        evidence: &["Graph app management policies"],
        explains: &[],
    };

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        context
            .snapshot
            .directories
            .iter()
            .flat_map(|(tenant, directory)| {
                let outcome = settled(tenant_wide(params, context, tenant, directory));
                let mut verdicts = vec![Verdict::on(Resource::tenant(tenant), outcome)];
                if let Some(rules) = directory.app_management.known() {
                    verdicts.extend(
                        context
                            .cases_in(tenant)
                            .filter_map(|case| single(params, &case, rules)),
                    );
                }
                verdicts
            })
            .collect()
    }
}

params! {
    /// The longest life that the tenant should allow.
    pub(crate) struct Params {
        /// Days from start to end that the tenant's policy should allow at most, by kind of credential.
        max_days: MaxDays = MaxDays::default(),
    }
}

/// The default policy. It passes only where no custom one could lift it unseen.
fn tenant_wide(
    params: &Params,
    context: &Context<'_>,
    tenant: &str,
    directory: &DirectoryEvidence,
) -> Judged {
    let rules = directory.app_management.get()?;
    let applications: Vec<Dated<'_>> = context
        .cases_in(tenant)
        .filter_map(|case| dated(&case))
        .collect();
    match bound(
        &params.max_days,
        &rules.default,
        &applications,
        context.as_of,
    ) {
        Bound::Lax(how) => {
            return Ok(failed(format!(
                "the default app management policy of tenant {tenant} {how}"
            ))
            .what("does not limit how long credentials last"));
        }
        Bound::Unknown(gap) => return Err(gap.into()),
        Bound::Fine => {}
    }
    let lifting = |custom: &&CustomAppPolicy| {
        let judged = bound(
            &params.max_days,
            &custom.policy,
            &applications,
            context.as_of,
        );
        !matches!(judged, Bound::Fine)
    };
    for custom in rules.custom.items.iter().filter(lifting) {
        custom.applies_to.whole()?;
    }
    rules.custom.whole()?;
    Ok(Outcome::Pass)
}

/// The custom policy of one registration; `None` where the default holds for it.
fn single(params: &Params, case: &Case<'_>, rules: &AppManagement) -> Option<Verdict> {
    let application = case
        .evidence
        .application
        .known()
        .and_then(Presence::present);
    let principal = case
        .evidence
        .service_principal
        .known()
        .and_then(Presence::present);
    let ids = [
        application.map(|one| one.object_id.as_str()),
        principal.map(|one| one.object_id.as_str()),
    ];
    let dated = dated(case);
    let mut verdict: Option<Outcome> = None;
    for custom in &rules.custom.items {
        if !ids
            .iter()
            .flatten()
            .any(|id| custom.applies_to.items.iter().any(|other| other == id))
        {
            continue;
        }
        let policy = bound(
            &params.max_days,
            &custom.policy,
            dated.as_slice(),
            case.context.as_of,
        );
        let outcome = match policy {
            Bound::Lax(how) => failed(format!(
                "the custom app management policy {}, which overrides the tenant's own for this registration, {how}",
                custom.name
            ))
            .what(format!(
                ": app management policy {} lifts the limit on lifetimes",
                custom.name
            )),
            Bound::Unknown(gap) => Outcome::Unknown(gap),
            Bound::Fine => Outcome::Pass,
        };
        // Graph allows one policy an application; should there be more, the worst of them counts.
        verdict = match (verdict, outcome) {
            (Some(failed @ Outcome::Fail(_)), _) => Some(failed),
            (Some(unknown @ Outcome::Unknown(_)), Outcome::Pass) => Some(unknown),
            (_, outcome) => Some(outcome),
        };
    }
    Some(Verdict::on_registration(case.name(), verdict?))
}

/// When the registration was made; `None` where there is none.
fn dated<'a>(case: &Case<'a>) -> Option<Dated<'a>> {
    let created = match case.evidence.application.get() {
        Ok(Presence::Present(application)) => Ok(application.created),
        Ok(Presence::Absent) => return None,
        Err(gap) => Err(gap.clone()),
    };
    Some(Dated {
        name: &case.registration.name,
        created,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::model::Listing;

    fn outcomes(spoil: impl FnOnce(&mut Snapshot)) -> Vec<(String, Outcome)> {
        judge_all::<AppManagementPolicyMissing>(spoil)
            .into_iter()
            .map(|verdict| (verdict.resource.to_string(), verdict.outcome))
            .collect()
    }

    fn of_tenant(spoil: impl FnOnce(&mut Snapshot)) -> Outcome {
        let mut outcomes = outcomes(spoil);
        assert_eq!(outcomes[0].0, "tenant/contoso");
        outcomes.swap_remove(0).1
    }

    fn custom(id: &str, policy: AppPolicy) -> CustomAppPolicy {
        CustomAppPolicy {
            id: "policy-1".to_owned(),
            name: "vendors".to_owned(),
            policy,
            applies_to: Listing::complete(vec![id.to_owned()]),
        }
    }

    fn off() -> AppPolicy {
        AppPolicy {
            enabled: false,
            restrictions: Vec::new(),
        }
    }

    #[test]
    fn the_default_policy_is_on_and_tight_enough() {
        assert!(matches!(of_tenant(|_| {}), Outcome::Pass));
        let off = of_tenant(|snapshot| app_management(snapshot).default = off());
        assert!(matches!(off, Outcome::Fail(_)), "{off:?}");
        let lax = of_tenant(|snapshot| {
            app_management(snapshot).default.restrictions[0].max_days = Some(181);
        });
        assert!(matches!(lax, Outcome::Fail(_)), "{lax:?}");
        let none = of_tenant(|snapshot| app_management(snapshot).default.restrictions.clear());
        assert!(matches!(none, Outcome::Fail(_)), "{none:?}");
        let refused = of_tenant(|snapshot| directory(snapshot).app_management = gap());
        assert!(matches!(refused, Outcome::Unknown(_)), "{refused:?}");
    }

    #[test]
    fn a_custom_policy_counts_for_the_application_it_is_for() {
        for id in ["application-1", "object-1"] {
            let found = outcomes(|snapshot| {
                app_management(snapshot).custom.items = vec![custom(id, off())];
            });
            let failing: Vec<&str> = found
                .iter()
                .filter(|(_, outcome)| matches!(outcome, Outcome::Fail(_)))
                .map(|(resource, _)| resource.as_str())
                .collect();
            assert_eq!(failing, ["registration/raia", "registration/raia-dev"]);
        }
        let found = outcomes(|snapshot| {
            let policy = app_management(snapshot).default.clone();
            app_management(snapshot).custom.items = vec![custom("application-1", policy)];
        });
        assert!(
            found
                .iter()
                .all(|(_, outcome)| matches!(outcome, Outcome::Pass)),
            "{found:?}"
        );
        let elsewhere = outcomes(|snapshot| {
            app_management(snapshot).custom.items = vec![custom("application-9", off())];
        });
        assert_eq!(elsewhere.len(), 1);
    }

    #[test]
    fn custom_policies_that_were_not_read_leave_it_open() {
        let open = of_tenant(|snapshot| {
            app_management(snapshot).custom = Listing::cut_short(Vec::new(), a_gap());
        });
        assert!(matches!(open, Outcome::Unknown(_)), "{open:?}");
        let open = of_tenant(|snapshot| {
            let mut policy = custom("application-9", off());
            policy.applies_to = Listing::cut_short(Vec::new(), a_gap());
            app_management(snapshot).custom.items = vec![policy];
        });
        assert!(matches!(open, Outcome::Unknown(_)), "{open:?}");
    }

    #[test]
    fn a_rule_for_newer_applications_does_not_bind_older_ones() {
        let after = |date| {
            of_tenant(move |snapshot| {
                for rule in &mut app_management(snapshot).default.restrictions {
                    rule.created_after = Some(days_from_now(date));
                }
            })
        };
        assert!(matches!(after(-300), Outcome::Pass));
        assert!(matches!(after(-100), Outcome::Fail(_)));
        let open = of_tenant(|snapshot| {
            app_management(snapshot).default.restrictions[0].created_after =
                Some(days_from_now(-300));
            application(snapshot).created = None;
        });
        assert!(matches!(open, Outcome::Unknown(_)), "{open:?}");
    }
}
