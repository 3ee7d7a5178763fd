//! The page's own words and marks: severities, ends, bands.

use chrono::{DateTime, Utc};

use super::markup::Markup;
use crate::model::assessment::{Assessment, CredentialEnd, RegistrationView, RungState};
use crate::model::{Severity, time};

/// The class of the verdict's colour; the words say the same.
pub(super) fn verdict_class(assessment: &Assessment) -> &'static str {
    match (assessment.verdict.failing, assessment.verdict.incomplete) {
        (0, false) => "verdict good",
        (0, true) => "verdict doubt",
        _ => "verdict bad",
    }
}

/// A severity's mark: a shape, a word and a colour.
pub(super) fn severity(page: &mut Markup, severity: Severity) {
    let (class, shape) = match severity {
        Severity::Critical => ("tag critical", "\u{25a0} "),
        Severity::High => ("tag high", "\u{25b2} "),
        Severity::Medium => ("tag medium", "\u{25c6} "),
        Severity::Low => ("tag low", "\u{25cf} "),
        Severity::Info => ("tag info", "\u{25cb} "),
    };
    page.element("span", &[("class", class)], |tag| {
        tag.element("span", &[("aria-hidden", "true")], |mark| mark.raw(shape));
        tag.text(severity.as_str());
    });
}

/// A rung's state in a word and the class of its colour.
pub(super) const fn rung(state: RungState) -> (&'static str, &'static str) {
    match state {
        RungState::Proven => ("s-good", "ok"),
        RungState::Failed => ("s-bad", "FAIL"),
        RungState::Unknown => ("s-doubt", "? unknown"),
        RungState::NotReached => ("s-quiet", "\u{2013} not reached"),
        RungState::NotApplicable => ("s-quiet", "n/a"),
    }
}

/// How urgent an end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    Over,
    /// Within so many days.
    Within(i64),
    Later,
    Never,
    Unknown,
}

/// The day of the report, and how near an end has to be to matter.
pub(super) struct Horizon {
    pub as_of: DateTime<Utc>,
    /// The policy's bands and the last day, in days before an end, narrowest first.
    pub bands: Vec<i64>,
}

impl Horizon {
    pub fn of(assessment: &Assessment) -> Self {
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
    pub fn now(&self) -> i64 {
        let week = self.bands.iter().rev().find(|days| **days <= 7);
        week.copied().unwrap_or(1)
    }

    /// The widest band.
    pub fn soon(&self) -> i64 {
        self.bands.last().copied().unwrap_or(1)
    }

    pub fn urgency(&self, ends: &CredentialEnd) -> Urgency {
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

    pub fn class(&self, urgency: Urgency) -> &'static str {
        match urgency {
            Urgency::Over => "u-over",
            Urgency::Within(band) if band <= self.now() => "u-now",
            Urgency::Within(_) => "u-soon",
            Urgency::Later => "u-later",
            Urgency::Never => "u-never",
            Urgency::Unknown => "u-unknown",
        }
    }

    /// An end in two parts: the date, and how near it is.
    pub fn end(&self, ends: &CredentialEnd) -> (String, String) {
        match ends {
            CredentialEnd::On { end, .. } => {
                let near = match self.urgency(ends) {
                    Urgency::Over => format!("OVER, {}", time::near(*end, self.as_of)),
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
            CredentialEnd::Never => ("no end".to_owned(), "nothing makes it stop".to_owned()),
            CredentialEnd::Unknown(why) => ("not known".to_owned(), why.clone()),
        }
    }
}

/// `1 day`, `7 days`.
pub(super) fn days(number: i64) -> String {
    if number == 1 {
        "1 day".to_owned()
    } else {
        format!("{number} days")
    }
}

/// `prod (production)`.
pub(super) fn environment(view: &RegistrationView) -> String {
    format!("{} ({})", view.environment, view.tier)
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

    #[test]
    fn a_policy_of_other_bands_has_its_own_marks() {
        let mut assessment = fixture::empty();
        assessment.bands = vec![90, 10];
        let horizon = Horizon::of(&assessment);
        assert_eq!((horizon.now(), horizon.soon()), (1, 90));
        assert_eq!(horizon.class(Urgency::Within(10)), "u-soon");
        assert_eq!(horizon.class(Urgency::Within(1)), "u-now");
    }
}
