//! `credaudit completions`: made from the command line's own description.

use clap::CommandFactory;

use super::CLEAN;
use super::shared::{Failure, Screen};
use crate::cli::{Cli, Completions};

pub(super) fn run(command: &Completions, screen: &Screen) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut Cli::command(), "credaudit", &mut script);
    screen.print(&script)?;
    Ok(CLEAN)
}
