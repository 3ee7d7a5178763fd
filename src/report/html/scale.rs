//! Where a moment stands on the timeline: stretched near today, where the bands are.

use chrono::{DateTime, Utc};

use crate::report::view::horizon::Horizon;

/// Where the past stands: days from today, and hundredths of a percent from the left.
const PAST: [(i64, i64); 4] = [(-730, 0), (-365, 500), (-90, 1300), (0, TODAY)];
const TODAY: i64 = 2200;
/// Where the widest band ends.
const BANDS_END: i64 = 5900;
/// Days worth a mark beyond the bands, and where the last of them stands.
const LATER: [(i64, &str); 4] = [(180, "180"), (365, "1 y"), (730, "2 y"), (1095, "3 y")];
const LATER_END: i64 = 9500;
/// The far right: everything later.
pub(super) const LAST: i64 = 10_000;

/// The colours of the bands, the most pressing first, as `page.css` names them.
const COLOURS: [&str; 5] = ["b1", "b7", "b14", "b30", "b60"];

/// The axis of one report: the policy's bands side by side, each as wide as the next.
pub(super) struct Scale {
    today: DateTime<Utc>,
    /// Days from today and how far right they stand, in hundredths of a percent.
    stops: Vec<(i64, i64)>,
    bands: Vec<i64>,
    later: Vec<(i64, &'static str)>,
}

impl Scale {
    pub(super) fn of(horizon: &Horizon) -> Self {
        let mut stops = PAST.to_vec();
        let bands = horizon.bands.clone();
        let many = i64::try_from(bands.len()).unwrap_or(i64::MAX);
        for (number, days) in (1..).zip(&bands) {
            stops.push((*days, TODAY + (BANDS_END - TODAY) * number / many));
        }
        let later: Vec<(i64, &str)> = LATER
            .into_iter()
            .filter(|(days, _)| *days > horizon.soon() * 3 / 2)
            .take(3)
            .collect();
        let many = i64::try_from(later.len()).unwrap_or(i64::MAX);
        for (number, (days, _)) in (1..).zip(&later) {
            stops.push((*days, BANDS_END + (LATER_END - BANDS_END) * number / many));
        }
        Self {
            today: horizon.as_of,
            stops,
            bands,
            later,
        }
    }

    /// The place of `moment`, in hundredths of a percent from the left.
    pub(super) fn place(&self, moment: DateTime<Utc>) -> i64 {
        self.of_seconds((moment - self.today).num_seconds())
    }

    /// The labels of the axis: where, and what it says.
    pub(super) fn labels(&self) -> Vec<(i64, String)> {
        let mut labels = vec![
            (self.of_day(-365), "1 y ago".to_owned()),
            (self.of_day(0), "today".to_owned()),
        ];
        for (index, days) in self.bands.iter().enumerate() {
            let unit = if index + 1 == self.bands.len() {
                " days"
            } else {
                ""
            };
            labels.push((self.of_day(*days), format!("{days}{unit}")));
        }
        for (days, label) in &self.later {
            labels.push((self.of_day(*days), (*label).to_owned()));
        }
        labels
    }

    /// The rule that shades the bands behind every row: one line, and nothing that a page would escape.
    pub(super) fn style(&self) -> String {
        let mut from = TODAY;
        let mut shades = format!(
            "transparent {}, var(--ink) {} {}",
            percent(TODAY - 20),
            percent(TODAY - 20),
            percent(TODAY)
        );
        for (index, days) in self.bands.iter().enumerate() {
            let to = self.of_day(*days);
            let colour = COLOURS[(index * COLOURS.len() / self.bands.len()).min(COLOURS.len() - 1)];
            shades.push_str(&format!(
                ", var(--{colour}) {} {}",
                percent(from),
                percent(to)
            ));
            from = to;
        }
        format!(
            ".line .bar {{ background-image: linear-gradient(90deg, {shades}, transparent {}); }}",
            percent(from)
        )
    }

    fn of_day(&self, day: i64) -> i64 {
        self.of_seconds(day * 86_400)
    }

    fn of_seconds(&self, seconds: i64) -> i64 {
        let mut before: Option<(i64, i64)> = None;
        for (day, at) in &self.stops {
            let moment = day * 86_400;
            if seconds <= moment {
                return before.map_or(0, |(earlier, from)| {
                    from + (at - from) * (seconds - earlier) / (moment - earlier)
                });
            }
            before = Some((moment, *at));
        }
        // One more year than the last stop fills the rest.
        let (last, at) = before.unwrap_or((0, TODAY));
        (at + (LAST - at) * (seconds - last).min(31_536_000) / 31_536_000).min(LAST)
    }
}

/// `37.05%`.
pub(super) fn percent(place: i64) -> String {
    format!("{}.{:02}%", place / 100, place % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(bands: &[i64]) -> Scale {
        Scale::of(&Horizon {
            as_of: DateTime::UNIX_EPOCH,
            bands: bands.to_vec(),
        })
    }

    #[test]
    fn later_is_never_further_left_and_all_stays_on_the_page() {
        for bands in [
            &[1, 7, 14, 30, 60][..],
            &[1],
            &[1, 2, 3, 4, 5, 6, 7, 8],
            &[1, 90, 180, 365],
            &[1, 1000, 3650],
        ] {
            let scale = scale(bands);
            let places: Vec<i64> = (-2000..5000).map(|day| scale.of_day(day)).collect();
            assert!(places.is_sorted(), "{bands:?}");
            assert!(places.iter().all(|place| (0..=LAST).contains(place)));
            assert_eq!(scale.of_day(0), TODAY);
            assert_eq!(scale.place(DateTime::<Utc>::MAX_UTC), LAST);
            assert_eq!(scale.place(DateTime::<Utc>::MIN_UTC), 0);
        }
    }

    #[test]
    fn the_policys_bands_are_shaded_where_they_end_and_labelled() {
        let scale = scale(&[1, 10, 90]);
        assert_eq!(percent(scale.of_day(90)), "59.00%");
        let style = scale.style();
        for day in [1, 10, 90] {
            assert!(style.contains(&percent(scale.of_day(day))), "{style}");
        }
        let labels: Vec<String> = scale.labels().into_iter().map(|(_, label)| label).collect();
        assert_eq!(
            labels,
            [
                "1 y ago", "today", "1", "10", "90 days", "180", "1 y", "2 y"
            ]
        );
    }
}
