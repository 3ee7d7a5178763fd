//! Does the registration have a service principal in the tenant?

use crate::checks::prelude::*;

pub(crate) struct ServicePrincipalMissing;

impl Check for ServicePrincipalMissing {
    const META: CheckMeta = CheckMeta {
        id: "service-principal-missing",
        title: "The registration has no service principal in the tenant",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "A registration created by a script has no service principal (enterprise application) until somebody creates one; without it Entra issues no token.",
        remediation: "Create it in tenant TENANT-ID, for application CLIENT-ID.",
        controls: controls::IDENTITY,
        evidence: &["Graph service principal", "Entra token"],
        explains: &["token-refused"],
    };

    const STOPS: Stops = Stops::Everything;

    const PAGE: Option<Page> = Some(Page::Registration);

    type Params = NoParams;

    fn fixes() -> Vec<Fix> {
        vec![fixes::create_principal()]
    }

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            if case.token_issued() == Some(true) {
                return Ok(Outcome::Pass);
            }
            match &case.evidence.service_principal {
                Observed::Known(Presence::Present(_)) => Ok(Outcome::Pass),
                Observed::Known(Presence::Absent) => {
                    if let Some(home) = &case.registration.home_tenant {
                        return Ok(failed(format!(
                            "Tenant {} has no service principal for application {}, which belongs to tenant {home}",
                            case.environment.tenant,
                            case.client_id()?
                        ))
                        .what(missing(case)));
                    }
                    case.application()?;
                    Ok(failed(format!(
                        "Microsoft Graph finds application {} but no service principal for it",
                        case.client_id()?
                    ))
                    .what(missing(case)))
                }
                Observed::Unknown(gap) => match case.refused_as(Class::ServicePrincipalMissing) {
                    Some((seen, code)) => {
                        Ok(advised(format!("{seen}: {}", code.cause), code.fix)
                            .what(missing(case))
                            .fixes([fixes::create_principal()]))
                    }
                    None => Err(gap.into()),
                },
            }
        })
    }
}

fn missing(case: &Case<'_>) -> String {
    format!(
        "has no service principal in tenant {}",
        case.environment.tenant
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn a_missing_principal_fails_unless_the_registration_itself_is_missing() {
        assert_pass::<ServicePrincipalMissing>(|_| {});
        assert_fail::<ServicePrincipalMissing>(|snapshot| {
            raia(snapshot).service_principal = known(Presence::Absent);
            refuse_token(snapshot, "AADSTS7000229");
        });
        assert_not_applicable::<ServicePrincipalMissing>(|snapshot| {
            raia(snapshot).service_principal = known(Presence::Absent);
            raia(snapshot).application = known(Presence::Absent);
            lose_tokens(snapshot);
        });
        assert_unknown::<ServicePrincipalMissing>(|snapshot| {
            raia(snapshot).service_principal = gap();
            lose_tokens(snapshot);
        });
    }
}
