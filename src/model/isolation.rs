//! Which credentials are tried on which foreign environments.

use crate::model::word::words;

use super::Tier;

words! {
    /// Which credentials are tried on other environments than their own.
    #[derive(Default)]
    pub enum IsolationProbe {
        Off = "off",
        /// Non-production credentials against production.
        #[default]
        IntoProduction = "into-production",
        /// Every credential against the environments of other tiers.
        CrossTier = "cross-tier",
        /// Every credential against every other environment.
        All = "all",
    }
}

impl IsolationProbe {
    /// Whether a credential of an environment of tier `home` is tried on another one of tier `target`.
    pub fn tries(self, home: Tier, target: Tier) -> bool {
        match self {
            Self::Off => false,
            Self::IntoProduction => home != Tier::Production && target == Tier::Production,
            Self::CrossTier => home != target,
            Self::All => true,
        }
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
