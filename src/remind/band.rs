//! The days on which people are told, and which of them a credential has reached.

use chrono::{DateTime, TimeDelta, Utc};

use crate::estate::Routing;
use crate::model::time::is_past;

/// The band of what is over.
const PAST: &str = "past";
/// The band of what ends before the next planned run, where no day of the ladder says it.
const BEFORE_NEXT_RUN: &str = "before-next-run";

/// Bands from far to near.
pub(crate) struct Ladder {
    /// Days from which a band holds, and its word; falling.
    steps: Vec<(i64, String)>,
    /// Days between two planned runs.
    cadence: Option<i64>,
}

impl Ladder {
    pub(super) fn of(routing: &Routing) -> Self {
        let cadence = routing.cadence.map(|cadence| i64::from(cadence.days()));
        let days = routing.days.iter().copied().map(i64::from);
        let mut steps: Vec<(i64, String)> = days.map(|day| (day, day.to_string())).collect();
        if let Some(cadence) = cadence
            && !steps.iter().any(|(day, _)| *day == cadence)
        {
            steps.push((cadence, BEFORE_NEXT_RUN.to_owned()));
        }
        steps.sort_by_key(|step| std::cmp::Reverse(step.0));
        Self { steps, cadence }
    }

    /// The nearest band that an end has reached; `None` where it is far off.
    pub(super) fn band(
        &self,
        end: DateTime<Utc>,
        days_left: i64,
        as_of: DateTime<Utc>,
    ) -> Option<String> {
        if is_past(end, as_of) {
            return Some(PAST.to_owned());
        }
        let reached = self.steps.iter().rev().find(|(day, _)| days_left <= *day);
        reached.map(|(_, word)| word.clone())
    }

    /// Whether nobody will look again before it is over.
    pub(super) fn before_next_run(&self, end: DateTime<Utc>, as_of: DateTime<Utc>) -> bool {
        self.cadence
            .is_some_and(|days| end - as_of <= TimeDelta::days(days))
    }

    /// Whole days from the day a band begins to the day the next one does. Of what is over: none, since
    /// nothing may wait any more.
    pub(super) fn length(&self, word: &str) -> i64 {
        let here = self.place(word);
        let nearer = self.steps.iter().map(|(day, _)| *day);
        let next = nearer.filter(|day| *day < here).max().unwrap_or(-1);
        here.saturating_sub(next)
    }

    /// Whether `now` is nearer to the end than `told`. A word that no ladder knows any more is farther
    /// than all.
    pub(super) fn is_later(&self, now: &str, told: &str) -> bool {
        self.place(now) < self.place(told)
    }

    fn place(&self, word: &str) -> i64 {
        match word {
            PAST => -1,
            BEFORE_NEXT_RUN => self.cadence.unwrap_or(i64::MAX),
            days => days.parse().unwrap_or(i64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::Cadence;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a literal date")
    }

    fn bands(days: &[u32], cadence: Option<Cadence>) -> Vec<String> {
        let ladder = Ladder::of(&Routing {
            days: days.to_vec(),
            cadence,
            ..Routing::default()
        });
        let now = at("2026-11-21T06:00:00Z");
        [61, 60, 31, 30, 8, 7, 2, 1, 0, -1]
            .into_iter()
            .map(|left| {
                let end = now + TimeDelta::days(left) + TimeDelta::hours(1);
                ladder.band(end, left, now).unwrap_or_default()
            })
            .collect()
    }

    #[test]
    fn the_nearest_day_that_was_reached_counts() {
        assert_eq!(
            bands(&[60, 30, 14, 7, 1, 0], None),
            ["", "60", "60", "30", "14", "7", "7", "1", "0", "past"]
        );
        let run = "before-next-run";
        assert_eq!(
            bands(&[60, 30], Some(Cadence::Weekly)),
            ["", "60", "60", "30", "30", run, run, run, run, "past"]
        );
        // A ladder that has the day itself says it in days.
        assert_eq!(bands(&[7], Some(Cadence::Weekly))[5], "7");
    }

    #[test]
    fn a_run_meets_the_end_or_is_too_late() {
        let weekly = Ladder::of(&Routing {
            cadence: Some(Cadence::Weekly),
            ..Routing::default()
        });
        let now = at("2026-11-21T06:00:00Z");
        assert!(weekly.before_next_run(at("2026-11-28T06:00:00Z"), now));
        assert!(!weekly.before_next_run(at("2026-11-28T06:00:01Z"), now));
        assert!(!Ladder::of(&Routing::default()).before_next_run(now, now));
    }

    #[test]
    fn a_band_is_as_long_as_the_way_to_the_next() {
        let ladder = Ladder::of(&Routing::default());
        let lengths: Vec<i64> = ["60", "30", "14", "7", "1", "0", "past"]
            .into_iter()
            .map(|word| ladder.length(word))
            .collect();
        assert_eq!(lengths, [30, 16, 7, 6, 1, 1, 0]);
    }

    #[test]
    fn a_word_of_an_older_ladder_is_told_again_only_when_nearer() {
        let ladder = Ladder::of(&Routing::default());
        assert!(ladder.is_later("30", "60") && !ladder.is_later("30", "30"));
        assert!(ladder.is_later("30", "45") && !ladder.is_later("60", "45"));
        assert!(ladder.is_later("past", "0") && !ladder.is_later("0", "past"));
        assert!(ladder.is_later("60", "some-word"));
    }
}
