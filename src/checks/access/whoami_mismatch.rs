//! Is the credential who it should be?

use crate::checks::prelude::*;

pub(crate) struct WhoamiMismatch;

impl Check for WhoamiMismatch {
    const META: CheckMeta = CheckMeta {
        id: "whoami-mismatch",
        title: "The credential acts as another user or in another organisation than expected",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "The credential gives access to something other than the estate says: another organisation behind the same name, or another application's user.",
        remediation: "Compare ENVIRONMENT-URL and its organisation id with Power Platform admin centre > Environments, and client id CLIENT-ID with the application user there (Settings > Users + permissions > Application users).",
        controls: controls::IDENTITY,
        evidence: &[
            "Dataverse WhoAmI",
            "Dataverse application users",
            "F&O client list",
        ],
        explains: &[],
    };

    const EFFECT: Effect = Effect::Excess;

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let mut verdicts = context.each(|case| {
            let WhoAmI::Answered {
                seen,
                user_id,
                organization_id,
                ..
            } = case.whoami()?
            else {
                return Err(not_applicable("WhoAmI was refused"));
            };
            let (mut differs, mut what) = (Vec::new(), Vec::new());
            if let Some(declared) = &case.environment.organization_id
                && !same(declared, organization_id)
            {
                differs.push(format!(
                    "organisation {organization_id}, and the estate declares {declared}"
                ));
                what.push("in another organisation");
            }
            let user = case.dataverse()?.user.get();
            if let Ok(Presence::Present(user)) = user
                && !same(&user.user_id, user_id)
            {
                differs.push(format!(
                    "user {user_id}, and the application user of this client id is {}",
                    user.user_id
                ));
                what.insert(0, "as another user");
            }
            if differs.is_empty() {
                return match user? {
                    Presence::Present(_) => Ok(Outcome::Pass),
                    Presence::Absent => Err(Gap::new(
                        GapKind::Unrecognised,
                        format!("WhoAmI answered as user {user_id}, yet the environment lists no application user for this client id"),
                    )
                    .into()),
                };
            }
            Ok(failed(format!(
                "{} ({}) names {}",
                seen.call,
                seen.status,
                differs.join("; ")
            ))
            .what(format!(
                "acts {} than declared for {}",
                what.join(" and "),
                case.registration.environment
            )))
        });
        for case in context.cases() {
            let declared = case.registration.finops.as_ref();
            if let Some(declared) = declared.and_then(|expected| expected.user.as_deref()) {
                let verdict = case.on(Part::FinOpsUser, mapped(&case, declared));
                verdicts.push(verdict.of_finops());
            }
        }
        verdicts
    }
}

/// Whether the client maps to the F&O user that the estate declares.
fn mapped(case: &Case<'_>, declared: &str) -> Judged {
    let Presence::Present(row) = case.finops()?.mapping.get()? else {
        return Err(said_by(
            "finops-client-missing",
            "the client is mapped to no user",
        ));
    };
    if row.user_id.eq_ignore_ascii_case(declared) {
        return Ok(Outcome::Pass);
    }
    if row.user_id.eq_ignore_ascii_case("Admin") {
        return Err(said_by(
            "finops-administrator-mapping",
            "the client is mapped to Admin",
        ));
    }
    Ok(advised(
        format!(
            "The client is mapped to the F&O user {}, and the estate declares {declared}",
            row.user_id
        ),
        format!(
            "Map client id CLIENT-ID to {declared} in FINOPS-URL under System administration > Setup > Microsoft Entra ID applications, or correct the estate"
        ),
    )
    .what(format!(
        "is mapped to F&O user {} instead of {declared}",
        row.user_id
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

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
            expected_of_finops(snapshot).user = None;
        });
    }

    #[test]
    fn the_mapped_user_is_the_declared_one() {
        assert_pass::<WhoamiMismatch>(|snapshot| map_to(snapshot, "raiaintegration"));
        assert_fail::<WhoamiMismatch>(|snapshot| map_to(snapshot, "Somebody"));
        assert_pass::<WhoamiMismatch>(|snapshot| map_to(snapshot, "Admin"));
        assert_unknown::<WhoamiMismatch>(|snapshot| finops(snapshot).mapping = gap());
        assert_pass::<WhoamiMismatch>(|snapshot| {
            finops(snapshot).mapping = gap();
            expected_of_finops(snapshot).user = None;
        });
    }

    #[test]
    fn an_answer_for_a_user_that_is_not_listed_is_no_proof() {
        assert_unknown::<WhoamiMismatch>(|snapshot| {
            dataverse(snapshot).user = known(Presence::Absent);
        });
    }
}
