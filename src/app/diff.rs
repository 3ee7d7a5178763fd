//! `credaudit diff`: what is new, fixed and newly unreadable between two kept runs. No network.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::shared::kept_runs::{KeptRuns, whole};
use super::shared::{Failure, Screen};
use super::{CLEAN, FINDINGS, INCOMPLETE, runs};
use crate::cli::Diff;
use crate::compare::diff;
use crate::model::kept::KeptRun;
use crate::model::time::minute;
use crate::report;

pub(super) async fn run(command: &Diff, screen: &Screen) -> Result<u8, Failure> {
    let KeptRuns { mut store, runs } = runs::open(&command.kept, screen).await?;
    let from = find(&runs, command.from.as_deref().unwrap_or("previous"))?;
    let to = find(&runs, command.to.as_deref().unwrap_or("latest"))?;
    if from.id == to.id {
        return Err(Failure::Usage(format!(
            "both name run {} of {}: a run has no difference from itself; `credaudit history` lists the others",
            from.short(),
            minute(from.collected)
        )));
    }
    comparable(from, to)?;
    let (earlier, later) = (
        store.assessment(&from.id).await?,
        store.assessment(&to.id).await?,
    );
    store.close().await;
    let mut diff = diff::diff(&earlier, &later);
    if from.subject.estate != to.subject.estate {
        diff.caveats.push(format!(
            "the first is of the estate {}, the second of {}",
            from.subject.estate, to.subject.estate
        ));
    }
    screen.answer(command.kept.format, &diff, |options| {
        report::changes(&diff, options)
    })?;
    Ok(match (command.exit_code, diff.regressions) {
        (false, _) => CLEAN,
        (true, new) if new.findings > 0 => FINDINGS,
        (true, new) if new.unanswered > 0 => INCOMPLETE,
        (true, _) => CLEAN,
    })
}

/// The run of this name.
fn find<'r>(runs: &'r [KeptRun], name: &str) -> Result<&'r KeptRun, Failure> {
    let plain = whole(runs);
    let of = |id: Option<&String>| runs.iter().find(|run| Some(&run.id) == id);
    let from_end = |place: usize| of(plain.iter().rev().nth(place).map(|run| &run.id));
    let found = match (name, end_of_day(name)) {
        ("latest", _) => from_end(0),
        ("previous", _) => from_end(1),
        (_, Some(end)) => of(plain
            .iter()
            .rev()
            .find(|run| run.collected < end)
            .map(|run| &run.id)),
        _ => {
            let wanted = name.to_ascii_lowercase();
            let mut begin_so = runs.iter().filter(|run| run.id.starts_with(&wanted));
            match (begin_so.next(), begin_so.next()) {
                (Some(run), None) if !wanted.is_empty() => Some(run),
                (Some(_), Some(_)) => {
                    return Err(Failure::Usage(format!(
                        "several runs begin with `{name}`: write more of the id"
                    )));
                }
                _ => None,
            }
        }
    };
    found.ok_or_else(|| {
        Failure::Usage(match plain.len() {
            0 => "no run of the whole estate is kept yet: an audit keeps one".to_owned(),
            1 if name == "previous" => {
                "one run is kept, and there is no earlier one to compare it with".to_owned()
            }
            _ => format!(
                "no kept run is called `{name}`; `credaudit history` lists them, and `latest`, `previous` or \
                 a date like 2026-11-21 name one, too"
            ),
        })
    })
}

/// The first moment after a day that is written like 2026-11-21.
fn end_of_day(name: &str) -> Option<DateTime<Utc>> {
    let day: NaiveDate = name.parse().ok()?;
    Some(
        day.checked_add_days(Days::new(1))?
            .and_hms_opt(0, 0, 0)?
            .and_utc(),
    )
}

/// Refuses what answers other questions.
fn comparable(from: &KeptRun, to: &KeptRun) -> Result<(), Failure> {
    let part = |run: &KeptRun| match &run.subject.narrowed {
        Some(narrowed) => narrowed.clone(),
        None => "the whole estate".to_owned(),
    };
    if from.subject.tenants != to.subject.tenants {
        return Err(Failure::Usage(format!(
            "run {} is of tenant {}, run {} of {}: they are not compared",
            from.short(),
            from.subject.tenants.join(", "),
            to.short(),
            to.subject.tenants.join(", ")
        )));
    }
    if from.subject.narrowed != to.subject.narrowed {
        return Err(Failure::Usage(format!(
            "run {} looked at {}, run {} at {}: what only one of them looked at is not a difference, so they are \
             not compared",
            from.short(),
            part(from),
            to.short(),
            part(to)
        )));
    }
    Ok(())
}
