//! The last rung: does Finance & Operations let the client in, and to what?

use super::{nothing_told, rung, unreached_words, unread};
use crate::estate::Registration;
use crate::evidence::{
    CollectionAnswer, Expected, FinopsClient, FinopsProof, RegistrationEvidence,
};
use crate::model::assessment::{Rung, RungState};
use crate::model::{GapKind, Observed, Presence};

const NAME: &str = "finops";

/// `None` where the estate expects nothing of it there.
pub(super) fn rung_of(
    registration: &Registration,
    evidence: &RegistrationEvidence,
) -> Option<Rung> {
    let expectations = registration.finops.as_ref()?;
    let Some(proof) = &evidence.finops else {
        return Some(rung(NAME, RungState::NotReached, "not asked"));
    };
    Some(match &proof.client {
        Observed::Unknown(gap) => unread(NAME, gap),
        Observed::Known(FinopsClient::Rejected { .. }) => {
            rung(NAME, RungState::Failed, "401, client refused")
        }
        Observed::Known(FinopsClient::Accepted { .. }) if user_is_disabled(proof) => {
            rung(NAME, RungState::Failed, "user disabled")
        }
        Observed::Known(FinopsClient::Accepted { .. }) => {
            let (allowed, denied) = (&expectations.allow.read, &expectations.deny.read);
            reads(proof, allowed.len(), denied.len())
        }
    })
}

fn user_is_disabled(proof: &FinopsProof) -> bool {
    proof
        .user
        .known()
        .and_then(Presence::present)
        .is_some_and(|user| user.enabled.known() == Some(&false))
}

/// A 403 counts only where another collection was read with the same token.
fn reads(proof: &FinopsProof, allowed: usize, denied: usize) -> Rung {
    if allowed + denied == 0 {
        return rung(NAME, RungState::Proven, "client accepted");
    }
    let was_read = |answer: &Observed<CollectionAnswer>| {
        matches!(answer, Observed::Known(CollectionAnswer::Read { .. }))
    };
    let (mut read, mut refused, mut wrong, mut gaps, mut unreached) = (0, 0, 0, 0, 0);
    for one in &proof.reads {
        let controlled = proof
            .reads
            .iter()
            .any(|other| other.collection != one.collection && was_read(&other.answer));
        match (&one.answer, one.expected) {
            (Observed::Unknown(gap), _) if gap.kind == GapKind::NotReached => unreached += 1,
            (Observed::Unknown(_), _) => gaps += 1,
            (Observed::Known(CollectionAnswer::Read { .. }), Expected::Allowed) => read += 1,
            (Observed::Known(CollectionAnswer::Refused { .. }), _) if !controlled => gaps += 1,
            (Observed::Known(CollectionAnswer::Refused { .. }), Expected::Denied) => refused += 1,
            (Observed::Known(_), _) => wrong += 1,
        }
    }
    gaps += (allowed + denied).saturating_sub(read + refused + wrong + gaps + unreached);
    let note = if read + refused + wrong == 0 && gaps > 0 {
        // Without a gap of their own they were refused, and nothing shows what such a refusal is worth.
        let first = proof.reads.iter().find_map(|one| one.answer.gap());
        nothing_told(allowed + denied, first)
    } else if denied == 0 {
        format!("{read}/{allowed} read")
    } else {
        format!("{read}/{allowed} read, {refused}/{denied} refused by status only")
    };
    let state = if wrong > 0 {
        RungState::Failed
    } else if gaps > 0 {
        RungState::Unknown
    } else if unreached > 0 {
        return rung(NAME, RungState::NotReached, unreached_words(read, allowed));
    } else {
        RungState::Proven
    };
    rung(NAME, state, note)
}
