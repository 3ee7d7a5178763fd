//! Is the credential who it should be?

use super::case::Context;
use super::case::not_applicable;
use super::check::{Check, NoParams};
use super::controls;
use super::words::failed;
use crate::evidence::WhoAmI;
use crate::model::guid::same;
use crate::model::{CheckMeta, Family, Severity, Verdict};
use crate::model::{Outcome, Presence};

pub(super) struct WhoamiMismatch;

impl Check for WhoamiMismatch {
    const META: CheckMeta = CheckMeta {
        id: "whoami-mismatch",
        title: "WhoAmI names another user or organisation than expected",
        severity: Severity::High,
        family: Family::Access,
        rationale: "The credential opens something else than the estate says: another organisation behind the same name, or another application's user.",
        remediation: "Compare the environment's url and organisation id with the Power Platform admin centre, and the client id with the application user.",
        controls: controls::IDENTITY,
        evidence: &["Dataverse WhoAmI", "Dataverse application users"],
        explains: &[],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            let WhoAmI::Answered {
                seen,
                user_id,
                organization_id,
                ..
            } = case.whoami()?
            else {
                return Err(not_applicable("WhoAmI was refused"));
            };
            let mut differs = Vec::new();
            if let Some(declared) = &case.environment.organization_id
                && !same(declared, organization_id)
            {
                differs.push(format!(
                    "organisation {organization_id}, and the estate declares {declared}"
                ));
            }
            let user = case.dataverse()?.user.get();
            if let Ok(Presence::Present(user)) = user
                && !same(&user.user_id, user_id)
            {
                differs.push(format!(
                    "user {user_id}, and the application user of this client id is {}",
                    user.user_id
                ));
            }
            if differs.is_empty() {
                user?;
                return Ok(Outcome::Pass);
            }
            Ok(failed(format!(
                "{} ({}) names {}",
                seen.call,
                seen.status,
                differs.join("; ")
            )))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;

    #[test]
    fn another_user_or_organisation_fails() {
        assert_pass::<WhoamiMismatch>(|_| {});
        assert_fail::<WhoamiMismatch>(|snapshot| user(snapshot).user_id = "other".to_owned());
        assert_fail::<WhoamiMismatch>(|snapshot| {
            environment(snapshot).organization_id = Some("other".to_owned());
        });
        assert_unknown::<WhoamiMismatch>(|snapshot| dataverse(snapshot).user = gap());
        assert_not_applicable::<WhoamiMismatch>(|snapshot| {
            refuse_whoami(snapshot, crate::evidence::UserRefusal::Disabled);
        });
    }
}
