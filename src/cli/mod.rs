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
mod evaluate;
mod explain;
mod history;
mod man;
mod remind;
mod report;
mod schema;
mod sim;
mod trend;
mod r#where;

pub use audit::Audit;
pub use check_config::CheckConfig;
pub use checks::{CatalogueFormat, Checks};
pub use collect::Collect;
pub use common::{
    AnswerFormat, CsvRows, FormatWord, IsolationWord, Judging, Kept, Output, Reading, Scope,
};
pub use completions::Completions;
pub use demo::Demo;
pub use diff::Diff;
pub use evaluate::Evaluate;
pub use explain::Explain;
pub use history::History;
pub use man::ManPages;
pub use remind::Remind;
pub use report::Report;
pub use schema::{Schema, SchemaOf};
pub use sim::Sim;
pub use trend::Trend;
pub use r#where::Where;

/// What stands after `credaudit`.
#[derive(Debug, Parser)]
#[command(
    name = "credaudit",
    version,
    about = "Proves that every Dynamics 365 integration credential still works and can do only what it should.",
    after_help = "Exit codes: 0 clean, 1 the tool failed, 2 usage or configuration, 10 findings at or above the \
                  threshold, 11 incomplete (something that should be known is not). 10 wins over 11.\n\n\
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
    /// Say less: no progress, no notes on standard error
    #[arg(short, long, global = true, help_heading = "Everywhere")]
    pub quiet: bool,
    /// Say more on standard error: -v requests by service, -vv every request; never a secret
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
    /// Audit a pretend tenant that credaudit carries within; needs no tenant and no network
    Demo(Demo),
    /// Audit the estate: collect, evaluate, report
    Audit(Audit),
    /// Read everything the estate names from the real services, and keep it as a snapshot
    Collect(Collect),
    /// Judge a snapshot, without network; gives an assessment
    Evaluate(Evaluate),
    /// Tell who a client id is, where it is used and when its credentials end
    Where(Where),
    /// List the runs that were kept, without network
    History(History),
    /// Tell what is new, fixed and newly unreadable between two kept runs, without network
    Diff(Diff),
    /// Show the counts of the kept runs over time, without network
    Trend(Trend),
    /// Render an assessment, without network
    Report(Report),
    /// Tell owners of credentials that end soon: one message a person, each band of days once
    Remind(Remind),
    /// Show every problem of estate and policy at once, without network
    CheckConfig(CheckConfig),
    /// List the questions that an audit asks
    Checks(Checks),
    /// Tell about one check or one code of a service (AADSTS7000222, 0x80040220, ForbiddenByRbac)
    Explain(Explain),
    /// Print the JSON Schema of a file, for editors and programs
    Schema(Schema),
    /// Print the completions for a shell
    Completions(Completions),
    /// Print the manual page, or write one for every command
    Man(ManPages),
    /// Run the pretend tenant alone, for any client that speaks to the real services
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
