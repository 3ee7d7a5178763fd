//! Is the application a user of the environment?

use crate::checks::prelude::*;

pub(crate) struct ApplicationUserMissing;

impl Check for ApplicationUserMissing {
    const META: CheckMeta = CheckMeta {
        id: "application-user-missing",
        title: "The application is no user of the Dataverse environment",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "The step that is forgotten most: Entra issues the token, and Dataverse does not know the application.",
        remediation: "Create an application user for the client id in the Power Platform admin centre (Environments > Settings > Application users) and give it its role.",
        controls: controls::IDENTITY,
        evidence: &["Dataverse WhoAmI", "Dataverse application users"],
        explains: &["expected-access-refused", "missing-role"],
    };

    const STOPS: Stops = Stops::Dataverse;

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            let proof = case.dataverse()?;
            match &proof.whoami {
                Observed::Known(WhoAmI::Answered { .. }) => Ok(Outcome::Pass),
                Observed::Known(WhoAmI::Refused { seen, why: UserRefusal::NotAMember }) => {
                    Ok(failed(format!("{seen}: the token is good, but its application is no user here")).what(missing(case)))
                }
                Observed::Known(WhoAmI::Refused { .. }) => Ok(Outcome::Pass),
                Observed::Unknown(gap) => match proof.user.known() {
                    Some(Presence::Present(_)) => Ok(Outcome::Pass),
                    Some(Presence::Absent) => Ok(failed(format!(
                        "The environment's list of application users, read to its end, has none for client id {}",
                        case.client_id()?
                    ))
                    .what(missing(case))),
                    None => Err(gap.into()),
                },
            }
        })
    }
}

fn missing(case: &Case<'_>) -> String {
    format!(
        "has no application user in {}",
        case.registration.environment
    )
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
