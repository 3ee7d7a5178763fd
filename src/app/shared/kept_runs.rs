//! The kept runs that a command is about: of one history file, or of the estate.

use std::num::NonZeroUsize;

use serde::Serialize;

use super::{Failure, Screen, defaults, inputs, memory};
use crate::cli::{AnswerFormat, Kept};
use crate::history::Store;
use crate::model::kept::{KeptRun, Subject};
use crate::report::TableOptions;

/// An opened history and the runs that are meant, oldest first.
pub(crate) struct KeptRuns {
    pub store: Store,
    pub runs: Vec<KeptRun>,
}

pub(crate) async fn open(kept: &Kept) -> Result<KeptRuns, Failure> {
    if let Some(path) = &kept.file {
        let mut store = Store::open_existing(path).await?;
        let runs = store.runs().await?;
        return Ok(KeptRuns { store, runs });
    }
    let config = &defaults::config(kept.config.as_deref());
    let estate = inputs::estate(config)?;
    let whole = memory::subject(&estate, config, None);
    let mut store = Store::open_existing(&memory::file(&estate, config)?).await?;
    let mut runs = store.runs().await?;
    runs.retain(|run| {
        (&run.subject.estate, &run.subject.tenants) == (&whole.estate, &whole.tenants)
    });
    Ok(KeptRuns { store, runs })
}

/// The JSON form of a list of runs.
#[derive(Debug, Serialize)]
struct Runs<'a> {
    format: &'a str,
    runs: &'a [KeptRun],
}

/// Shows runs as JSON of this name, or as a table.
pub(crate) fn list(
    format: AnswerFormat,
    name: &str,
    runs: &[KeptRun],
    screen: &Screen,
    table: fn(&[KeptRun], &TableOptions) -> String,
) -> Result<(), Failure> {
    let value = Runs { format: name, runs };
    screen.answer(format, &value, |options| table(runs, options))
}

/// The last so many of them.
pub(crate) fn last(runs: &[KeptRun], number: Option<NonZeroUsize>) -> &[KeptRun] {
    let skipped = number.map_or(0, |number| runs.len().saturating_sub(number.get()));
    runs.get(skipped..).unwrap_or_default()
}

/// Runs of the whole estate that the last such run can be compared with.
pub(crate) fn whole(runs: &[KeptRun]) -> Vec<KeptRun> {
    let plain = || runs.iter().filter(|run| run.is_plain());
    let subject: Option<&Subject> = plain().next_back().map(|run| &run.subject);
    plain()
        .filter(|run| Some(&run.subject) == subject)
        .cloned()
        .collect()
}
