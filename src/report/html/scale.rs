//! Where a moment stands on the timeline: stretched near today, where the bands are.

use chrono::{DateTime, Utc};

/// Days from today and how far right they stand, in hundredths of a percent. The bands in `page.css` and
/// the labels below stand on the same places.
const STOPS: [(i64, i64); 12] = [
    (-730, 0),
    (-365, 500),
    (-90, 1300),
    (0, 2200),
    (1, 2800),
    (7, 3500),
    (14, 4200),
    (30, 5000),
    (60, 5900),
    (180, 7200),
    (365, 8400),
    (730, 9500),
];
/// The far right: everything later.
pub(super) const LAST: i64 = 10_000;

/// The labels of the axis: where, and what it says.
pub(super) const LABELS: [(i64, &str); 10] = [
    (-365, "1 y ago"),
    (0, "today"),
    (1, "1"),
    (7, "7"),
    (14, "14"),
    (30, "30"),
    (60, "60 days"),
    (180, "180"),
    (365, "1 y"),
    (730, "2 y"),
];

/// The place of `moment`, in hundredths of a percent from the left.
pub(super) fn place(moment: DateTime<Utc>, today: DateTime<Utc>) -> i64 {
    let seconds = (moment - today).num_seconds();
    of_seconds(seconds)
}

/// The place of a day, counted from today.
pub(super) fn of_day(day: i64) -> i64 {
    of_seconds(day * 86_400)
}

fn of_seconds(seconds: i64) -> i64 {
    let mut before: Option<(i64, i64)> = None;
    for (day, at) in STOPS {
        let moment = day * 86_400;
        if seconds <= moment {
            return before.map_or(0, |(earlier, from)| {
                from + (at - from) * (seconds - earlier) / (moment - earlier)
            });
        }
        before = Some((moment, at));
    }
    // One more year than the last stop fills the rest.
    let beyond = before.map_or(0, |(last, _)| seconds - last);
    (9500 + 500 * beyond.min(31_536_000) / 31_536_000).min(LAST)
}

/// `37.05%`.
pub(super) fn percent(place: i64) -> String {
    format!("{}.{:02}%", place / 100, place % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_is_never_further_left_and_all_stays_on_the_page() {
        let places: Vec<i64> = (-2000..3000).map(of_day).collect();
        assert!(places.is_sorted());
        assert!(places.iter().all(|place| (0..=LAST).contains(place)));
        assert_eq!(of_day(0), 2200);
        assert_eq!(of_day(60), 5900);
        assert_eq!(percent(of_day(7)), "35.00%");
        let far = DateTime::<Utc>::MAX_UTC;
        assert_eq!(place(far, DateTime::UNIX_EPOCH), LAST);
        assert_eq!(place(DateTime::<Utc>::MIN_UTC, DateTime::UNIX_EPOCH), 0);
    }

    #[test]
    fn the_style_draws_the_bands_where_the_scale_has_them() {
        let style = include_str!("page.css");
        for day in [0, 1, 7, 14, 30, 60] {
            let at = format!("{}%", of_day(day) / 100);
            assert!(style.contains(&at), "{day} days stand at {at}");
        }
    }
}
