//! `credaudit report`: renders an assessment. No network.

use super::shared::{Failure, Screen, check_outputs, inputs};
use crate::cli::Report;

pub(super) fn run(command: &Report, screen: &Screen) -> Result<u8, Failure> {
    check_outputs(&command.output)?;
    let assessment = inputs::assessment(&command.assessment)?;
    screen.report(&assessment, &command.output)?;
    Ok(assessment.verdict.exit_code)
}
