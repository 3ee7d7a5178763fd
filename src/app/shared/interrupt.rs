//! Ctrl-C: the first one ends the collecting early, the second one ends the process.
#![expect(
    clippy::disallowed_methods,
    reason = "a second Ctrl-C ends the process at once, wherever it is"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

use super::screen::Screen;

/// Exit code of a run that Ctrl-C ended: 128 and the number of SIGINT, as shells have it.
const INTERRUPTED: i32 = 130;

/// Watches for Ctrl-C as long as the process runs.
#[derive(Debug)]
pub(crate) struct Interrupt {
    cancelled: watch::Receiver<bool>,
    collecting: Arc<AtomicBool>,
}

impl Interrupt {
    /// Begins to watch; must be called within the runtime.
    pub(crate) fn watch(screen: &Screen) -> Self {
        let (cancel, cancelled) = watch::channel(false);
        let collecting = Arc::new(AtomicBool::new(true));
        let still = Arc::clone(&collecting);
        let screen = screen.clone();
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                // Once everything is read there is nothing to end early but the process.
                if !still.load(Ordering::Relaxed) || *cancel.borrow() {
                    std::process::exit(INTERRUPTED);
                }
                screen.note(
                    "Interrupted: checking what was read so far. Press Ctrl-C again to stop at once.",
                );
                // The receiver lives as long as the run; without it there is nobody to tell.
                let _ = cancel.send(true);
            }
        });
        Self {
            cancelled,
            collecting,
        }
    }

    /// What `collect` listens to.
    pub(crate) fn receiver(&self) -> watch::Receiver<bool> {
        self.cancelled.clone()
    }

    /// Everything is read: from here on the first Ctrl-C ends the process. Gives whether the reading
    /// was cut short by one.
    pub(crate) fn collected(&self) -> bool {
        self.collecting.store(false, Ordering::Relaxed);
        *self.cancelled.borrow()
    }
}
