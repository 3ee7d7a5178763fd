//! The token of a registration, or why there is none, for the steps behind it.

use secrecy::SecretString;

use crate::collect::entra::map::Granted;
use crate::evidence::{TokenAnswer, TokenProof};
use crate::model::{Gap, GapKind, Observed, Service};

/// What a rung further up needs to know of the token: the token, or why there is none.
pub(crate) struct Held {
    pub(crate) answer: Observed<TokenAnswer>,
    pub(crate) token: Option<SecretString>,
}

impl Held {
    pub(crate) fn of(granted: &Granted) -> Self {
        Self {
            answer: granted.answer.clone(),
            token: granted.token.clone(),
        }
    }

    /// NotReached, naming the rung that failed.
    pub(crate) fn missing(&self) -> Gap {
        let reached = |why: String| Gap::new(GapKind::NotReached, why);
        match &self.answer {
            Observed::Known(TokenAnswer::Refused { seen, .. }) => {
                reached(format!("no token was given: {seen}"))
            }
            Observed::Known(TokenAnswer::Issued { .. }) => {
                reached("the token was used up".to_owned())
            }
            Observed::Unknown(gap) if gap.kind == GapKind::NotReached => gap.clone(),
            Observed::Unknown(gap) => gap.behind(format!("no token was given: {}", gap.seen)),
        }
    }
}

pub(crate) fn token_proof(service: Service, resource: String, held: &Held) -> TokenProof {
    TokenProof {
        service,
        resource,
        answer: held.answer.clone(),
    }
}
