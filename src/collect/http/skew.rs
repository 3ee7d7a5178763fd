//! What time the services say it is: the `Date` of their answers against this machine's clock.

use std::collections::BTreeMap;
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

use super::{asked, lock};

/// Answers of one host that are looked at.
const MOST: usize = 101;

/// Seconds within which two clocks agree: a `Date` has whole seconds, and is as old as the answer's way, which
/// may be as long as one try.
const AGREE: i64 = 30;

/// By host, how many seconds each of its answers was ahead of this machine.
#[derive(Default)]
pub(crate) struct Skews {
    ahead: Mutex<BTreeMap<String, Vec<i64>>>,
}

impl Skews {
    /// Notes one answer. A `Date` that is missing or is not one says nothing.
    pub(super) fn note(&self, host: &str, date: Option<&str>, now: DateTime<Utc>) {
        let Some(date) = date.and_then(asked::http_date) else {
            return;
        };
        let mut ahead = lock(&self.ahead);
        let seen = ahead.entry(host.to_owned()).or_default();
        if seen.len() < MOST {
            seen.push((date - now).num_seconds());
        }
    }

    /// How far the services' clock is ahead of this machine's: the median over hosts, each with the median of
    /// its answers, so that no single host decides. `None` where no answer had a date.
    pub(crate) fn ahead(&self) -> Option<TimeDelta> {
        let mut hosts: Vec<i64> = {
            let ahead = lock(&self.ahead);
            let each = ahead.values().cloned();
            each.filter_map(|mut seen| median(&mut seen)).collect()
        };
        let ahead = median(&mut hosts)?;
        Some(TimeDelta::seconds(if ahead.abs() <= AGREE {
            0
        } else {
            ahead
        }))
    }
}

/// Of two in the middle, the one that is nearer to this machine's clock.
fn median(seen: &mut [i64]) -> Option<i64> {
    seen.sort_unstable();
    let upper = *seen.get(seen.len() / 2)?;
    let lower = *seen.get((seen.len() - 1) / 2)?;
    Some(if lower.unsigned_abs() < upper.unsigned_abs() {
        lower
    } else {
        upper
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-21T06:00:00Z".parse().expect("a literal date")
    }

    fn noted(answers: &[(&str, &str)]) -> Option<i64> {
        let skews = Skews::default();
        for (host, date) in answers {
            skews.note(
                host,
                Some(date).filter(|date| !date.is_empty()).copied(),
                now(),
            );
        }
        skews.ahead().map(|ahead| ahead.num_seconds())
    }

    #[test]
    fn the_middle_of_the_hosts_counts_and_what_is_no_date_does_not() {
        let right = "Sat, 21 Nov 2026 06:00:02 GMT";
        let late = "Wed, 16 Dec 2026 06:00:00 GMT";
        let ages_ago = "Thu, 01 Jan 1970 00:00:00 GMT";
        let days = 25 * 86_400;
        for (answers, ahead) in [
            (&[][..], None),
            (&[("a", ""), ("b", "yesterday")], None),
            (&[("a", right)], Some(0)),
            (&[("a", late)], Some(days)),
            (&[("a", late), ("b", late), ("c", ages_ago)], Some(days)),
            (&[("a", right), ("b", right), ("c", late)], Some(0)),
            // One of two is wrong: the nearer one is believed.
            (&[("a", right), ("b", late)], Some(0)),
            (&[("a", ages_ago), ("b", late)], Some(days)),
            // One host that answers often is still one host.
            (
                &[
                    ("a", late),
                    ("a", late),
                    ("a", late),
                    ("b", right),
                    ("c", right),
                ],
                Some(0),
            ),
            // A page of a cache among the answers.
            (&[("a", late), ("a", ages_ago), ("a", late)], Some(days)),
        ] {
            assert_eq!(noted(answers), ahead, "{answers:?}");
        }
    }
}
