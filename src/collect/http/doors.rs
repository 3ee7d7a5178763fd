//! The way to each host: one request makes the first connection, and the others wait until it stands.
//!
//! Hundreds of requests that begin together would each make a connection of their own, and those that this
//! machine had no time for would look like hosts that do not answer.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;

use super::lock;

/// After so long the connection stands, or the request would have failed: what is waited for is the answer.
const OPENING: Duration = Duration::from_secs(5);

/// So many requests without an answer, and none with one: the host does not answer.
const SILENT: u32 = 2;

/// All hosts of the run.
#[derive(Default)]
pub(super) struct Doors {
    doors: Mutex<BTreeMap<String, Arc<Door>>>,
}

impl Doors {
    pub(super) fn of(&self, host: &str) -> Arc<Door> {
        let mut doors = lock(&self.doors);
        Arc::clone(doors.entry(host.to_owned()).or_default())
    }
}

/// One host.
#[derive(Default)]
pub(super) struct Door {
    /// Whether it ever answered.
    open: AtomicBool,
    silent: AtomicU32,
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// The right to make the first connection.
#[derive(Default)]
pub(super) struct Turn(Option<OwnedMutexGuard<()>>);

impl Door {
    pub(super) fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }

    /// Waits while another request makes the first connection, unless `turn` is this one's already.
    pub(super) async fn enter(&self, turn: &mut Turn) {
        if turn.0.is_some() || self.is_open() {
            return;
        }
        let guard = Arc::clone(&self.turn).lock_owned().await;
        turn.0 = (!self.is_open()).then_some(guard);
    }

    /// An answer came: everybody may go.
    pub(super) fn answered(&self) {
        self.open.store(true, Ordering::Relaxed);
    }

    /// A request had no answer in its time. Whether the host is given up for it.
    pub(super) fn was_silent(&self) -> bool {
        !self.is_open() && self.silent.fetch_add(1, Ordering::Relaxed) + 1 >= SILENT
    }
}

impl Turn {
    /// The next one may try.
    pub(super) fn pass(&mut self) {
        self.0 = None;
    }

    /// Does the work, and keeps the turn no longer than a connection takes.
    pub(super) async fn during<T>(&mut self, work: impl Future<Output = T>) -> T {
        if self.0.is_none() {
            return work.await;
        }
        let mut work = pin!(work);
        if let Ok(done) = tokio::time::timeout(OPENING, &mut work).await {
            return done;
        }
        self.pass();
        work.await
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    /// When each of three requests was sent, in seconds, where each takes so long, and opens the door or not.
    async fn sent(takes: u64, opens: bool) -> Vec<u64> {
        let (door, start) = (Door::default(), Instant::now());
        let request = async || {
            let mut turn = Turn::default();
            door.enter(&mut turn).await;
            let at = start.elapsed().as_secs();
            turn.during(tokio::time::sleep(Duration::from_secs(takes)))
                .await;
            if opens {
                door.answered();
            }
            at
        };
        let (one, two, three) = futures::join!(request(), request(), request());
        vec![one, two, three]
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_goes_alone_and_the_others_together_once_it_was_answered() {
        assert_eq!(sent(3, true).await, [0, 3, 3]);
        // A slow answer holds nobody up for longer than a connection takes.
        assert_eq!(sent(30, true).await, [0, 5, 10]);
        // Where none is answered, they go one by one.
        assert_eq!(sent(4, false).await, [0, 4, 8]);
    }

    #[test]
    fn one_slow_answer_is_no_silent_host_and_one_that_ever_answered_is_none_either() {
        let door = Door::default();
        assert!(!door.was_silent());
        assert!(door.was_silent());
        let door = Door::default();
        door.answered();
        assert!((0..9).all(|_| !door.was_silent()));
    }
}
