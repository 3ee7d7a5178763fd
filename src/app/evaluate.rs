//! `credaudit evaluate`: a snapshot, a policy and a date make an assessment. No network.

use super::collect::pretty;
use super::error::Failure;
use super::inputs;
use super::output::{Screen, check_file};
use crate::cli::Evaluate;
use crate::evaluate::assess;

pub(super) fn run(command: &Evaluate, screen: &Screen) -> Result<u8, Failure> {
    command.output.as_deref().map_or(Ok(()), check_file)?;
    let plan = inputs::planned(&command.judging)?;
    let as_of = inputs::as_of(&command.judging)?;
    let snapshot = inputs::snapshot(&command.snapshot)?;
    let assessment = assess(&plan, &snapshot, as_of);
    let bytes = pretty(&assessment)?;
    match &command.output {
        Some(path) => screen.write(path, &bytes)?,
        None => screen.print(&bytes)?,
    }
    Ok(assessment.verdict.exit_code)
}
