//! The commands: one file each, and what they share. This is where the pipeline reads top to bottom.

mod audit;
mod check_config;
mod checks;
mod collect;
mod completions;
mod demo;
mod diff;
mod doctor;
mod evaluate;
mod explain;
mod history;
mod init;
mod man;
mod policy;
mod remind;
mod report;
mod runs;
mod schema;
mod shared;
mod show;
mod sim;
mod trend;
mod r#where;

use crate::cli::{Cli, Command};
use shared::Screen;

/// Exit code of a run that found nothing wrong.
pub const CLEAN: u8 = 0;
/// Exit code where credaudit itself failed.
pub const TOOL_FAILED: u8 = 1;
/// Exit code for a mistake in arguments, estate or policy.
pub const USAGE: u8 = 2;
/// Exit code for findings at or above the threshold.
pub const FINDINGS: u8 = 10;
/// Exit code for a run in which something that should be known is not.
pub const INCOMPLETE: u8 = 11;

/// Runs one command and gives its exit code. Never panics on bad input; says every error on standard
/// error.
pub fn run(cli: Cli) -> u8 {
    shared::logging::start(cli.global.verbose);
    let screen = Screen::new(&cli.global);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            screen.error(&format!("could not start: {error}"));
            return TOOL_FAILED;
        }
    };
    let outcome = runtime.block_on(async {
        match cli.command {
            Command::Demo(command) => demo::run(&command, &screen).await,
            Command::Init(command) => init::run(&command, &screen).await,
            Command::Audit(command) => audit::run(&command, &screen).await,
            Command::Collect(command) => collect::run(&command, &screen).await,
            Command::Evaluate(command) => evaluate::run(&command, &screen),
            Command::Show(command) => show::run(&command, &screen).await,
            Command::Where(command) => r#where::run(&command, &screen).await,
            Command::History(command) => history::run(&command, &screen).await,
            Command::Diff(command) => diff::run(&command, &screen).await,
            Command::Trend(command) => trend::run(&command, &screen).await,
            Command::Remind(command) => remind::run(&command, &screen).await,
            Command::Report(command) => report::run(&command, &screen),
            Command::Doctor(command) => doctor::run(&command, &screen).await,
            Command::CheckConfig(command) => check_config::run(&command, &screen),
            Command::Policy(command) => policy::run(&command, &screen),
            Command::Checks(command) => checks::run(&command, &screen),
            Command::Explain(command) => explain::run(&command, &screen),
            Command::Schema(command) => schema::run(&command, &screen),
            Command::Completions(command) => completions::run(&command, &screen),
            Command::Man(command) => man::run(&command, &screen),
            Command::Sim(command) => sim::run(&command, &screen).await,
        }
    });
    // What is still on its way (a hanging connection) may not keep the process.
    runtime.shutdown_background();
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            screen.failure(&failure);
            failure.code()
        }
    }
}
