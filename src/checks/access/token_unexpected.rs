//! Is the token what was asked for?

use crate::checks::prelude::*;
use crate::model::guid::is_guid;

pub(crate) struct TokenUnexpected;

impl Check for TokenUnexpected {
    const META: CheckMeta = CheckMeta {
        id: "token-unexpected",
        title: "The token is for another audience, tenant or application than requested",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "A token of another tenant or application proves something other than it seems to, and Finance & Operations refuses an audience that differs by a single slash.",
        remediation: "Compare tenant id TENANT-ID and client id CLIENT-ID in the estate with the registration's overview page (Entra admin centre > App registrations). If the audience differs, compare the scope that the token is requested with: the environment's address followed by /.default.",
        controls: controls::IDENTITY,
        evidence: &["Entra token"],
        explains: &[],
    };

    const STOPS: Stops = Stops::Everything;

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            let mut differs = Vec::new();
            let mut unread: Option<Stop> = None;
            let mut issued = false;
            for proof in case.tokens()? {
                let claims = match proof.answer.get() {
                    Ok(TokenAnswer::Issued { claims, .. }) => claims.get(),
                    Ok(TokenAnswer::Refused { .. }) => continue,
                    Err(gap) => Err(gap),
                };
                issued = true;
                match claims
                    .map_err(Stop::from)
                    .and_then(|claims| compare(case, proof, claims))
                {
                    Ok(wrong) => differs.extend(wrong),
                    Err(stop) => unread = unread.or(Some(stop)),
                }
            }
            if !differs.is_empty() {
                let seen: Vec<&str> = differs.iter().map(|one| one.seen.as_str()).collect();
                let seen = format!("Entra issued a token whose {}", seen.join(", "));
                let audience: Vec<&str> = differs.iter().filter_map(|one| one.resource).collect();
                // Another tenant or application is the more telling one: then the check's own words stand.
                let mut claims: Vec<&str> = differs.iter().map(|one| one.claim).collect();
                claims.dedup();
                let what = format!(
                    "gets a token for the wrong {} in {}",
                    claims.join(" and "),
                    case.registration.environment
                );
                return Ok(match audience.as_slice() {
                    [first, ..] if audience.len() == differs.len() => {
                        advised(seen, audience_fix(first))
                    }
                    _ => failed(seen),
                }
                .what(what));
            }
            match unread {
                Some(stop) => Err(stop),
                None if issued => Ok(Outcome::Pass),
                None => Err(said_by("token-refused", "no token was issued")),
            }
        })
    }
}

/// A claim that differs.
struct Differs<'a> {
    /// What it says, as people call it.
    claim: &'static str,
    seen: String,
    /// The resource that was asked for, where the audience is the claim.
    resource: Option<&'a str>,
}

/// What to do about a token for another audience.
fn audience_fix(resource: &str) -> String {
    format!(
        "Request the token with the scope {resource}/.default, in lower case and with one slash; if it is already, find out which enterprise application of tenant TENANT-ID has {resource}, or another spelling of it, as its identifier"
    )
}

/// The claims of one token that differ from what was asked for. What differs is said even where another
/// claim cannot be read.
fn compare<'a>(
    case: &Case<'_>,
    proof: &'a TokenProof,
    claims: &TokenClaims,
) -> Result<Vec<Differs<'a>>, Stop> {
    let resource = proof.resource.as_str();
    let exact = proof.service == Service::FinOps;
    let mut differs = Vec::new();
    let mut unread = None;
    for (claim, value, asked) in [
        ("aud", &claims.audience, resource),
        ("tid", &claims.tenant, case.tenant.id.as_str()),
        ("appid", &claims.client_id, case.client_id()?),
    ] {
        // Finance & Operations compares aud letter by letter; elsewhere an id may stand for the url.
        let letters_count = exact && claim == "aud";
        match value {
            Observed::Unknown(gap) => unread = Some(Stop::from(gap)),
            Observed::Known(value) if value == asked => {}
            Observed::Known(value) if !letters_count && value.eq_ignore_ascii_case(asked) => {}
            Observed::Known(value) if !letters_count && claim == "aud" && is_guid(value) => {
                let seen = format!("the token's aud is the id {value} instead of {resource}");
                unread = Some(Gap::new(GapKind::Unrecognised, seen).into());
            }
            Observed::Known(value) => {
                differs.push(Differs {
                    claim: match claim {
                        "aud" => "audience",
                        "tid" => "tenant",
                        _ => "application",
                    },
                    seen: format!("{claim} is {value} instead of {asked}"),
                    resource: (claim == "aud").then_some(resource),
                });
            }
        }
    }
    match unread {
        Some(stop) if differs.is_empty() => Err(stop),
        _ => Ok(differs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn each_claim_is_compared() {
        assert_pass::<TokenUnexpected>(|_| {});
        assert_fail::<TokenUnexpected>(|snapshot| {
            claims(snapshot).tenant = known("other".to_owned())
        });
        assert_fail::<TokenUnexpected>(|snapshot| {
            claims(snapshot).client_id = known("other".to_owned())
        });
        assert_fail::<TokenUnexpected>(|snapshot| {
            let slash = format!("{}/", raia(snapshot).tokens[0].resource);
            claims(snapshot).audience = known(slash);
        });
        assert_unknown::<TokenUnexpected>(|snapshot| claims(snapshot).tenant = gap());
        assert_not_applicable::<TokenUnexpected>(|snapshot| {
            refuse_token(snapshot, "AADSTS7000222");
            refuse_finops_token(snapshot, "AADSTS7000222");
        });
    }

    /// A token for another audience is a matter of the scope, one of another tenant is not.
    #[test]
    fn the_remedy_is_about_the_claim_that_differs() {
        let remedy = |spoil: fn(&mut crate::evidence::Snapshot)| match judge_raia::<TokenUnexpected>(
            spoil,
        ) {
            Outcome::Fail(failure) => failure.remedy,
            other => panic!("{other:?}"),
        };
        let audience = remedy(|snapshot| {
            claims(snapshot).audience = known("https://other.crm4.dynamics.com".to_owned());
        });
        let words = audience.expect("words of its own");
        assert!(
            words.contains("/.default") && words.contains("scope"),
            "{words}"
        );
        assert!(!words.contains("environment url"), "{words}");
        assert_eq!(
            remedy(|snapshot| {
                claims(snapshot).audience = known("https://other.example".to_owned());
                claims(snapshot).tenant = known("other".to_owned());
            }),
            None
        );
    }

    #[test]
    fn finance_and_operations_compares_its_audience_letter_by_letter() {
        for audience in [
            "https://Contoso.operations.dynamics.com",
            "https://contoso.operations.dynamics.com/",
            "00000015-0000-0000-c000-000000000000",
        ] {
            assert_fail::<TokenUnexpected>(|snapshot| {
                finops_claims(snapshot).audience = known(audience.to_owned());
            });
        }
        assert_unknown::<TokenUnexpected>(|snapshot| {
            claims(snapshot).audience = known("00000007-0000-0000-c000-000000000000".to_owned());
        });
    }
}
