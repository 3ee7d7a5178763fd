//! Is the application user switched off?

use crate::checks::prelude::*;

pub(crate) struct ApplicationUserDisabled;

impl Check for ApplicationUserDisabled {
    const META: CheckMeta = CheckMeta {
        id: "application-user-disabled",
        title: "The application user is disabled",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "Dataverse refuses every call of a disabled application user.",
        remediation: "Find out why it was deactivated, then activate the application user of client id CLIENT-ID again: Power Platform admin centre > Environments > ENVIRONMENT-URL > Settings > Users + permissions > Application users.",
        controls: controls::IDENTITY,
        evidence: &["Dataverse WhoAmI", "Dataverse application users"],
        explains: &["expected-access-refused"],
    };

    const STOPS: Stops = Stops::Dataverse;

    const PAGE: Option<Page> = Some(Page::ApplicationUsers);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            let proof = case.dataverse()?;
            // WhoAmI decides; the list speaks where nothing could be asked.
            match &proof.whoami {
                Observed::Known(WhoAmI::Answered { .. }) => Ok(Outcome::Pass),
                Observed::Known(WhoAmI::Refused { seen, why }) => match why {
                    UserRefusal::Disabled => Ok(failed(seen.to_string()).what(disabled(case))),
                    UserRefusal::NoRoles => Ok(Outcome::Pass),
                    UserRefusal::NotAMember => Err(not_applicable("there is no application user")),
                },
                Observed::Unknown(gap) => match proof.user.known() {
                    Some(Presence::Absent) => Err(not_applicable("there is no application user")),
                    Some(Presence::Present(user)) if *user.disabled.get()? => Ok(failed(
                        "The environment lists its application user as disabled",
                    )
                    .what(disabled(case))),
                    Some(Presence::Present(_)) => Ok(Outcome::Pass),
                    None => Err(gap.into()),
                },
            }
        })
    }
}

fn disabled(case: &Case<'_>) -> String {
    format!(
        "has a disabled application user in {}",
        case.registration.environment
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn whoami_decides_and_the_list_speaks_where_it_is_silent() {
        assert_pass::<ApplicationUserDisabled>(|_| {});
        assert_fail::<ApplicationUserDisabled>(|snapshot| {
            refuse_whoami(snapshot, UserRefusal::Disabled);
        });
        assert_fail::<ApplicationUserDisabled>(|snapshot| {
            dataverse(snapshot).whoami = gap();
            user(snapshot).disabled = known(true);
        });
        assert_unknown::<ApplicationUserDisabled>(|snapshot| {
            dataverse(snapshot).whoami = gap();
            dataverse(snapshot).user = gap();
        });
        assert_not_applicable::<ApplicationUserDisabled>(|snapshot| {
            refuse_whoami(snapshot, UserRefusal::NotAMember);
        });
    }
}
