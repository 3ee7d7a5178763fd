//! What a stored answer of another environment says: read again from its status and code, and from the
//! token behind it.

use super::controls::issued;
use super::truth_table::Answered;
use crate::facts::case::Case;
use crate::facts::prelude::*;

/// Refused for a reason that is this application's and that resource's alone. Other codes of the token
/// endpoint may have other causes.
const NOT_ASSIGNED: &str = "AADSTS501051";

pub(crate) fn answered(
    case: &Case<'_>,
    proof: Option<&ForeignProof>,
    name: &str,
    target: &Environment,
    service: Service,
) -> (Answered, Gap) {
    let not_tried = || (Answered::NotTried, nothing_missing());
    if case.registration.prove == Prove::Never {
        return not_tried();
    }
    let Some(tried) = proof.and_then(|proof| proof.tried.as_ref()) else {
        let probe = case.snapshot().isolation;
        if !probe.tries(case.environment.tier, target.tier) {
            return not_tried();
        }
        let why = format!("the credential was not tried on {name}, though the policy asks for it");
        return (Answered::Unknown, Gap::new(GapKind::NotReached, why));
    };
    let unknown = |gap: Gap| (Answered::Unknown, gap);
    let read = match &tried.answer {
        Observed::Unknown(gap) => Err(gap.clone()),
        Observed::Known(answer) => read_again(service, answer),
    };
    match read {
        // What was accepted has shown its token; what says "a user, but" has, too.
        Ok(answered) if answered.lets_in() || answered.names_user() => {
            (answered, nothing_missing())
        }
        read => match (&tried.token, read) {
            (Observed::Unknown(gap), _) => unknown(gap.clone()),
            (Observed::Known(TokenAnswer::Refused { seen, .. }), _)
                if seen.code.as_deref() == Some(NOT_ASSIGNED) =>
            {
                (Answered::NotAssigned, nothing_missing())
            }
            (Observed::Known(TokenAnswer::Refused { seen, .. }), _) => {
                // The credential's own fault is a failed rung at home; else the cause is not told.
                let at_home = case.evidence.tokens.iter().any(issued);
                let kind = if at_home {
                    GapKind::Unrecognised
                } else {
                    GapKind::NotReached
                };
                unknown(Gap::new(
                    kind,
                    format!("{seen}: that says nothing of this application in {name}"),
                ))
            }
            (_, Err(gap)) => unknown(gap),
            (Observed::Known(TokenAnswer::Issued { claims, .. }), Ok(Answered::Rejected)) => {
                match right_token(case, target, claims) {
                    Ok(()) => (Answered::Rejected, nothing_missing()),
                    Err(gap) => unknown(gap),
                }
            }
            (_, Ok(answered)) => (answered, nothing_missing()),
        },
    }
}

/// The answer, looked up again from its status and code: what the snapshot calls it decides nothing.
fn read_again(service: Service, answer: &ForeignAnswer) -> Result<Answered, Gap> {
    let (seen, read_as) = match answer {
        ForeignAnswer::Open { seen } => (seen, Answered::Open),
        ForeignAnswer::LetIn { seen } => (seen, Answered::LetIn),
        ForeignAnswer::Rejected { seen } => (seen, Answered::Rejected),
        ForeignAnswer::Refused { seen, why } => (
            seen,
            match why {
                UserRefusal::NotAMember => Answered::NotAMember,
                UserRefusal::NoRoles => Answered::NoRoles,
                UserRefusal::Disabled => Answered::UserDisabled,
            },
        ),
    };
    if says(service, seen) == Some(read_as) {
        return Ok(read_as);
    }
    Err(Gap::new(
        GapKind::Unrecognised,
        format!("{seen}, which is not an answer about who may enter"),
    ))
}

/// What status and code say by themselves. Only codes that somebody has read or captured refuse.
fn says(service: Service, seen: &Seen) -> Option<Answered> {
    match (service, seen.status) {
        (_, 200..=299) => Some(Answered::Open),
        (Service::FinOps, 401) => Some(Answered::Rejected),
        (Service::FinOps, 403) => Some(Answered::LetIn),
        (Service::FinOps, _) => None,
        (_, 403) => {
            let known = codes::find(seen.code.as_deref()?)?;
            match known.class {
                _ if known.source == Source::Recalled => None,
                Class::NotAMember => Some(Answered::NotAMember),
                Class::UserDisabled => Some(Answered::UserDisabled),
                Class::NoRoles => Some(Answered::NoRoles),
                _ => None,
            }
        }
        _ => None,
    }
}

/// F&O answers 401 to a wrong `tid`, `aud` or missing `oid` as well: only a right token makes it a word
/// about the client.
fn right_token(
    case: &Case<'_>,
    target: &Environment,
    claims: &Observed<TokenClaims>,
) -> Result<(), Gap> {
    let claims = claims.get().map_err(Clone::clone)?;
    let host = target.finops.as_deref().unwrap_or_default();
    let resource = format!("https://{host}");
    for (claim, told, wanted) in [
        ("aud", &claims.audience, resource.as_str()),
        ("tid", &claims.tenant, case.tenant.id.as_str()),
    ] {
        let told = told.get().map_err(Clone::clone)?;
        if !told.trim_end_matches('/').eq_ignore_ascii_case(wanted) {
            return Err(Gap::new(
                GapKind::Unrecognised,
                format!(
                    "the 401 says nothing of the client: its token has {claim} {told} instead of {wanted}"
                ),
            ));
        }
    }
    claims.object_id.get().map_err(Clone::clone)?;
    Ok(())
}

/// Stands where nothing is missing, and is never shown.
pub(crate) fn nothing_missing() -> Gap {
    Gap::new(GapKind::NotReached, "nothing is missing")
}
