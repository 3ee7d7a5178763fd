//! Is the token what was asked for?

use super::case::Context;
use super::case::not_applicable;
use super::check::{Check, NoParams};
use super::controls;
use super::words::failed;
use crate::evidence::TokenAnswer;
use crate::model::guid::is_guid;
use crate::model::{CheckMeta, Family, Severity, Verdict};
use crate::model::{Gap, GapKind, Observed, Outcome};

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
            let TokenAnswer::Issued { claims, .. } = case.token_answer()? else {
                return Err(not_applicable("no token was issued (token-refused)"));
            };
            let claims = claims.get()?;
            let resource = case.token()?.resource.as_str();
            let client_id = case.client_id()?;
            let mut differs = Vec::new();
            let mut unread = None;
            for (claim, value, asked) in [
                ("aud", &claims.audience, resource),
                ("tid", &claims.tenant, case.tenant.id.as_str()),
                ("appid", &claims.client_id, client_id),
            ] {
                match value {
                    Observed::Unknown(gap) => unread = Some(gap),
                    Observed::Known(value) if value.eq_ignore_ascii_case(asked) => {}
                    Observed::Known(value) if claim == "aud" && is_guid(value) => {
                        return Err(Gap::new(
                            GapKind::Unrecognised,
                            format!("the token's aud is the id {value} instead of {resource}"),
                        )
                        .into());
                    }
                    Observed::Known(value) => {
                        differs.push(format!("{claim} is {value} instead of {asked}"));
                    }
                }
            }
            match (differs.is_empty(), unread) {
                (true, None) => Ok(Outcome::Pass),
                (true, Some(gap)) => Err(gap.into()),
                (false, _) => Ok(failed(format!(
                    "Entra issued a token whose {}",
                    differs.join(", ")
                ))),
            }
        })
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
            refuse_token(snapshot, "AADSTS7000222")
        });
    }
}
