//! Can tokens be sent where they should not?

use crate::checks::prelude::*;

pub(crate) struct InsecureRedirectUri;

impl Check for InsecureRedirectUri {
    const META: CheckMeta = CheckMeta {
        id: "insecure-redirect-uri",
        title: "A redirect URI is insecure",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "Entra sends tokens to any registered redirect URI: over http they can be intercepted, a wildcard may match somebody else's host, and the host of another environment mixes the two environments.",
        remediation: "Remove the redirect URI of CLIENT-ID on the Authentication page of the registration, or replace it with an https address of this environment.",
        controls: controls::IDENTITY,
        evidence: &["Graph application"],
        explains: &[],
    };

    const EFFECT: Effect = Effect::Excess;

    const PAGE: Option<Page> = Some(Page::Authentication);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_part(|case, found| {
            for redirect in case.application()?.redirects.get()? {
                if let Some(why) = insecure(case, &redirect.uri) {
                    let outcome = advised(
                        format!("The {} redirect URI {} {why}", redirect.platform, redirect.uri),
                        format!(
                            "Remove {} on the Authentication page of app registration CLIENT-ID in the Entra admin centre, or replace it with an https address of this environment",
                            redirect.uri
                        ),
                    )
                    .what(format!("has redirect URI {}, which {why}", redirect.uri));
                    found.push(case.on(Part::Redirect(redirect.uri.clone()), Ok(outcome)));
                }
            }
            Ok(Outcome::Pass)
        })
    }
}

/// What is wrong with a redirect URI, after "the redirect URI …" or "which".
fn insecure(case: &Case<'_>, uri: &str) -> Option<String> {
    if uri.contains('*') {
        return Some("contains a wildcard".to_owned());
    }
    let (scheme, rest) = uri.split_once("://")?;
    let host = rest
        .split(['/', '?', '#'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    // What stands before an @ is a user's name, whatever host it looks like.
    let host = host.rsplit('@').next().unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    if scheme.eq_ignore_ascii_case("http") && !matches!(name, "localhost" | "127.0.0.1" | "::1") {
        return Some("is plain http".to_owned());
    }
    let estate = &case.snapshot().estate;
    let own = &case.registration.environment;
    let serves = |environment: &crate::estate::Environment| {
        let dataverse = environment.dataverse.as_deref().is_some_and(|root| {
            name == root || case.tenant.cloud.dataverse_root(name).as_deref() == Some(root)
        });
        dataverse || environment.finops.as_deref() == Some(name)
    };
    if estate.environments.get(own).is_some_and(serves) {
        return None;
    }
    estate
        .environments
        .iter()
        .find(|(other, environment)| *other != own && serves(environment))
        .map(|(other, _)| format!("is a host of environment {other}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    fn with(uri: &str) -> impl Fn(&mut crate::evidence::Snapshot) + '_ {
        move |snapshot| {
            application(snapshot).redirects = known(vec![crate::evidence::Redirect {
                platform: "web".to_owned(),
                uri: uri.to_owned(),
            }]);
        }
    }

    #[test]
    fn only_https_of_its_own_is_secure() {
        for uri in [
            "https://contoso.operations.dynamics.com/auth",
            "https://contoso.crm4.dynamics.com/",
            "http://localhost:5000/signin",
            "http://127.0.0.1/",
            "http://[::1]:8080/",
            "urn:ietf:wg:oauth:2.0:oob",
            "https://app.example/callback",
        ] {
            assert_pass::<InsecureRedirectUri>(with(uri));
        }
        for uri in [
            "http://app.example/callback",
            "HTTP://app.example",
            "https://*.example/callback",
            "https://contoso-dev.crm4.dynamics.com/",
            "https://contoso-dev.api.crm4.dynamics.com/auth",
            "http://localhost.evil.example/",
        ] {
            assert_fail::<InsecureRedirectUri>(with(uri));
        }
    }

    #[test]
    fn what_graph_does_not_tell_is_unknown() {
        assert_unknown::<InsecureRedirectUri>(|snapshot| application(snapshot).redirects = gap());
        assert_not_applicable::<InsecureRedirectUri>(|snapshot| {
            raia(snapshot).application = known(crate::model::Presence::Absent);
            refuse_token(snapshot, "AADSTS700016");
        });
    }

    #[test]
    fn a_user_name_before_the_host_fools_nobody() {
        assert_fail::<InsecureRedirectUri>(with("http://localhost:80@evil.example/"));
    }
}
