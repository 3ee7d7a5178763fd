//! `credaudit audit`: the whole pipeline against the real services.

use std::path::Path;

use super::remind;
use super::shared::{
    Failure, Memory, More, Screen, check_file, check_outputs,
    defaults::{self, config_option},
    from_services, inputs, mail, now, preflight, webhooks,
};
use crate::cli::Audit;
use crate::estate::Estate;
use crate::evaluate::assess;
use crate::report;

pub(super) async fn run(command: &Audit, screen: &Screen) -> Result<u8, Failure> {
    check_outputs(&command.output)?;
    command
        .keep_snapshot
        .as_deref()
        .map_or(Ok(()), check_file)?;
    let as_of = inputs::as_of(&command.judging)?;
    let config = &defaults::config(command.scope.config.as_deref());
    let (estate, (plan, isolation)) =
        inputs::both(inputs::estate(config), inputs::judged(&command.judging))?;
    check_possible(command, &estate, config, as_of.is_none()).await?;
    let services =
        from_services(estate, &command.scope, &command.reading, isolation, screen).await?;
    let snapshot = services.snapshot;
    let judged = assess(&plan, &snapshot, as_of);
    let estate = &snapshot.estate;
    let memory = Memory::of(estate, config, snapshot.narrowed.clone());
    let compared = match command.fail_on_new {
        true => Some(memory.compared(judged.clone(), screen).await),
        false => None,
    };
    let assessment = compared.as_ref().unwrap_or(&judged);
    if assessment.run.no_identity {
        screen.error(report::NO_IDENTITY);
    }
    // The files first: no trouble with anything else may cost the report. And whatever goes wrong keeps nothing
    // else from being written, and nobody else from being told.
    let (written, mut troubles) = screen.files(assessment, &command.output);
    let mut reported = troubles.code().is_none();
    if let Some(path) = &command.keep_snapshot {
        troubles.note(screen.put(Some(path), &snapshot), screen);
    }
    let told = webhooks::tell(estate, &services.options, &judged, screen).await;
    reported &= troubles.note(told, screen);
    if command.mail {
        let options = &services.options;
        let sent = mail::send(estate, config, options, assessment, now(), screen).await;
        reported &= troubles.note(sent, screen);
    }
    if estate.history.enabled && !command.no_history {
        // As it was judged, whatever it was compared with.
        memory.keep(&judged, reported, now(), screen).await;
    }
    if command.mail && estate.routing.is_some() {
        let reminded = remind::send(estate, config, &services.options, &judged, screen).await;
        let reminded = reminded.and_then(|everybody| {
            let nobody = || Failure::Tool("not everybody could be reminded".to_owned());
            everybody.then_some(()).ok_or_else(nobody)
        });
        troubles.note(reminded, screen);
    }
    // Shown last, since it names the exit code: by now that is known.
    let mut last = assessment.clone();
    let ends = command.exit_zero.ends(assessment.verdict.exit_code);
    last.verdict.ended = troubles.code().or(ends);
    if last.verdict.ended.is_some() && written > 0 {
        let (_, again) = screen.quietly().files(&last, &command.output);
        troubles.note(again.end(), screen);
    }
    let screen = &screen.pointing(next_commands(config));
    troubles.note(screen.show(&last, &command.output, written), screen);
    troubles.end()?;
    Ok(ends.unwrap_or(assessment.verdict.exit_code))
}

/// Where a reader of the summary goes on; the estate that is taken without being named is not named.
fn next_commands(config: &Path) -> More {
    let file = config_option(config);
    More {
        full: Some(format!("credaudit audit{file} --full")),
        show: Some(file),
    }
}

/// Refuses what cannot come to its end, before anything is asked.
async fn check_possible(
    command: &Audit,
    estate: &Estate,
    config: &Path,
    webhooks: bool,
) -> Result<(), Failure> {
    if command.mail && estate.mail.is_none() {
        return Err(Failure::Usage(format!(
            "--mail needs a [mail] table in {}",
            config.display()
        )));
    }
    if command.fail_on_new && !estate.history.enabled {
        return Err(Failure::Usage(format!(
            "--fail-on-new compares with the last kept run, and [history] in {} switches keeping off",
            config.display()
        )));
    }
    let needs_history = command.fail_on_new || (command.mail && estate.routing.is_some());
    let intent = preflight::Intent {
        mail: command.mail,
        webhooks,
        history: if needs_history {
            preflight::History::Needed
        } else if estate.history.enabled && !command.no_history {
            preflight::History::Kept
        } else {
            preflight::History::Unused
        },
    };
    preflight::check(estate, config, intent).await
}
