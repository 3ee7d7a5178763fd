//! The command line, as clap reads it.

use clap::{Args, Parser, Subcommand, ValueEnum};

mod audit;
mod check_config;
mod checks;
mod collect;
mod common;
mod completions;
mod demo;
mod diff;
mod doctor;
mod evaluate;
mod explain;
mod help;
mod history;
mod init;
mod man;
mod policy;
mod remind;
mod report;
mod schema;
mod show;
mod sim;
mod trend;
mod r#where;

pub(crate) use audit::Audit;
pub(crate) use check_config::CheckConfig;
pub(crate) use checks::{CatalogueFormat, Checks};
pub(crate) use collect::Collect;
pub(crate) use common::{
    AnswerFormat, CsvRows, FormatWord, IsolationWord, Judging, Kept, Output, Reading, Scope,
};
pub(crate) use completions::Completions;
pub(crate) use demo::Demo;
pub(crate) use diff::Diff;
pub(crate) use doctor::Doctor;
pub(crate) use evaluate::Evaluate;
pub(crate) use explain::Explain;
pub(crate) use history::History;
pub(crate) use init::Init;
pub(crate) use man::ManPages;
pub(crate) use policy::{Policy, PolicyCommand};
pub(crate) use remind::Remind;
pub(crate) use report::Report;
pub(crate) use schema::{Schema, SchemaOf};
pub(crate) use show::Show;
pub(crate) use sim::Sim;
pub(crate) use trend::Trend;
pub(crate) use r#where::Where;

/// What follows `credaudit`.
#[derive(Debug, Parser)]
#[command(
    name = "credaudit",
    version,
    about = "Proves that every Dynamics 365 integration credential still works and can do only what it should.",
    help_template = help::template(),
    after_help = "Exit codes: 0 clean, 1 the tool failed, 2 usage or configuration, 10 findings at or above the \
                  threshold, 11 incomplete (some checks could not run). 10 wins over 11.\n\n\
                  Start with `credaudit demo`: it needs no tenant."
)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Args, Debug)]
pub struct Global {
    /// Show less: no progress, no notes on standard error
    #[arg(short, long, global = true, help_heading = "Everywhere")]
    pub quiet: bool,
    /// Show more on standard error: -v requests by service, -vv every request; never a secret
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Everywhere")]
    pub verbose: u8,
    /// Colour on standard output
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Everywhere"
    )]
    pub color: ColorWhen,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Also into a file or a pipe
    Always,
    /// No colour at all
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Audit a built-in demo tenant; needs no tenant and no network
    Demo(Demo),
    /// Find what your tenant holds and write a first estate file
    Init(Init),
    /// Audit the estate: read, check and report
    Audit(Audit),
    /// Read the real services and keep the answers as a snapshot
    Collect(Collect),
    /// Check a snapshot without network; writes an assessment
    Evaluate(Evaluate),
    /// Show everything about one registration, and how to fix it
    Show(Show),
    /// Show who a client id is and where it is used
    Where(Where),
    /// List the kept runs
    History(History),
    /// Show what is new, fixed or no longer checked between two runs
    Diff(Diff),
    /// Show the counts of the kept runs over time
    Trend(Trend),
    /// Render an assessment or a JSON report in another format
    Report(Report),
    /// Mail owners before their credentials expire
    Remind(Remind),
    /// Show what the audit can read, and how to grant the rest
    Doctor(Doctor),
    /// Show every problem in the estate and policy files
    CheckConfig(CheckConfig),
    /// Print a built-in policy
    Policy(Policy),
    /// List all checks
    Checks(Checks),
    /// Explain a check or an error code (AADSTS7000222, 0x80040220)
    Explain(Explain),
    /// Print the JSON Schema of a file, for editors and programs
    Schema(Schema),
    /// Print completions for a shell
    Completions(Completions),
    /// Print the manual page, or write one per command
    Man(ManPages),
    /// Run the demo tenant alone, for any client of the real services
    Sim(Sim),
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory;

    #[test]
    fn the_commands_are_sound() {
        Cli::command().debug_assert();
    }
}
