//! How checks look at a registration's tokens: every one of them, the worst counts.

use super::case::{Case, Stop};
use super::outcomes::any;
use crate::facts::prelude::*;
use crate::model::Severity;
use crate::reference::codes::{Code, Sent};

/// A refusal of the token endpoint with its entry in the table of codes.
pub(crate) type Refusal<'a> = (&'a Seen, &'static Code);

fn refusal<'a>(
    snapshot: &Snapshot,
    evidence: &RegistrationEvidence,
    proof: &'a TokenProof,
) -> Result<Option<Refusal<'a>>, Stop> {
    match answered(snapshot, evidence, proof)? {
        TokenAnswer::Issued { .. } => Ok(None),
        TokenAnswer::Refused { seen, error } => {
            // The number explains; where it is not known, OAuth's word has refused the client all the same.
            let by_word = || error.and_then(|error| codes::oauth(error.as_str()));
            let by_number = seen.code.as_deref().and_then(codes::find);
            let code = by_number.or_else(by_word).ok_or_else(|| {
                Stop::Gap(Gap::new(
                    GapKind::Unrecognised,
                    format!("{seen}, a code that is not known"),
                ))
            })?;
            Ok(Some((seen, code)))
        }
    }
}

/// What the token endpoint said; a refusal of what is too new to be known everywhere is none.
fn answered<'a>(
    snapshot: &Snapshot,
    evidence: &RegistrationEvidence,
    proof: &'a TokenProof,
) -> Result<&'a TokenAnswer, Gap> {
    let answer = proof.answer.get().map_err(Clone::clone)?;
    match answer {
        TokenAnswer::Refused { seen, .. } => match evidence.asked_too_early(seen, snapshot) {
            Some(gap) => Err(gap),
            None => Ok(answer),
        },
        TokenAnswer::Issued { .. } => Ok(answer),
    }
}

impl<'a> Case<'a> {
    /// Every token that was asked for, the ladder's own first.
    pub(crate) fn tokens(&self) -> Result<&'a [TokenProof], Stop> {
        match self.evidence.tokens.as_slice() {
            [] if self.registration.credential.is_none() => Err(self.unproven().into()),
            [] => Err(Gap::unasked(Unasked::NoToken, "no token was asked for").into()),
            tokens => Ok(tokens),
        }
    }

    /// Why nothing was asked with the registration's own credential, where none is stored.
    fn unproven(&self) -> Gap {
        let why = self.registration.unstored.cannot_be_proven();
        Gap::unasked(Unasked::NothingStored, why)
    }

    /// Whether the stored credential got a token for anything; `None` while that is not known.
    pub(crate) fn token_issued(&self) -> Option<bool> {
        self.proven().ok()
    }

    /// A Fail of what keeps an integration from signing in, at the check's own severity; milder where a
    /// token shows that it signs in all the same.
    pub(crate) fn unless_it_signs_in(&self, seen: impl Into<Prose>, milder: Severity) -> Outcome {
        let failure = Failure::new(seen);
        Outcome::Fail(match self.token_issued() {
            Some(true) => failure.at(milder),
            Some(false) | None => failure,
        })
    }

    /// Whether the stored credential got a token for anything.
    pub(crate) fn proven(&self) -> Result<bool, Stop> {
        let answers = self.tokens()?.iter().map(|proof| {
            let answer = answered(self.snapshot(), self.evidence, proof)?;
            Ok(matches!(answer, TokenAnswer::Issued { .. }))
        });
        any(answers)
    }

    /// Every refusal, where every answer is known.
    pub(crate) fn token_refusals(&self) -> Result<Vec<Refusal<'a>>, Stop> {
        let mut refusals = Vec::new();
        for proof in self.tokens()? {
            refusals.extend(refusal(self.snapshot(), self.evidence, proof)?);
        }
        Ok(refusals)
    }

    /// The refusals that are known; a gap only where there are none and an answer is unknown.
    pub(crate) fn known_refusals(&self) -> Result<Vec<Refusal<'a>>, Stop> {
        let known: Vec<Refusal<'a>> = self
            .tokens()?
            .iter()
            .filter_map(|proof| {
                refusal(self.snapshot(), self.evidence, proof)
                    .ok()
                    .flatten()
            })
            .collect();
        if known.is_empty() {
            return self.token_refusals();
        }
        Ok(known)
    }

    /// Why a refusal of what is stored proves nothing yet, where it came too early.
    pub(crate) fn asked_too_early(&self) -> Option<Gap> {
        let refused = |proof: &TokenProof| match proof.answer.known()? {
            TokenAnswer::Refused { seen, .. } => {
                self.evidence.asked_too_early(seen, self.snapshot())
            }
            TokenAnswer::Issued { .. } => None,
        };
        self.evidence.tokens.iter().find_map(refused)
    }

    /// The form in which the credential is stored, where the code's refusals are about the other sort: such an
    /// answer refuses the client, and does not tell what is wrong with what was sent.
    pub(crate) fn at_odds_with(&self, code: &Code) -> Option<CredentialForm> {
        let stored = self.registration.credential.as_ref()?.kind;
        let sent = match stored {
            CredentialForm::Secret => Sent::Secret,
            CredentialForm::Certificate => Sent::Assertion,
        };
        code.about
            .is_some_and(|about| about != sent)
            .then_some(stored)
    }

    /// A refusal of the token endpoint of this class, about what was sent. Unknown answers count as none: the caller has
    /// other evidence to look at first.
    pub(crate) fn refused_as(&self, class: Class) -> Option<Refusal<'a>> {
        self.known_refusals()
            .ok()?
            .into_iter()
            .find(|(_, code)| code.class == class && self.at_odds_with(code).is_none())
    }
}
