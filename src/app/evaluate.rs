//! `credaudit evaluate`: a snapshot, a policy and a date make an assessment. No network.

use super::shared::{Failure, Screen, check_file, inputs};
use crate::cli::Evaluate;
use crate::evaluate::assess;
use crate::report;

pub(super) fn run(command: &Evaluate, screen: &Screen) -> Result<u8, Failure> {
    command.output.as_deref().map_or(Ok(()), check_file)?;
    let plan = inputs::planned(&command.judging)?;
    let as_of = inputs::as_of(&command.judging)?;
    let snapshot = inputs::snapshot(&command.snapshot)?;
    let assessment = assess(&plan, &snapshot, as_of);
    screen.put(command.output.as_deref(), &assessment)?;
    let code = assessment.verdict.exit_code;
    let ends = command.exit_zero.ends(code);
    if command.output.is_some() {
        let mut shown = assessment;
        shown.verdict.ended = ends;
        screen.note(&report::verdict_line(&shown));
    }
    Ok(ends.unwrap_or(code))
}
