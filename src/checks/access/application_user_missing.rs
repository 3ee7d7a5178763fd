//! Is the application a user of the environment?

use super::roles;
use crate::checks::prelude::*;

pub(crate) struct ApplicationUserMissing;

impl Check for ApplicationUserMissing {
    const META: CheckMeta = CheckMeta {
        id: "application-user-missing",
        title: "The application is not a user of the Dataverse environment",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "The step that is forgotten most: Entra issues the token, but Dataverse does not know the application.",
        remediation: "Create an application user for client id CLIENT-ID with its own security role: Power Platform admin centre > Environments > ENVIRONMENT-URL > Settings > Users + permissions > Application users.",
        controls: controls::IDENTITY,
        evidence: &["Dataverse WhoAmI", "Dataverse application users"],
        explains: &["expected-access-refused", "missing-role"],
    };

    const STOPS: Stops = Stops::Dataverse;

    const PAGE: Option<Page> = Some(Page::ApplicationUsers);

    type Params = NoParams;

    fn fixes() -> Vec<Fix> {
        vec![fixes::assign_declared()]
    }

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            let proof = case.dataverse()?;
            match &proof.whoami {
                Observed::Known(WhoAmI::Answered { .. }) => Ok(Outcome::Pass),
                Observed::Known(WhoAmI::Refused { seen, why: UserRefusal::NotAMember }) => {
                    Ok(missing(case, format!("{seen}: the token is valid, but its application is not a user of the environment")))
                }
                Observed::Known(WhoAmI::Refused { .. }) => Ok(Outcome::Pass),
                Observed::Unknown(gap) => match proof.user.known() {
                    Some(Presence::Present(_)) => Ok(Outcome::Pass),
                    Some(Presence::Absent) => Ok(missing(case, format!(
                        "The environment's list of application users, a complete list, has none for client id {}",
                        case.client_id()?
                    ))),
                    None => Err(gap.into()),
                },
            }
        })
    }
}

fn missing(case: &Case<'_>, seen: String) -> Outcome {
    advised(
        seen,
        format!(
            "create an application user with the integration's own security role: {}",
            roles::ASSIGNED
        ),
    )
    .what(format!(
        "has no application user in {}",
        case.registration.environment
    ))
    .fixes(roles::assignments(case))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn whoami_and_the_list_each_can_tell() {
        assert_pass::<ApplicationUserMissing>(|_| {});
        assert_fail::<ApplicationUserMissing>(|snapshot| {
            refuse_whoami(snapshot, UserRefusal::NotAMember);
        });
        assert_fail::<ApplicationUserMissing>(|snapshot| {
            dataverse(snapshot).whoami = gap();
            dataverse(snapshot).user = known(Presence::Absent);
        });
        assert_unknown::<ApplicationUserMissing>(|snapshot| {
            dataverse(snapshot).whoami = gap();
            dataverse(snapshot).user = gap();
        });
        assert_unknown::<ApplicationUserMissing>(|snapshot| raia(snapshot).dataverse = None);
        assert_not_applicable::<ApplicationUserMissing>(|snapshot| {
            snapshot.estate.registrations[0].dataverse = None;
        });
    }
}
