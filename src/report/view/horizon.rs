//! How near an end is to the day of the report, by the policy's bands.

use chrono::{DateTime, Utc};

use crate::model::assessment::{Assessment, CredentialEnd};
use crate::model::plural::days;
use crate::model::time;

/// How urgent an end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    Over,
    /// Within so many days.
    Within(i64),
    Later,
    Never,
    Unknown,
}

/// The day of the report, and how near an end has to be to matter.
pub(crate) struct Horizon {
    pub as_of: DateTime<Utc>,
    /// The policy's bands and the last day, in days before an end, narrowest first.
    pub bands: Vec<i64>,
}

impl Horizon {
    pub(crate) fn of(assessment: &Assessment) -> Self {
        let mut bands: Vec<i64> = assessment.bands.iter().copied().map(i64::from).collect();
        bands.push(1);
        bands.retain(|days| *days > 0);
        bands.sort_unstable();
        bands.dedup();
        Self {
            as_of: assessment.run.as_of,
            bands,
        }
    }

    /// The widest band of at most a week: what ends in it is marked as pressing.
    pub(crate) fn now(&self) -> i64 {
        let week = self.bands.iter().rev().find(|days| **days <= 7);
        week.copied().unwrap_or(1)
    }

    /// The widest band.
    pub(crate) fn soon(&self) -> i64 {
        self.bands.last().copied().unwrap_or(1)
    }

    pub(crate) fn urgency(&self, ends: &CredentialEnd) -> Urgency {
        match ends {
            CredentialEnd::On { end, .. } if time::is_past(*end, self.as_of) => Urgency::Over,
            CredentialEnd::On { days_left, .. } => self
                .bands
                .iter()
                .find(|band| days_left <= band)
                .map_or(Urgency::Later, |band| Urgency::Within(*band)),
            CredentialEnd::Never => Urgency::Never,
            CredentialEnd::Unknown(_) => Urgency::Unknown,
        }
    }

    /// An end in two parts: the date, and how near it is.
    pub(crate) fn end(&self, ends: &CredentialEnd) -> (String, String) {
        match ends {
            CredentialEnd::On { end, .. } => {
                let near = match self.urgency(ends) {
                    Urgency::Over => format!("expired, {}", time::near(*end, self.as_of)),
                    Urgency::Within(band) => {
                        format!(
                            "{} \u{b7} within {}",
                            time::near(*end, self.as_of),
                            days(band)
                        )
                    }
                    _ => time::near(*end, self.as_of),
                };
                (time::day(*end), near)
            }
            CredentialEnd::Never => ("never".to_owned(), "it does not expire".to_owned()),
            CredentialEnd::Unknown(why) => ("unknown".to_owned(), why.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn bands_are_inclusive_and_the_end_itself_is_over() {
        let mut assessment = fixture::empty();
        assessment.bands = vec![60, 30, 14, 7];
        let horizon = Horizon::of(&assessment);
        assert_eq!(horizon.bands, [1, 7, 14, 30, 60]);
        assert_eq!((horizon.now(), horizon.soon()), (7, 60));
        let of = |seconds: i64| {
            let end = horizon.as_of + chrono::TimeDelta::seconds(seconds);
            let days_left = time::days_left(end, horizon.as_of);
            horizon.urgency(&CredentialEnd::On { end, days_left })
        };
        assert_eq!(of(0), Urgency::Over);
        assert_eq!(of(1), Urgency::Within(1));
        assert_eq!(of(2 * 86_400), Urgency::Within(7));
        assert_eq!(of(7 * 86_400), Urgency::Within(7));
        assert_eq!(of(60 * 86_400), Urgency::Within(60));
        assert_eq!(of(61 * 86_400), Urgency::Later);
    }
}
