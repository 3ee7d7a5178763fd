//! Which credentials are tried on which foreign environments.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Tier;

/// Which credentials are tried on other environments than their own.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum IsolationProbe {
    Off,
    /// Non-production credentials against production.
    #[default]
    IntoProduction,
    /// Every credential against the environments of other tiers.
    CrossTier,
    /// Every credential against every other environment.
    All,
}

impl IsolationProbe {
    pub const ALL: [Self; 4] = [Self::Off, Self::IntoProduction, Self::CrossTier, Self::All];

    /// The word used in the policy file and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::IntoProduction => "into-production",
            Self::CrossTier => "cross-tier",
            Self::All => "all",
        }
    }

    /// Whether a credential of an environment of tier `home` is tried on another one of tier `target`.
    #[must_use]
    pub fn tries(self, home: Tier, target: Tier) -> bool {
        match self {
            Self::Off => false,
            Self::IntoProduction => home != Tier::Production && target == Tier::Production,
            Self::CrossTier => home != target,
            Self::All => true,
        }
    }
}

impl fmt::Display for IsolationProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{IsolationProbe as Probe, Tier};

    #[test]
    fn production_credentials_stay_at_home_by_default() {
        let tried = |probe: Probe| {
            let tiers = [Tier::Production, Tier::Test, Tier::Development];
            let pairs = tiers
                .iter()
                .flat_map(|home| tiers.map(|target| (*home, target)));
            pairs
                .filter(|(home, target)| probe.tries(*home, *target))
                .count()
        };
        assert_eq!(Probe::ALL.map(tried), [0, 2, 6, 9]);
        assert!(!Probe::default().tries(Tier::Production, Tier::Test));
        assert!(Probe::default().tries(Tier::Development, Tier::Production));
    }
}
