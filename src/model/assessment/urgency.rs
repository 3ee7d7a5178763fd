//! What comes first: the one order of findings, the same in every format.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::time::days_left;
use crate::model::{Effect, Severity};

/// How soon somebody has to act, the most urgent first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// It does not work now.
    Broken,
    /// It breaks within seven days.
    Soon,
    /// It works, and can do or reach what it must not.
    Exposure,
    #[default]
    Rest,
}

/// Days before its end from which a credential is urgent.
const SOON: i64 = 7;

impl Urgency {
    /// Of a finding with this effect and weight; `ends` is when what it is about lapses.
    pub fn of(
        effect: Effect,
        severity: Severity,
        ends: Option<DateTime<Utc>>,
        as_of: DateTime<Utc>,
    ) -> Self {
        let is_heavy = severity >= Severity::High;
        match effect {
            Effect::SignIn | Effect::Access if is_heavy => Self::Broken,
            Effect::Expiry if ends.is_some_and(|end| days_left(end, as_of) <= SOON) => Self::Soon,
            Effect::Excess if is_heavy => Self::Exposure,
            _ => Self::Rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn what_is_broken_comes_before_what_breaks_and_that_before_what_is_open() {
        let now = DateTime::UNIX_EPOCH;
        let of = |effect, severity, days: Option<i64>| {
            let ends = days.map(|days| now + TimeDelta::try_days(days).unwrap());
            Urgency::of(effect, severity, ends, now)
        };
        use Severity::{Critical, High, Medium};
        let table = [
            (Effect::SignIn, Critical, None, Urgency::Broken),
            (Effect::SignIn, Medium, None, Urgency::Rest),
            (Effect::Access, High, None, Urgency::Broken),
            (Effect::Access, Medium, None, Urgency::Rest),
            (Effect::Expiry, Critical, Some(7), Urgency::Soon),
            (Effect::Expiry, Medium, Some(0), Urgency::Soon),
            (Effect::Expiry, High, Some(8), Urgency::Rest),
            (Effect::Expiry, High, None, Urgency::Rest),
            (Effect::Excess, High, None, Urgency::Exposure),
            (Effect::Excess, Medium, None, Urgency::Rest),
            (Effect::Upkeep, Critical, Some(1), Urgency::Rest),
        ];
        for (effect, severity, days, urgency) in table {
            assert_eq!(
                of(effect, severity, days),
                urgency,
                "{effect:?} {severity:?} {days:?}"
            );
        }
        assert!(Urgency::Broken < Urgency::Soon && Urgency::Soon < Urgency::Exposure);
    }
}
