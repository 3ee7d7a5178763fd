//! The words with which a token endpoint refuses a client: they decide, a service's own number explains.

use serde::{Deserialize, Serialize};

/// The values of `error` that refuse the client itself (RFC 6749, section 5.2). Others speak of the
/// request, the resource or the moment, and say nothing of the credential.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ClientRefusal {
    InvalidClient,
    UnauthorizedClient,
    InvalidGrant,
}

impl ClientRefusal {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self::InvalidClient,
        Self::UnauthorizedClient,
        Self::InvalidGrant,
    ];

    /// The word on the wire, which is its entry in the table of codes, too.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidClient => "invalid_client",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::InvalidGrant => "invalid_grant",
        }
    }

    /// The refusal that a word is, letter by letter.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}
