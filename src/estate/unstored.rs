//! Registrations for which no credential is stored: how they sign in instead.

use crate::model::word::words;

words! {
    /// How an integration signs in for which no credential is stored anywhere.
    #[derive(Default)]
    pub enum Unstored {
        /// `credential = "none"`: a managed identity, which gets its tokens from the platform it runs on.
        #[default]
        None = "none",
        /// `credential = "federated"`: a token of another issuer, which its registration trusts.
        Federated = "federated",
    }
}

impl Unstored {
    /// Why the steps that take a stored credential are left out.
    pub const fn cannot_be_proven(self) -> &'static str {
        match self {
            Self::None => {
                "credential = \"none\" in the estate: no credential is stored, so that its sign-in cannot be proven"
            }
            Self::Federated => {
                "credential = \"federated\" in the estate: no credential is stored, so that its sign-in cannot be proven"
            }
        }
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde's skip_serializing_if takes a reference"
    )]
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
