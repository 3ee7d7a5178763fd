//! How many requests a service takes in a while: what comes too soon waits for its turn.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::model::{Gap, GapKind};

/// At most `most` requests in any `span`. The first ones wait for nothing.
#[derive(Debug)]
pub(crate) struct Pacer {
    most: usize,
    span: Duration,
    /// When the last `most` turns are or were.
    turns: Mutex<VecDeque<Instant>>,
}

impl Pacer {
    pub(crate) const fn new(most: usize, span: Duration) -> Self {
        Self {
            most,
            span,
            turns: Mutex::new(VecDeque::new()),
        }
    }

    /// Waits for the next turn; turns are given in the order they are asked for.
    ///
    /// # Errors
    /// TimedOut at once, where the turn would come after the deadline.
    pub(crate) async fn turn(&self, call: &str, deadline: Instant) -> Result<(), Gap> {
        let turn = self.next(Instant::now(), deadline).ok_or_else(|| {
            Gap::new(
                GapKind::TimedOut,
                format!(
                    "{call} was not asked: the service takes {} requests in {} s, and the run's deadline comes first",
                    self.most,
                    self.span.as_secs()
                ),
            )
        })?;
        tokio::time::sleep_until(turn).await;
        Ok(())
    }

    /// When a request that is ready `now` may leave; the turn is taken. `None` after the deadline.
    fn next(&self, now: Instant, deadline: Instant) -> Option<Instant> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        // In order, also where another task read its clock first and came second.
        let now = turns.back().map_or(now, |last| now.max(*last));
        let turn = match turns.front() {
            Some(first) if turns.len() >= self.most => now.max(*first + self.span),
            _ => now,
        };
        if turn >= deadline {
            return None;
        }
        if turns.len() >= self.most {
            turns.pop_front();
        }
        turns.push_back(turn);
        drop(turns);
        Some(turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pacer(most: usize) -> (Pacer, Instant) {
        (Pacer::new(most, Duration::from_secs(10)), Instant::now())
    }

    /// The turn of a request that is ready at this second, in seconds.
    fn turn(pacer: &Pacer, start: Instant, second: u64) -> u64 {
        let far = start + Duration::from_secs(3_600);
        let turn = pacer.next(start + Duration::from_secs(second), far);
        (turn.expect("far from the deadline") - start).as_secs()
    }

    #[test]
    fn the_first_five_wait_for_nothing_and_the_sixth_for_the_first() {
        let (pacer, start) = pacer(5);
        let turns: Vec<_> = [0, 0, 1, 2, 2, 4, 4, 4, 30]
            .map(|second| turn(&pacer, start, second))
            .into();
        assert_eq!(turns, [0, 0, 1, 2, 2, 10, 10, 11, 30]);
    }

    #[test]
    fn no_ten_seconds_see_more_than_five() {
        let (pacer, start) = pacer(5);
        let turns: Vec<_> = (0..40)
            .map(|place| turn(&pacer, start, place * place % 7 + place / 3))
            .collect();
        for (place, first) in turns.iter().enumerate() {
            let rest = turns.iter().skip(place);
            let near = rest.filter(|other| **other < first + 10).count();
            assert!(near <= 5, "{turns:?}");
        }
        // And no slower than it must be: eight times five, the first of them after nothing.
        assert!(turns.last() < Some(&80), "{turns:?}");
    }

    #[tokio::test]
    async fn a_turn_after_the_deadline_is_given_up_at_once_and_takes_no_place() {
        let (pacer, start) = pacer(1);
        let deadline = start + Duration::from_secs(7);
        assert_eq!(pacer.next(start, deadline), Some(start));
        let gap = pacer.turn("the report", deadline).await.expect_err("late");
        assert_eq!(gap.kind, GapKind::TimedOut);
        assert!(gap.seen.starts_with("the report was not asked: "), "{gap}");
        assert_eq!(turn(&pacer, start, 0), 10);
    }
}
