//! Is the registration switched off?

use super::case::{Context, Judged, Stop};
use super::check::{Check, NoParams};
use super::controls;
use super::words::{advised, failed};
use crate::model::codes::Class;
use crate::model::{CheckMeta, Family, Severity, Verdict};
use crate::model::{Outcome, Presence};

pub(super) struct RegistrationDisabled;

impl Check for RegistrationDisabled {
    const META: CheckMeta = CheckMeta {
        id: "registration-disabled",
        title: "The registration or its service principal is disabled",
        severity: Severity::Critical,
        family: Family::Access,
        rationale: "Sign-in is switched off for this application: by an administrator, or by Microsoft after abuse.",
        remediation: "Find out why it was disabled, then set `Enabled for users to sign in` back to Yes on the enterprise application, or activate the registration again.",
        controls: controls::IDENTITY,
        evidence: &[
            "Graph application",
            "Graph service principal",
            "Entra token",
        ],
        explains: &["token-refused"],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            if let Some(Presence::Present(application)) = case.evidence.application.known()
                && application.disabled.known() == Some(&true)
            {
                return Ok(failed(
                    "Microsoft Graph shows the app registration as disabled",
                ));
            }
            if let Some(Presence::Present(principal)) = case.evidence.service_principal.known()
                && principal.enabled.known() == Some(&false)
            {
                return Ok(failed(
                    "Microsoft Graph shows the service principal with accountEnabled = false",
                ));
            }
            // The directory decides; the token endpoint speaks where the directory is silent.
            let directory = || -> Judged {
                match case.application() {
                    Ok(application) => {
                        application.disabled.get()?;
                    }
                    // Without an app registration here the service principal decides.
                    Err(Stop::NotApplicable(_)) if case.service_principal().is_ok() => {}
                    Err(stop) => return Err(stop),
                }
                if let Presence::Present(principal) = case.evidence.service_principal.get()? {
                    principal.enabled.get()?;
                }
                Ok(Outcome::Pass)
            };
            directory().or_else(|stop| match case.refused_as(Class::RegistrationDisabled) {
                Some((seen, code)) => Ok(advised(format!("{seen}: {}", code.cause), code.fix)),
                None => Err(stop),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;

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
