//! `credaudit audit`: the whole pipeline against the real services.

use super::collect::{from_services, now, pretty};
use super::error::Failure;
use super::output::{Screen, check_outputs};
use super::{inputs, mail};
use crate::cli::Audit;
use crate::deliver;
use crate::evaluate::assess;

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
    let services =
        from_services(estate, &command.scope, &command.reading, isolation, screen).await?;
    let snapshot = services.snapshot;
    if let Some(path) = &command.keep_snapshot {
        deliver::write(path, &pretty(&snapshot)?)?;
        screen.note(&format!("wrote {}", path.display()));
    }
    let assessment = assess(&plan, &snapshot, as_of);
    screen.report(&assessment, &command.output)?;
    if command.mail {
        mail::send(
            &snapshot.estate,
            &services.options,
            &assessment,
            now(),
            screen,
        )
        .await?;
    }
    Ok(assessment.verdict.exit_code)
}
