//! Which sort of proof a refusal's code is about: where another sort was sent, the two disagree.

use super::Code;

/// What a client proves itself with at the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    Secret,
    /// Signed with a certificate, or made by another issuer.
    Assertion,
}

impl Code {
    /// The sort of proof that only this code's refusals are about; `None` where they may be about any.
    #[must_use]
    pub fn about(&self) -> Option<Sent> {
        match self.code {
            "AADSTS7000215" | "AADSTS7000222" => Some(Sent::Secret),
            "AADSTS700027" | "AADSTS1000502" | "AADSTS7000214" | "AADSTS700024"
            | "AADSTS700030" | "AADSTS50027" | "AADSTS700023" | "AADSTS700021" | "AADSTS50012"
            | "AADSTS70021" | "AADSTS70025" | "AADSTS700211" | "AADSTS700212" | "AADSTS700213"
            | "AADSTS7002137" | "AADSTS7002138" | "AADSTS700229" => Some(Sent::Assertion),
            _ => None,
        }
    }
}
