//! `credaudit audit`: the whole pipeline against the real services.

use super::collect::{from_services, now, pretty};
use super::error::Failure;
use super::output::{Screen, check_outputs};
use super::remember::Memory;
use super::{hooks, inputs, mail, remind};
use crate::cli::Audit;
use crate::deliver;
use crate::evaluate::{assess, since};

pub(super) async fn run(command: &Audit, screen: &Screen) -> Result<u8, Failure> {
    check_outputs(&command.output)?;
    let as_of = inputs::as_of(&command.judging)?;
    let (estate, (plan, isolation)) = inputs::both(
        inputs::estate(&command.scope.config),
        inputs::judged(&command.judging),
    )?;
    if command.mail && estate.mail.is_none() {
        return Err(Failure::Usage(format!(
            "--mail needs a [mail] table in {}",
            command.scope.config.display()
        )));
    }
    if command.fail_on_new && !estate.history.enabled {
        return Err(Failure::Usage(format!(
            "--fail-on-new compares with the last kept run, and [history] in {} switches keeping off",
            command.scope.config.display()
        )));
    }
    let services =
        from_services(estate, &command.scope, &command.reading, isolation, screen).await?;
    let snapshot = services.snapshot;
    if let Some(path) = &command.keep_snapshot {
        deliver::write(path, &pretty(&snapshot)?)?;
        screen.note(&format!("wrote {}", path.display()));
    }
    let judged = assess(&plan, &snapshot, as_of);
    let (estate, config) = (&snapshot.estate, &command.scope.config);
    let memory = Memory::of(estate, config, snapshot.narrowed.clone());
    let compared = if command.fail_on_new {
        let (earlier, unread) = memory.earlier(screen).await;
        let mut compared = since(earlier.as_ref(), judged.clone());
        if let Some(since) = &mut compared.verdict.since {
            since.unread = unread;
        }
        Some(compared)
    } else {
        None
    };
    let assessment = compared.as_ref().unwrap_or(&judged);
    // The report first: no trouble with the history may cost it.
    let reported = screen.report(assessment, &command.output);
    if estate.history.enabled && !command.no_history {
        // As it was judged, whatever it was compared with; and even where the report went nowhere.
        memory.keep(&judged, now(), screen).await;
    }
    reported?;
    // Whoever cannot be told keeps nobody else from being told.
    let told = hooks::tell(estate, &services.options, &judged, screen).await;
    if command.mail {
        let options = &services.options;
        let mailed = mail::send(estate, config, options, assessment, now(), screen).await;
        let reminded = match estate.routing {
            Some(_) if assessment.run.as_of_given => {
                screen.note("nobody is reminded of another day than today (--as-of)");
                Ok(true)
            }
            Some(_) => remind::send(estate, config, options, &judged, screen).await,
            None => Ok(true),
        };
        if let (Err(_), Err(Failure::Usage(words) | Failure::Tool(words))) = (&mailed, &reminded) {
            screen.error(words);
        }
        mailed?;
        if !reminded? {
            return Err(Failure::Tool("not everybody could be reminded".to_owned()));
        }
    }
    told?;
    Ok(assessment.verdict.exit_code)
}
