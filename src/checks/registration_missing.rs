//! Does the app registration exist?

use super::case::Context;
use super::check::{Check, NoParams};
use super::controls;
use super::words::{advised, failed};
use crate::model::codes::Class;
use crate::model::{CheckMeta, Family, Severity, Verdict};
use crate::model::{Observed, Outcome, Presence};

pub(super) struct RegistrationMissing;

impl Check for RegistrationMissing {
    const META: CheckMeta = CheckMeta {
        id: "registration-missing",
        title: "The app registration does not exist",
        severity: Severity::Critical,
        family: Family::Access,
        rationale: "Without the registration nothing can sign in; it was deleted, or the client id is of another tenant.",
        remediation: "Compare the client id with the app registration's overview page; a deleted registration can be restored for 30 days.",
        controls: controls::IDENTITY,
        evidence: &["Graph application", "Entra token"],
        explains: &["token-refused"],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            // A registration of another tenant signs in here by its service principal alone.
            if case.token_issued() == Some(true) {
                return Ok(Outcome::Pass);
            }
            // The directory decides; the token endpoint speaks where the directory is silent.
            match &case.evidence.application {
                Observed::Known(Presence::Present(_)) => Ok(Outcome::Pass),
                Observed::Known(Presence::Absent) => Ok(failed(format!(
                    "Microsoft Graph knows no application with client id {}",
                    case.client_id()?
                ))),
                Observed::Unknown(gap) => match case.refused_as(Class::RegistrationMissing) {
                    Some((seen, code)) => Ok(advised(format!("{seen}: {}", code.cause), code.fix)),
                    None => Err(gap.into()),
                },
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;

    #[test]
    fn graph_and_entra_each_can_tell() {
        assert_pass::<RegistrationMissing>(|_| {});
        assert_fail::<RegistrationMissing>(|snapshot| {
            raia(snapshot).application = gap();
            refuse_token(snapshot, "AADSTS700016");
        });
        assert_fail::<RegistrationMissing>(|snapshot| {
            raia(snapshot).application = known(Presence::Absent);
            lose_tokens(snapshot);
        });
        assert_unknown::<RegistrationMissing>(|snapshot| {
            raia(snapshot).application = gap();
            lose_tokens(snapshot);
        });
    }
}
