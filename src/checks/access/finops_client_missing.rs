//! Does Finance & Operations know the client?

use crate::checks::prelude::*;
use crate::model::Seen;
use crate::reference::codes;

pub(crate) struct FinopsClientMissing;

impl Check for FinopsClientMissing {
    const META: CheckMeta = CheckMeta {
        id: "finops-client-missing",
        title: "The application is not registered in Finance & Operations",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "The step that is often forgotten: Entra issues the token, but the environment's own list of Entra ID applications has no row for the client.",
        remediation: "Add client id CLIENT-ID in FINOPS-URL under System administration > Setup > Microsoft Entra ID applications, and map it to a user of its own that has the integration's role.",
        controls: controls::IDENTITY,
        evidence: &["Entra token", "F&O reads", "F&O client list"],
        explains: &[],
    };

    const STOPS: Stops = Stops::Finops;

    const PAGE: Option<Page> = Some(Page::FinopsClients);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let verdicts = context.each(|case| {
            let proof = case.finops()?;
            match &proof.client {
                Observed::Known(FinopsClient::Accepted { .. }) => Ok(Outcome::Pass),
                Observed::Known(FinopsClient::Rejected { seen }) => rejected(case, seen),
                Observed::Unknown(gap) => match proof.mapping.known() {
                    Some(Presence::Absent) => Ok(failed(format!(
                        "The environment's list of Entra ID applications, a complete list, has none with client id {}",
                        case.client_id()?
                    ))
                    .what(missing(case))),
                    // Nothing is left that could be asked with its own token.
                    Some(Presence::Present(_)) if gap.unasked == Some(Unasked::NothingStored) => Ok(Outcome::Pass),
                    _ => Err(gap.into()),
                },
            }
        });
        verdicts.into_iter().map(Verdict::of_finops).collect()
    }
}

fn missing(case: &Case<'_>) -> String {
    format!(
        "is not registered in Finance & Operations of {}",
        case.registration.environment
    )
}

/// A 401 means an unknown client only where the token is right in all that the service looks at.
fn rejected(case: &Case<'_>, seen: &Seen) -> Judged {
    let proof = case.finops()?;
    match right_token(case)? {
        Ok(()) => {}
        Err(wrong) => {
            let why = format!("the 401 is explained by the token: {wrong}");
            return Err(said_by("token-unexpected", &why));
        }
    }
    if let Some(Presence::Present(row)) = proof.mapping.known() {
        let disabled = proof
            .user
            .known()
            .and_then(Presence::present)
            .is_some_and(|user| user.enabled.known() == Some(&false));
        if disabled {
            let why = format!("it is mapped to {}, which is disabled", row.user_id);
            return Err(said_by("finops-user-disabled", &why));
        }
        return Err(Gap::new(
            GapKind::Unrecognised,
            format!(
                "{seen}, although the client is mapped to user {} and its token is right",
                row.user_id
            ),
        )
        .with_remedy("run again: a new row takes a while; then look at that user")
        .into());
    }
    let listed = match proof.mapping.known() {
        Some(_) => ", and its list of Entra ID applications, a complete list, has no row for it",
        // How it refuses a client whose user is disabled is not verified: 401 may be that too.
        None => {
            " (its list could not be read: a client whose user is disabled may be refused alike)"
        }
    };
    let user = case
        .finops_expectations()?
        .user
        .as_deref()
        .unwrap_or("a user of its own with the integration's role");
    Ok(match codes::find("finops-401") {
        Some(code) => advised(
            format!(
                // The code's other cause is a wrong token, which was just ruled out.
                "{seen} although the token's tid, aud and oid are right{listed}: the client id has no row in System administration > Setup > Microsoft Entra ID applications"
            ),
            format!(
                "Add client id CLIENT-ID in FINOPS-URL under System administration > Setup > Microsoft Entra ID applications, and map it to {user} (done by {})",
                code.who
            ),
        ),
        None => failed(seen.to_string()),
    }
    .what(missing(case)))
}

/// Whether `tid`, `aud` and `oid` are what Finance & Operations wants; what is wrong in words.
fn right_token(case: &Case<'_>) -> Result<Result<(), String>, crate::facts::case::Stop> {
    let Some(token) = case.evidence.token_for(Service::FinOps) else {
        return Err(Gap::unasked(Unasked::NoToken, "no token was asked for").into());
    };
    let TokenAnswer::Issued { claims, .. } = token.answer.get()? else {
        return Err(Gap::unasked(Unasked::NoToken, "no token was issued").into());
    };
    let claims = claims.get()?;
    for (name, value, asked) in [
        ("aud", &claims.audience, token.resource.as_str()),
        ("tid", &claims.tenant, case.tenant.id.as_str()),
    ] {
        if let Observed::Known(value) = value
            && value != asked
        {
            return Ok(Err(format!("{name} is {value} instead of {asked}")));
        }
    }
    claims.audience.get()?;
    claims.tenant.get()?;
    let object_id = claims.object_id.get()?;
    if let Some(Presence::Present(principal)) = case.evidence.service_principal.known()
        && !same(&principal.object_id, object_id)
    {
        return Err(Gap::new(
            GapKind::Unrecognised,
            format!(
                "the token's oid is {object_id}, and the directory's service principal is {}",
                principal.object_id
            ),
        )
        .into());
    }
    Ok(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn a_401_for_a_right_token_is_the_missed_step() {
        assert_pass::<FinopsClientMissing>(|_| {});
        assert_fail::<FinopsClientMissing>(|snapshot| {
            reject_client(snapshot);
            finops(snapshot).mapping = known(Presence::Absent);
        });
        assert_fail::<FinopsClientMissing>(|snapshot| {
            reject_client(snapshot);
            finops(snapshot).mapping = gap();
        });
        assert_not_applicable::<FinopsClientMissing>(without_finops);
    }

    #[test]
    fn a_wrong_token_is_told_elsewhere_and_an_unread_one_proves_nothing() {
        let rejected = |spoil: fn(&mut crate::evidence::TokenClaims)| {
            move |snapshot: &mut crate::evidence::Snapshot| {
                reject_client(snapshot);
                finops(snapshot).mapping = gap();
                spoil(finops_claims(snapshot));
            }
        };
        assert_not_applicable::<FinopsClientMissing>(rejected(|claims| {
            claims.audience = known("https://contoso.operations.dynamics.com/".to_owned());
        }));
        assert_not_applicable::<FinopsClientMissing>(rejected(|claims| {
            claims.tenant = known("other".to_owned());
        }));
        assert_unknown::<FinopsClientMissing>(rejected(|claims| claims.object_id = gap()));
        assert_unknown::<FinopsClientMissing>(rejected(|claims| claims.audience = gap()));
        assert_unknown::<FinopsClientMissing>(rejected(|claims| {
            claims.object_id = known("another-principal".to_owned());
        }));
        assert_unknown::<FinopsClientMissing>(|snapshot| {
            reject_client(snapshot);
            finops(snapshot).mapping = gap();
            lose_tokens(snapshot);
        });
    }

    #[test]
    fn the_auditors_list_is_evidence_too() {
        assert_fail::<FinopsClientMissing>(|snapshot| {
            finops(snapshot).client = gap();
            finops(snapshot).mapping = known(Presence::Absent);
        });
        assert_unknown::<FinopsClientMissing>(|snapshot| finops(snapshot).client = gap());
        assert_unknown::<FinopsClientMissing>(reject_client);
        assert_not_applicable::<FinopsClientMissing>(|snapshot| {
            reject_client(snapshot);
            finops_user(snapshot).enabled = known(false);
        });
    }

    #[test]
    fn without_the_list_the_other_reading_of_a_401_is_told() {
        let judged = |mapping: Observed<Presence<crate::evidence::ClientMapping>>| {
            let outcome = judge_raia::<FinopsClientMissing>(|snapshot| {
                reject_client(snapshot);
                finops(snapshot).mapping = mapping;
            });
            format!("{outcome:?}")
        };
        assert!(judged(gap()).contains("may be refused alike"));
        let told = judged(known(Presence::Absent));
        assert!(!told.contains("may be refused alike"), "{told}");
        assert!(
            told.contains("has no row in System administration"),
            "{told}"
        );
        // The token was just found to be right: it is not blamed in the same breath.
        assert!(!told.contains("trailing slash"), "{told}");
    }
}
