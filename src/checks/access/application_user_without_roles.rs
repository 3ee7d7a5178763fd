//! Does the application user hold any security role?

use super::roles;
use crate::checks::prelude::*;

pub(crate) struct ApplicationUserWithoutRoles;

impl Check for ApplicationUserWithoutRoles {
    const META: CheckMeta = CheckMeta {
        id: "application-user-without-roles",
        title: "The application user has no security role",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "WhoAmI answers a user without roles, so sign-in looks fine; every read is refused.",
        remediation: "Assign the integration's own security role to the application user: Power Platform admin centre > Environments > ENVIRONMENT-URL > Settings > Users + permissions > Application users.",
        controls: controls::IDENTITY,
        evidence: &["Dataverse roles", "Dataverse table reads"],
        explains: &[
            "expected-access-refused",
            "metadata-unreadable",
            "missing-role",
        ],
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
            if let Some(WhoAmI::Refused { seen, why: UserRefusal::NoRoles }) = proof.whoami.known() {
                return Ok(lacking(case, seen.to_string()));
            }
            for read in &proof.reads {
                if let Some(ReadAnswer::Refused { seen, why: ReadRefusal::NoRoles }) = read.answer.known() {
                    return Ok(lacking(case, format!("{seen}: the user has no security role")));
                }
            }
            require_user(proof)?;
            if !proof.roles.items.is_empty() {
                known_user(proof)?;
                return Ok(Outcome::Pass);
            }
            proof.roles.whole()?;
            if proof.reads.iter().any(|read| matches!(read.answer.known(), Some(ReadAnswer::Read { .. }))) {
                return Err(Gap::new(
                    GapKind::Unrecognised,
                    "the environment lists no security role for the application user, yet a table was read with its token",
                )
                .into());
            }
            Ok(lacking(case, "The environment lists no security role for its application user, direct or by team"))
        })
    }
}

fn lacking(case: &Case<'_>, seen: impl Into<Prose>) -> Outcome {
    let what = format!("has no security role in {}", case.registration.environment);
    advised(
        seen,
        format!(
            "assign the integration's own security role to the application user: {}",
            roles::ASSIGNED
        ),
    )
    .what(what)
    .fixes(roles::assignments(case))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn an_empty_list_fails_only_when_it_was_read_to_its_end() {
        assert_pass::<ApplicationUserWithoutRoles>(|_| {});
        assert_fail::<ApplicationUserWithoutRoles>(|snapshot| {
            dataverse(snapshot).roles.items.clear();
            for read in &mut dataverse(snapshot).reads {
                read.answer = gap();
            }
        });
        assert_unknown::<ApplicationUserWithoutRoles>(|snapshot| {
            dataverse(snapshot).roles = crate::model::Listing::cut_short(Vec::new(), a_gap());
        });
        assert_unknown::<ApplicationUserWithoutRoles>(|snapshot| {
            dataverse(snapshot).user = known(Presence::Absent);
        });
        assert_not_applicable::<ApplicationUserWithoutRoles>(|snapshot| {
            dataverse(snapshot).user = known(Presence::Absent);
            refuse_whoami(snapshot, UserRefusal::NotAMember);
        });
    }

    #[test]
    fn an_empty_list_beside_an_answered_read_is_a_contradiction() {
        assert_unknown::<ApplicationUserWithoutRoles>(|snapshot| {
            dataverse(snapshot).roles.items.clear();
        });
    }
}
