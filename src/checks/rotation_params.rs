//! What the policy says of rotations: the parameters of several checks in one place.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::check::Check;
use super::credential_lifetime_too_long::CredentialLifetimeTooLong;
use super::rotation_overdue::RotationOverdue;
use super::rotation_unfinished::RotationUnfinished;
use crate::evidence::CredentialKind;

/// When a credential is due, and when an old one may go.
#[derive(Clone, Copy, Debug)]
pub struct RotationParams {
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
    /// Gathers them from the policy's tables (`{}` where it has none), by check id. A table that does not
    /// fit counts as empty here: preparing its check says so.
    pub fn from_policy(table: impl Fn(&str) -> Value) -> Self {
        let overdue = read::<RotationOverdue>(&table);
        let unfinished = read::<RotationUnfinished>(&table);
        let lifetime = read::<CredentialLifetimeTooLong>(&table);
        Self {
            interval_days: overdue.interval_days,
            notice_days: overdue.notice_days,
            overlap_days: unfinished.overlap_days,
            idle_days: unfinished.idle_days,
            max_days: (
                lifetime.max_days_of(CredentialKind::Secret),
                lifetime.max_days_of(CredentialKind::Certificate),
            ),
        }
    }

    /// How long a new credential of this kind may last, in days.
    pub(super) const fn max_days_of(&self, kind: CredentialKind) -> u32 {
        match kind {
            CredentialKind::Secret => self.max_days.0,
            CredentialKind::Certificate => self.max_days.1,
        }
    }
}

impl Default for RotationParams {
    fn default() -> Self {
        Self::from_policy(|_| Value::Object(serde_json::Map::new()))
    }
}

fn read<C: Check>(table: &impl Fn(&str) -> Value) -> C::Params
where
    C::Params: DeserializeOwned + Default,
{
    serde_json::from_value(table(C::META.id)).unwrap_or_default()
}
