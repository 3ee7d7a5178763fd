//! Bands of days before an end, by severity.

use serde::Deserialize;

use crate::model::Severity;

/// Days before the end from which a severity applies, inclusive. A severity that is left out has none.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Bands {
    #[serde(default)]
    info: Option<u32>,
    #[serde(default)]
    low: Option<u32>,
    #[serde(default)]
    medium: Option<u32>,
    #[serde(default)]
    high: Option<u32>,
    #[serde(default)]
    critical: Option<u32>,
}

impl Default for Bands {
    fn default() -> Self {
        Self {
            info: None,
            low: Some(60),
            medium: Some(30),
            high: Some(14),
            critical: Some(7),
        }
    }
}

impl Bands {
    /// The worst band that `days_left` lies in.
    pub(super) fn band(&self, days_left: i64) -> Option<Severity> {
        [
            (Severity::Critical, self.critical),
            (Severity::High, self.high),
            (Severity::Medium, self.medium),
            (Severity::Low, self.low),
            (Severity::Info, self.info),
        ]
        .into_iter()
        .find_map(|(severity, within)| (days_left <= i64::from(within?)).then_some(severity))
    }
}
