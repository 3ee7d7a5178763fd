//! Does the authorisation endpoint issue tokens directly?

use crate::checks::prelude::*;

pub(crate) struct ImplicitGrantEnabled;

impl Check for ImplicitGrantEnabled {
    const META: CheckMeta = CheckMeta {
        id: "implicit-grant-enabled",
        title: "The implicit grant is enabled",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "With the implicit grant, tokens are part of URLs, which browsers, proxies and logs keep. An integration with its own credential never needs it.",
        remediation: "Switch it off on the Authentication page of app registration CLIENT-ID, under Implicit grant and hybrid flows.",
        controls: controls::IDENTITY,
        evidence: &["Graph application"],
        explains: &[],
    };

    const EFFECT: Effect = Effect::Excess;

    const PAGE: Option<Page> = Some(Page::Authentication);

    type Params = NoParams;

    fn fixes() -> Vec<Fix> {
        vec![fixes::update_registration(
            "Switch it off",
            "--enable-access-token-issuance false --enable-id-token-issuance false",
        )]
    }

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            Ok(if *case.application()?.implicit_grant.get()? {
                failed(
                    "Microsoft Graph shows web.implicitGrantSettings with token issuance enabled",
                )
                .what("has the implicit grant enabled")
            } else {
                Outcome::Pass
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn it_fails_where_graph_shows_it() {
        assert_pass::<ImplicitGrantEnabled>(|_| {});
        assert_fail::<ImplicitGrantEnabled>(|snapshot| {
            application(snapshot).implicit_grant = known(true)
        });
        assert_unknown::<ImplicitGrantEnabled>(|snapshot| {
            application(snapshot).implicit_grant = gap()
        });
        assert_not_applicable::<ImplicitGrantEnabled>(|snapshot| {
            raia(snapshot).application = known(crate::model::Presence::Absent);
            refuse_token(snapshot, "AADSTS700016");
        });
    }
}
