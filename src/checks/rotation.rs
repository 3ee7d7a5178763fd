//! What the policy says of rotations, read from the parameters of three checks.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::checks::check::Check;
use crate::checks::lifecycle::credential_lifetime_too_long::CredentialLifetimeTooLong;
use crate::checks::lifecycle::rotation_overdue::RotationOverdue;
use crate::checks::lifecycle::rotation_unfinished::RotationUnfinished;
use crate::evidence::CredentialKind;
use crate::facts::rotation::params::RotationParams;

/// Gathers them from the policy's tables (`{}` where it has none), by check id. A table that does not
/// fit counts as empty here: preparing its check says so.
pub(crate) fn rotation_params(table: impl Fn(&str) -> Value) -> RotationParams {
    let overdue = read::<RotationOverdue>(&table);
    let unfinished = read::<RotationUnfinished>(&table);
    let lifetime = read::<CredentialLifetimeTooLong>(&table);
    RotationParams {
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

fn read<C: Check>(table: &impl Fn(&str) -> Value) -> C::Params
where
    C::Params: DeserializeOwned + Default,
{
    serde_json::from_value(table(C::META.id)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_that_says_nothing_leaves_the_defaults() {
        let none = |_: &str| Value::Object(serde_json::Map::new());
        assert_eq!(rotation_params(none), RotationParams::default());
    }
}
