//! `credaudit completions`: made from the command line's own description, with the words that only the code knows.

use clap::CommandFactory;
use clap::builder::{PossibleValue, PossibleValuesParser};

use super::CLEAN;
use super::shared::{Failure, Screen};
use crate::cli::{Cli, Completions};
use crate::model::Severity;
use crate::reference::codes;
use crate::sim::Scenario;
use crate::{checks, policy};

pub(super) fn run(command: &Completions, screen: &Screen) -> Result<u8, Failure> {
    let mut script = Vec::new();
    let mut described = with_values(Cli::command());
    clap_complete::generate(command.shell, &mut described, "credaudit", &mut script);
    screen.print(&script)?;
    Ok(CLEAN)
}

/// The command line in which arguments that take any text offer the words that mean something: only for completing,
/// for reading it would refuse everything else (a policy's file, a whole error message).
fn with_values(command: clap::Command) -> clap::Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|one| one.get_name().to_owned())
        .collect();
    names.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, |one| {
            let one = one.mut_args(|argument| match values(argument.get_id().as_str()) {
                words if words.is_empty() => argument,
                words => argument.value_parser(PossibleValuesParser::new(words)),
            });
            with_values(one)
        })
    })
}

/// What an argument of this name takes; nothing where that is not a list of words.
fn values(argument: &str) -> Vec<PossibleValue> {
    let words: Vec<&'static str> = match argument {
        "scenario" => Scenario::BUILTIN.to_vec(),
        "fail_on" => Severity::ALL.iter().map(|level| level.as_str()).collect(),
        "policy" | "name_of_policy" => policy::BUILT_IN.iter().map(|(name, _)| *name).collect(),
        "id" => {
            let checks = checks::ALL.iter().map(|check| check.meta.id);
            checks.chain(codes::all().map(|code| code.code)).collect()
        }
        _ => Vec::new(),
    };
    words.into_iter().map(PossibleValue::new).collect()
}
