//! Bands of days before an end, by severity.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::Credential;
use crate::facts::case::Stop;
use crate::model::time::{days_left, is_past};
use crate::model::{Gap, GapKind, Severity};

/// Days before the end from which a severity applies, inclusive. A severity that is left out has none.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Bands {
    /// Days before the end from which it is info. Left out: none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    info: Option<u32>,
    /// Days before the end from which it is low. Left out: none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<u32>,
    /// Days before the end from which it is medium. Left out: none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    medium: Option<u32>,
    /// Days before the end from which it is high. Left out: none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<u32>,
    /// Days before the end from which it is critical. Left out: none is.
    #[serde(skip_serializing_if = "Option::is_none")]
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

/// How soon it ends, which credential, and when.
pub(crate) type Ending<'a> = (Severity, &'a Credential, DateTime<Utc>);

impl Bands {
    /// The days at which a band begins, most first, each once.
    pub(crate) fn days(&self) -> Vec<u32> {
        let bands = [self.info, self.low, self.medium, self.high, self.critical];
        let mut days: Vec<u32> = bands.into_iter().flatten().collect();
        days.sort_unstable_by(|left, right| right.cmp(left));
        days.dedup();
        days
    }

    /// The worst band that `days_left` lies in.
    pub(crate) fn band(&self, days_left: i64) -> Option<Severity> {
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

    /// The band that all of these credentials' ends lie in, with the one that ends first; `None` where
    /// none ends soon. What is past its end is critical.
    ///
    /// # Errors
    /// An end that could not be read, or ends in different bands: then nothing tells which one counts.
    pub(crate) fn agreed<'a>(
        &self,
        credentials: &[&'a Credential],
        as_of: DateTime<Utc>,
    ) -> Result<Option<Ending<'a>>, Stop> {
        let mut ends = Vec::new();
        for credential in credentials {
            ends.push((*credential.end.get()?, *credential));
        }
        let band = |end: DateTime<Utc>| {
            if is_past(end, as_of) {
                Some(Severity::Critical)
            } else {
                self.band(days_left(end, as_of))
            }
        };
        ends.sort_by_key(|(end, _)| *end);
        let Some((first, credential)) = ends.first().copied() else {
            return Ok(None);
        };
        let severity = band(first);
        if ends.iter().any(|(end, _)| band(*end) != severity) {
            return Err(Gap::new(
                GapKind::Unrecognised,
                format!(
                    "it is unknown which of {} credentials counts, and only some of them expire soon",
                    ends.len()
                ),
            )
            .into());
        }
        Ok(severity.map(|severity| (severity, credential, first)))
    }
}
