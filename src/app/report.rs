//! `credaudit report`: renders an assessment, or a JSON report that was kept. No network.

use super::CLEAN;
use super::shared::{Failure, More, Screen, check_outputs, defaults::pasted, inputs};
use crate::cli::Report;

pub(super) fn run(command: &Report, screen: &Screen) -> Result<u8, Failure> {
    check_outputs(&command.output)?;
    let assessment = inputs::assessment(&command.assessment, screen)?;
    let file = pasted(&command.assessment);
    let more = More {
        full: Some(format!("credaudit report {file} --full")),
        show: Some(format!(" --assessment {file}")),
    };
    screen.pointing(more).report(&assessment, &command.output)?;
    Ok(match command.exit_code {
        true => assessment.verdict.exit_code,
        false => CLEAN,
    })
}
