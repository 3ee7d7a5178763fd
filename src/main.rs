//! The binary: reads the command line, runs one command, ends with its exit code.

use std::process::ExitCode;

use clap::Parser;
use credaudit::inside::{Cli, app};

fn main() -> ExitCode {
    ExitCode::from(app::run(Cli::parse()))
}
