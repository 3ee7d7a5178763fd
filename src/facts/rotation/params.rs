//! What a policy may say of rotations, gathered from the parameters of several checks.

use crate::facts::prelude::*;

/// When a credential is due, and when an old one may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RotationParams {
    /// Age of the stored credential at which it is overdue, in days.
    pub interval_days: u32,
    /// Days before that, or before its end, from which it is due.
    pub notice_days: u32,
    /// Days that two credentials may live side by side.
    pub overlap_days: u32,
    /// Days without a sign-in after which an old one counts as idle.
    pub idle_days: u32,
    /// How long a new secret and a new certificate may last, in days.
    pub max_days: (u32, u32),
}

impl RotationParams {
    /// How long a new credential of this kind may last, in days.
    pub(crate) const fn max_days_of(&self, kind: CredentialKind) -> u32 {
        match kind {
            CredentialKind::Secret => self.max_days.0,
            CredentialKind::Certificate => self.max_days.1,
        }
    }
}

impl Default for RotationParams {
    fn default() -> Self {
        Self {
            interval_days: 180,
            notice_days: 30,
            overlap_days: 14,
            idle_days: 14,
            max_days: (180, 180),
        }
    }
}
