//! Can flows without a credential be used?

use crate::checks::prelude::*;

pub(crate) struct PublicClientEnabled;

impl Check for PublicClientEnabled {
    const META: CheckMeta = CheckMeta {
        id: "public-client-enabled",
        title: "Public client flows are allowed",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "They let anybody who knows the client id start a sign-in without the credential, by device code or by password.",
        remediation: "Set `Allow public client flows` to No on the Authentication page of app registration CLIENT-ID.",
        controls: controls::IDENTITY,
        evidence: &["Graph application"],
        explains: &[],
    };

    const EFFECT: Effect = Effect::Excess;

    const PAGE: Option<Page> = Some(Page::Authentication);

    type Params = NoParams;

    fn fixes() -> Vec<Fix> {
        vec![fixes::update_registration(
            "Switch them off",
            "--is-fallback-public-client false",
        )]
    }

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            Ok(if *case.application()?.public_client.get()? {
                failed("Microsoft Graph shows isFallbackPublicClient = true")
                    .what("allows public client flows")
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
        assert_pass::<PublicClientEnabled>(|_| {});
        assert_fail::<PublicClientEnabled>(|snapshot| {
            application(snapshot).public_client = known(true)
        });
        assert_unknown::<PublicClientEnabled>(|snapshot| {
            application(snapshot).public_client = gap()
        });
        assert_not_applicable::<PublicClientEnabled>(|snapshot| {
            raia(snapshot).application = known(crate::model::Presence::Absent);
            refuse_token(snapshot, "AADSTS700016");
        });
    }
}
