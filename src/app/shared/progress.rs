//! Progress on standard error: one line a service, gone when the run is over.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::collect::Progress;
use crate::model::Service;

/// The lines, one for every service that has been asked something.
#[derive(Clone)]
pub(crate) struct Bars {
    lines: Arc<Lines>,
}

impl fmt::Debug for Bars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bars").finish_non_exhaustive()
    }
}

struct Lines {
    all: MultiProgress,
    by_service: Mutex<BTreeMap<Service, ProgressBar>>,
}

impl Bars {
    pub(crate) fn new(visible: bool) -> Self {
        let target = if visible {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        Self {
            lines: Arc::new(Lines {
                all: MultiProgress::with_draw_target(target),
                by_service: Mutex::default(),
            }),
        }
    }

    pub(crate) fn watcher(&self) -> Arc<dyn Progress> {
        Arc::clone(&self.lines) as Arc<dyn Progress>
    }

    /// Takes the lines off the terminal.
    pub(crate) fn finish(&self) {
        for bar in self.lines.locked().values() {
            bar.finish_and_clear();
        }
    }
}

impl Lines {
    fn locked(&self) -> std::sync::MutexGuard<'_, BTreeMap<Service, ProgressBar>> {
        self.by_service
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn bar(&self, service: Service) -> ProgressBar {
        self.locked()
            .entry(service)
            .or_insert_with(|| {
                let bar = self.all.add(ProgressBar::new(0));
                if let Ok(style) = ProgressStyle::with_template("{prefix:>20} {bar:24} {pos}/{len}")
                {
                    bar.set_style(style);
                }
                bar.set_prefix(service.name());
                bar
            })
            .clone()
    }
}

impl Progress for Lines {
    fn planned(&self, service: Service, requests: u32) {
        self.bar(service).inc_length(u64::from(requests));
    }

    fn done(&self, service: Service) {
        self.bar(service).inc(1);
    }
}
