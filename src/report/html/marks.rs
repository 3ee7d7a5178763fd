//! The page's own marks: a class of the style sheet with each verdict, severity, step and end.

use super::markup::Markup;
use crate::model::Severity;
use crate::model::assessment::{Assessment, RungState};
use crate::report::view::horizon::{Horizon, Urgency};
use crate::report::view::verdict::Standing;

/// The class of the verdict's colour; the words say the same.
pub(super) fn verdict_class(assessment: &Assessment) -> &'static str {
    match Standing::of(assessment) {
        Standing::Clean => "verdict good",
        Standing::Incomplete => "verdict doubt",
        Standing::Findings => "verdict bad",
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

/// The class of an end's colour.
pub(super) fn urgency(horizon: &Horizon, urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Over => "u-over",
        Urgency::Within(band) if band <= horizon.now() => "u-now",
        Urgency::Within(_) => "u-soon",
        Urgency::Later => "u-later",
        Urgency::Never => "u-never",
        Urgency::Unknown => "u-unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_policy_of_other_bands_has_its_own_marks() {
        let mut assessment = fixture::empty();
        assessment.bands = vec![90, 10];
        let horizon = Horizon::of(&assessment);
        assert_eq!((horizon.now(), horizon.soon()), (1, 90));
        assert_eq!(urgency(&horizon, Urgency::Within(10)), "u-soon");
        assert_eq!(urgency(&horizon, Urgency::Within(1)), "u-now");
    }
}
