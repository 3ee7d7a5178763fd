//! Is the token what was asked for?

use super::case::{Case, Context, Stop, not_applicable};
use super::check::{Check, NoParams};
use super::controls;
use super::words::failed;
use crate::evidence::{TokenAnswer, TokenClaims, TokenProof};
use crate::model::guid::is_guid;
use crate::model::{CheckMeta, Family, Severity, Verdict};
use crate::model::{Gap, GapKind, Observed, Outcome, Service};

pub(super) struct TokenUnexpected;

impl Check for TokenUnexpected {
    const META: CheckMeta = CheckMeta {
        id: "token-unexpected",
        title: "The token is for another audience, tenant or application than asked for",
        severity: Severity::High,
        family: Family::Access,
        rationale: "A token of another tenant or application proves something else than it seems to; Finance & Operations refuses an audience that differs by a slash.",
        remediation: "Compare tenant id, client id and environment url in the estate with the registration's overview page.",
        controls: controls::IDENTITY,
        evidence: &["Entra token"],
        explains: &[],
    };

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
                return Ok(failed(format!(
                    "Entra issued a token whose {}",
                    differs.join(", ")
                )));
            }
            match unread {
                Some(stop) => Err(stop),
                None if issued => Ok(Outcome::Pass),
                None => Err(not_applicable("no token was issued (token-refused)")),
            }
        })
    }
}

/// The claims of one token that differ from what was asked for. What differs is said even where another
/// claim cannot be read.
fn compare(case: &Case<'_>, proof: &TokenProof, claims: &TokenClaims) -> Result<Vec<String>, Stop> {
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
                differs.push(format!("{claim} is {value} instead of {asked}"));
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
    use super::super::fixture::*;
    use super::*;

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
