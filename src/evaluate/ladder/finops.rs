//! The last rung: does Finance & Operations let the client in, and to what?

use super::{Counted, Ended, ended, reads, unread};
use crate::estate::{FinopsExpectations, Registration};
use crate::evidence::{
    CollectionAnswer, Expected, FinopsClient, FinopsProof, RegistrationEvidence,
};
use crate::model::assessment::RungState::{Failed, NotReached, Proven};
use crate::model::{Observed, Presence};

/// `None` where the estate expects nothing of it there.
pub(super) fn ended_there(
    registration: &Registration,
    evidence: &RegistrationEvidence,
) -> Option<Ended> {
    let expected = registration.finops.as_ref()?;
    let Some(proof) = &evidence.finops else {
        return Some(ended(NotReached, "not asked"));
    };
    Some(match &proof.client {
        Observed::Unknown(gap) => unread(gap),
        Observed::Known(FinopsClient::Rejected { .. }) => ended(Failed, "401, client refused"),
        Observed::Known(FinopsClient::Accepted { .. }) if user_is_disabled(proof) => {
            ended(Failed, "user disabled")
        }
        Observed::Known(FinopsClient::Accepted { .. }) => collections(expected, proof),
    })
}

fn user_is_disabled(proof: &FinopsProof) -> bool {
    let user = proof.user.known().and_then(Presence::present);
    user.is_some_and(|user| user.enabled.known() == Some(&false))
}

/// A 403 counts only where another collection was read with the same token.
fn collections(expected: &FinopsExpectations, proof: &FinopsProof) -> Ended {
    let (allow, deny) = (&expected.allow, &expected.deny);
    if allow.read.is_empty() && deny.read.is_empty() {
        return ended(Proven, "client accepted");
    }
    let was_read = |answer| matches!(answer, &Observed::Known(CollectionAnswer::Read { .. }));
    let counted = proof.reads.iter().map(|one| {
        let controlled = proof
            .reads
            .iter()
            .any(|other| other.collection != one.collection && was_read(&other.answer));
        match (&one.answer, one.expected) {
            (Observed::Unknown(gap), _) => Counted::of(gap),
            (Observed::Known(CollectionAnswer::Read { .. }), Expected::Allowed) => Counted::Read,
            (Observed::Known(CollectionAnswer::Refused { .. }), _) if !controlled => Counted::Open,
            (Observed::Known(CollectionAnswer::Refused { .. }), Expected::Denied) => {
                Counted::Refused
            }
            (Observed::Known(_), _) => Counted::Wrong,
        }
    });
    let first = proof.reads.iter().find_map(|one| one.answer.gap());
    let refused = (!deny.read.is_empty()).then_some("refused by status only");
    reads(allow, deny, counted, first, refused)
}
