//! Is the application user switched off?

use super::case::Context;
use super::case::not_applicable;
use super::check::{Check, NoParams};
use super::controls;
use super::words::failed;
use crate::evidence::{UserRefusal, WhoAmI};
use crate::model::{CheckMeta, Family, Severity, Verdict};
use crate::model::{Outcome, Presence};

pub(super) struct ApplicationUserDisabled;

impl Check for ApplicationUserDisabled {
    const META: CheckMeta = CheckMeta {
        id: "application-user-disabled",
        title: "The application user is disabled",
        severity: Severity::Critical,
        family: Family::Access,
        rationale: "Dataverse refuses every call of a disabled application user.",
        remediation: "Activate it again in the Power Platform admin centre, after finding out why it was deactivated.",
        controls: controls::IDENTITY,
        evidence: &["Dataverse WhoAmI", "Dataverse application users"],
        explains: &["expected-access-refused"],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            let proof = case.dataverse()?;
            if let Some(WhoAmI::Refused {
                seen,
                why: UserRefusal::Disabled,
            }) = proof.whoami.known()
            {
                return Ok(failed(seen.to_string()));
            }
            match proof.user.known() {
                Some(Presence::Present(user)) if user.disabled.known() == Some(&true) => {
                    return Ok(failed(
                        "The environment lists its application user as disabled",
                    ));
                }
                Some(Presence::Absent) => {
                    return Err(not_applicable("there is no application user"));
                }
                _ => {}
            }
            match case.whoami()? {
                WhoAmI::Answered { .. } => Ok(Outcome::Pass),
                WhoAmI::Refused {
                    why: UserRefusal::NotAMember,
                    ..
                } => Err(not_applicable("there is no application user")),
                WhoAmI::Refused { .. } => Ok(Outcome::Pass),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;

    #[test]
    fn the_code_and_the_list_each_can_tell() {
        assert_pass::<ApplicationUserDisabled>(|_| {});
        assert_fail::<ApplicationUserDisabled>(|snapshot| {
            refuse_whoami(snapshot, UserRefusal::Disabled)
        });
        assert_fail::<ApplicationUserDisabled>(|snapshot| user(snapshot).disabled = known(true));
        assert_unknown::<ApplicationUserDisabled>(|snapshot| dataverse(snapshot).whoami = gap());
        assert_not_applicable::<ApplicationUserDisabled>(|snapshot| {
            refuse_whoami(snapshot, UserRefusal::NotAMember);
            dataverse(snapshot).user = known(Presence::Absent);
        });
    }
}
