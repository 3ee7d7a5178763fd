//! Is the Finance & Operations user behind the client switched off?

use crate::checks::prelude::*;

pub(crate) struct FinopsUserDisabled;

impl Check for FinopsUserDisabled {
    const META: CheckMeta = CheckMeta {
        id: "finops-user-disabled",
        title: "The Finance & Operations user that the client is mapped to is disabled",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "The client is listed, but the user whose roles it gets is disabled or gone: calls are refused although every setup page of the client looks right.",
        remediation: "Find out why the user was disabled, then enable it in FINOPS-URL under System administration > Users > Users, or map client id CLIENT-ID to another user of its own under System administration > Setup > Microsoft Entra ID applications.",
        controls: controls::IDENTITY,
        evidence: &["F&O client list", "F&O users"],
        explains: &["expected-access-refused"],
    };

    const STOPS: Stops = Stops::Finops;

    const PAGE: Option<Page> = Some(Page::FinopsClients);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let verdicts = context.each(|case| {
            let proof = case.finops()?;
            let Presence::Present(row) = proof.mapping.get()? else {
                return Err(said_by(
                    "finops-client-missing",
                    "the client is mapped to no user",
                ));
            };
            let user = match proof.user.get()? {
                Presence::Present(user) => user,
                Presence::Absent => {
                    return Ok(failed(format!(
                        "The client is mapped to user {}, which does not exist",
                        row.user_id
                    ))
                    .what(format!(
                        "is mapped to F&O user {}, which does not exist",
                        row.user_id
                    )));
                }
            };
            if *user.enabled.get()? {
                return Ok(Outcome::Pass);
            }
            Ok(failed(format!(
                "The client is mapped to user {}, which is disabled",
                user.user_id
            ))
            .what(format!(
                "is mapped to F&O user {}, which is disabled",
                user.user_id
            )))
        });
        verdicts.into_iter().map(Verdict::of_finops).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn the_mapped_user_decides() {
        assert_pass::<FinopsUserDisabled>(|_| {});
        assert_fail::<FinopsUserDisabled>(|snapshot| {
            finops_user(snapshot).enabled = known(false);
        });
        assert_fail::<FinopsUserDisabled>(|snapshot| {
            finops(snapshot).user = known(Presence::Absent);
        });
        assert_unknown::<FinopsUserDisabled>(|snapshot| finops_user(snapshot).enabled = gap());
        assert_unknown::<FinopsUserDisabled>(|snapshot| finops(snapshot).user = gap());
        assert_unknown::<FinopsUserDisabled>(|snapshot| finops(snapshot).mapping = gap());
        assert_not_applicable::<FinopsUserDisabled>(|snapshot| {
            finops(snapshot).mapping = known(Presence::Absent);
        });
        assert_not_applicable::<FinopsUserDisabled>(without_finops);
    }
}
