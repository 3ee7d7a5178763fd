//! Is the registration switched off?

use crate::checks::prelude::*;

pub(crate) struct RegistrationDisabled;

impl Check for RegistrationDisabled {
    const META: CheckMeta = CheckMeta {
        id: "registration-disabled",
        title: "The registration or its service principal is disabled",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "Sign-in is disabled for this application: by an administrator, or by Microsoft after abuse.",
        remediation: "Find out who disabled it and why. If an administrator did, enable the service principal again, or activate the registration under Entra admin centre > App registrations. If Microsoft did (`disabledByMicrosoftStatus`), only Microsoft can lift it: open a support request.",
        controls: controls::IDENTITY,
        evidence: &[
            "Graph application",
            "Graph service principal",
            "Entra token",
        ],
        explains: &["token-refused"],
    };

    const STOPS: Stops = Stops::Everything;

    const PAGE: Option<Page> = Some(Page::Registration);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            if let Some(seen) = by_microsoft(case) {
                return Ok(advised(seen, LIFTED_BY_MICROSOFT).what("is disabled by Microsoft"));
            }
            if let Some(Presence::Present(application)) = case.evidence.application.known()
                && application.disabled.known() == Some(&true)
            {
                return Ok(advised(
                    "Microsoft Graph shows the app registration as disabled",
                    "find out who disabled it and why, then activate it again: Entra admin centre > App registrations > client id CLIENT-ID > Overview",
                )
                .what("has a disabled app registration"));
            }
            if let Some(Presence::Present(principal)) = case.evidence.service_principal.known()
                && principal.enabled.known() == Some(&false)
            {
                return Ok(advised(
                    "Microsoft Graph shows the service principal with accountEnabled = false",
                    "find out who disabled it and why, then enable it again: set Enabled for users to sign in to Yes under Entra admin centre > Enterprise applications > client id CLIENT-ID > Properties",
                )
                .what("has a disabled service principal")
                .fixes([fixes::enable_principal()]));
            }
            // The directory decides; the token endpoint speaks where the directory is silent.
            let directory = || -> Judged {
                match case.application() {
                    Ok(application) => {
                        application.disabled.get()?;
                    }
                    // Where none belongs here the service principal decides.
                    Err(Stop::NotApplicable(_))
                        if case.has_none_here() && case.service_principal().is_ok() => {}
                    Err(stop) => return Err(stop),
                }
                if let Presence::Present(principal) = case.evidence.service_principal.get()? {
                    principal.enabled.get()?;
                }
                Ok(Outcome::Pass)
            };
            directory().or_else(|stop| match case.refused_as(Class::RegistrationDisabled) {
                Some((seen, code)) => Ok(advised(format!("{seen}: {}", code.cause), code.fix)
                    .what("is disabled in Entra")),
                None => Err(stop),
            })
        })
    }
}

/// What is left to do where Microsoft disabled it.
pub(crate) const LIFTED_BY_MICROSOFT: &str = "Only Microsoft can lift this, nobody in the tenant can: open a support request and find out what the application was used for; until it is lifted, the integration needs another registration";

/// That Microsoft itself disabled the registration, or its service principal in the tenant, in words; `None`
/// where it did not, or nobody knows.
pub(crate) fn by_microsoft(case: &Case<'_>) -> Option<String> {
    let application = case.evidence.application.known();
    let application = application.and_then(Presence::present);
    let principal = case.evidence.service_principal.known();
    let principal = principal.and_then(Presence::present);
    let told = [
        (
            "app registration",
            application.and_then(|one| one.by_microsoft),
        ),
        (
            "service principal",
            principal.and_then(|one| one.by_microsoft),
        ),
    ];
    told.into_iter().find_map(|(what, status)| {
        let why = match status? {
            ByMicrosoft::NotDisabled => return None,
            ByMicrosoft::ServicesAgreementViolated => {
                " because its use violated the services agreement"
            }
            ByMicrosoft::Disabled => "",
        };
        Some(format!(
            "Microsoft itself has disabled the {what}{why} (`disabledByMicrosoftStatus` in Microsoft Graph)"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn what_microsoft_disabled_only_microsoft_can_lift() {
        let remedy = |by: Option<ByMicrosoft>| {
            let outcome = judge_raia::<RegistrationDisabled>(|snapshot| {
                application(snapshot).disabled = known(true);
                application(snapshot).by_microsoft = by;
            });
            let Outcome::Fail(failure) = outcome else {
                panic!("{outcome:?}");
            };
            failure.remedy
        };
        for by in [
            ByMicrosoft::ServicesAgreementViolated,
            ByMicrosoft::Disabled,
        ] {
            let words = remedy(Some(by)).expect("words of its own");
            assert!(words.contains("Only Microsoft can lift this"), "{words}");
            assert!(!words.contains("accountEnabled=true"), "{words}");
        }
        for by in [None, Some(ByMicrosoft::NotDisabled)] {
            let words = remedy(by).expect("words of its own");
            assert!(!words.contains("Only Microsoft"), "{words}");
        }
    }

    /// Its home tenant shows the application as it is there; here only the service principal is seen.
    #[test]
    fn a_service_principal_that_microsoft_disabled_fails_though_it_is_enabled() {
        for by in [
            ByMicrosoft::ServicesAgreementViolated,
            ByMicrosoft::Disabled,
        ] {
            let outcome = judge_raia::<RegistrationDisabled>(|snapshot| {
                principal(snapshot).by_microsoft = Some(by);
            });
            let Outcome::Fail(failure) = outcome else {
                panic!("{outcome:?}");
            };
            assert!(
                failure.seen.contains("service principal"),
                "{}",
                failure.seen
            );
            let words = failure.remedy.expect("words of its own");
            assert!(words.contains("Only Microsoft can lift this"), "{words}");
        }
        assert_pass::<RegistrationDisabled>(|snapshot| {
            principal(snapshot).by_microsoft = Some(ByMicrosoft::NotDisabled);
        });
    }

    #[test]
    fn without_an_application_here_the_service_principal_decides() {
        let foreign = |snapshot: &mut Snapshot| {
            lose_tokens(snapshot);
            snapshot.estate.registrations[0].home_tenant = Some("home-1".to_owned());
            raia(snapshot).application = known(Presence::Absent);
            principal(snapshot).kind = known(PrincipalKind::Foreign);
        };
        assert_pass::<RegistrationDisabled>(foreign);
        assert_fail::<RegistrationDisabled>(|snapshot| {
            foreign(snapshot);
            principal(snapshot).enabled = known(false);
        });
        assert_unknown::<RegistrationDisabled>(|snapshot| {
            foreign(snapshot);
            principal(snapshot).enabled = gap();
        });
    }

    #[test]
    fn either_switch_fails() {
        assert_pass::<RegistrationDisabled>(|_| {});
        assert_fail::<RegistrationDisabled>(|snapshot| {
            raia(snapshot).application = gap();
            refuse_token(snapshot, "AADSTS7000112");
        });
        assert_fail::<RegistrationDisabled>(|snapshot| {
            application(snapshot).disabled = known(true);
        });
        assert_fail::<RegistrationDisabled>(|snapshot| {
            principal(snapshot).enabled = known(false);
        });
        assert_unknown::<RegistrationDisabled>(|snapshot| {
            lose_tokens(snapshot);
            principal(snapshot).enabled = gap();
        });
        assert_not_applicable::<RegistrationDisabled>(|snapshot| {
            lose_tokens(snapshot);
            raia(snapshot).application = known(Presence::Absent);
        });
    }
}
