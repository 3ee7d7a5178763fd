//! What an audit remembers and compares itself with. The report never depends on it.

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

use super::screen::Screen;
use crate::compare::since::Comparison;
use crate::estate::Estate;
use crate::history::{HistoryError, Store, state_file};
use crate::model::Assessment;
use crate::model::kept::Subject;

/// How many runs back a question is followed that the last ones could not answer.
const LOOK_BACK: usize = 20;

/// The file where the runs of this estate are kept. A path in the estate counts from the folder of its
/// file.
pub(crate) fn file(estate: &Estate, config: &Path) -> Result<PathBuf, HistoryError> {
    match &estate.history.path {
        Some(path) => Ok(match config.parent() {
            Some(folder) => folder.join(path),
            None => PathBuf::from(path),
        }),
        None => state_file(),
    }
}

/// Why nobody can be reminded where nothing is kept.
pub(crate) fn switched_off(config: &Path) -> String {
    format!(
        "reminders need the history, to know what was said before, and [history] in {} switches it off",
        config.display()
    )
}

/// What a run of this estate looks at.
pub(crate) fn subject(estate: &Estate, config: &Path, narrowed: Option<String>) -> Subject {
    let whole = || std::fs::canonicalize(config).unwrap_or_else(|_| config.to_owned());
    let name = estate.history.name.clone();
    let name = name.unwrap_or_else(|| whole().display().to_string());
    named(estate, name, narrowed)
}

/// The same of an estate of this name.
pub(crate) fn named(estate: &Estate, name: String, narrowed: Option<String>) -> Subject {
    let mut tenants: Vec<String> = estate.tenants.values().map(|one| one.id.clone()).collect();
    tenants.sort();
    tenants.dedup();
    Subject {
        estate: name,
        tenants,
        narrowed,
    }
}

/// The history as one audit uses it. Where it cannot be used, that is a warning and no more.
#[derive(Debug)]
pub(crate) struct Memory {
    path: Result<PathBuf, HistoryError>,
    subject: Subject,
    keep_days: u16,
}

impl Memory {
    /// The memory of a run that looked at `estate`, or at the part of it that `narrowed` says.
    pub(crate) fn of(estate: &Estate, config: &Path, narrowed: Option<String>) -> Self {
        Self {
            path: file(estate, config),
            subject: subject(estate, config, narrowed),
            keep_days: estate.history.keep_days,
        }
    }

    async fn open(&self) -> Result<Store, HistoryError> {
        match &self.path {
            Ok(path) => Store::open(path).await,
            Err(HistoryError::NoPlace { variables }) => Err(HistoryError::NoPlace { variables }),
            Err(other) => Err(HistoryError::Other {
                path: PathBuf::new(),
                seen: other.to_string(),
            }),
        }
    }

    /// The assessment as `--fail-on-new` ends it, compared with the runs that were kept and reported; with a
    /// word about it where there is none.
    pub(crate) async fn compared(&self, assessment: Assessment, screen: &Screen) -> Assessment {
        let mut comparison = Comparison::of(assessment);
        match self.look_back(&mut comparison).await {
            Ok(0) => {
                let what = whose(&self.subject);
                screen.note(&format!(
                    "no earlier run of {what} is kept: everything counts as new"
                ));
            }
            Ok(_) => {}
            Err(error) => {
                warn(screen, &error, "everything counts as new");
                let mut ended = comparison.end();
                if let Some(since) = &mut ended.verdict.since {
                    since.unread = true;
                }
                return ended;
            }
        }
        comparison.end()
    }

    /// Goes back until all is told; gives how many runs there are.
    async fn look_back(&self, comparison: &mut Comparison) -> Result<usize, HistoryError> {
        let mut store = self.open().await?;
        let runs = store.earlier(&self.subject, LOOK_BACK).await?;
        for (place, run) in runs.iter().enumerate() {
            if comparison.is_decided() {
                break;
            }
            match store.assessment(&run.id).await {
                Ok(earlier) => comparison.look(&earlier),
                // Further back it is another version's: what it would have told counts as new.
                Err(HistoryError::OtherFormat { .. }) if place > 0 => break,
                Err(error) => return Err(error),
            }
        }
        store.close().await;
        Ok(runs.len())
    }

    /// Keeps the run and forgets what is older than the estate says. What goes wrong is said and changes
    /// nothing else: neither the report nor the exit code.
    ///
    /// `reported`: everybody got the report who should; else no later run is compared with this one.
    pub(crate) async fn keep(
        &self,
        assessment: &Assessment,
        reported: bool,
        now: DateTime<Utc>,
        screen: &Screen,
    ) {
        let kept = match self.open().await {
            Ok(mut store) => store
                .keep(&self.subject, assessment, reported, now)
                .await
                .map(|()| store),
            Err(error) => Err(error),
        };
        match kept {
            Ok(mut store) => {
                let cutoff = now - TimeDelta::days(self.keep_days.into());
                if let Err(error) = store.forget(&self.subject.estate, cutoff).await {
                    warn(screen, &error, "what is older than keep-days stays");
                }
                store.close().await;
            }
            Err(error) => warn(screen, &error, "this run is not kept"),
        }
    }
}

/// `the whole estate /srv/estate.toml`.
fn whose(subject: &Subject) -> String {
    match &subject.narrowed {
        Some(narrowed) => format!("{} ({narrowed})", subject.estate),
        None => format!("the whole estate {}", subject.estate),
    }
}

fn warn(screen: &Screen, error: &HistoryError, meaning: &str) {
    screen.warning(&format!("{meaning}: {error}"));
}
