//! The command line, as clap reads it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::Severity;

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
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more on standard error: -v requests by service, -vv every request; never a secret
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Colour on standard output
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorWhen,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    Always,
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
    /// Render an assessment, without network
    Report(Report),
    /// Show every problem of estate and policy at once, without network
    CheckConfig(CheckConfig),
    /// List the questions that an audit asks
    Checks(Checks),
    /// Tell about one check or one code of a service (AADSTS7000222, 0x80040220, ForbiddenByRbac)
    Explain(Explain),
    /// Run the pretend tenant alone, for any client that speaks to the real services
    Sim(Sim),
}

/// A report's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatWord {
    Table,
    Json,
}

/// Where a report goes.
#[derive(Args, Debug)]
pub struct Output {
    /// Format of the report
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<FormatWord>,
    /// Write the report to a file (.txt, .json); may be given several times
    #[arg(short, long = "output", value_name = "FILE")]
    pub output: Vec<PathBuf>,
}

/// Which estate, and which part of it.
#[derive(Args, Debug)]
pub struct Scope {
    /// The estate file: what should exist
    #[arg(
        short,
        long = "config",
        value_name = "FILE",
        default_value = "estate.toml"
    )]
    pub config: PathBuf,
    /// Look at this environment only; may be given several times
    #[arg(long = "env", value_name = "NAME")]
    pub environments: Vec<String>,
    /// Look at this registration only; may be given several times
    #[arg(long = "registration", value_name = "NAME")]
    pub registrations: Vec<String>,
}

/// How to judge.
#[derive(Args, Debug)]
pub struct Judging {
    /// The policy file: what is acceptable. Without it, the built-in baseline; `strict` and `relaxed` are
    /// built in too
    #[arg(short, long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Judge as of this date (2026-12-31, UTC): moves the judging, never the collecting
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Findings at or above this level end the run with 10: info, low, medium, high, critical
    #[arg(long, value_name = "LEVEL")]
    pub fail_on: Option<Severity>,
}

#[derive(Args, Debug)]
pub struct Demo {
    /// Which pretend tenant: neglected (something is wrong everywhere) or tidy
    #[arg(long, value_name = "NAME", default_value = "neglected")]
    pub scenario: String,
    #[command(flatten)]
    pub output: Output,
    /// Write estate, policy, snapshot, assessment, report and mail there
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// End as an audit would, instead of with 0
    #[arg(long)]
    pub exit_code: bool,
}

#[derive(Args, Debug)]
pub struct Audit {
    #[command(flatten)]
    pub scope: Scope,
    #[command(flatten)]
    pub judging: Judging,
    #[command(flatten)]
    pub output: Output,
    /// Mail the report as [mail] in the estate says
    #[arg(long)]
    pub mail: bool,
}

#[derive(Args, Debug)]
pub struct Collect {
    #[command(flatten)]
    pub scope: Scope,
    /// Where the snapshot goes; standard output without it
    #[arg(short, long = "output", value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Evaluate {
    /// A snapshot that `collect` wrote
    #[arg(value_name = "SNAPSHOT")]
    pub snapshot: PathBuf,
    #[command(flatten)]
    pub judging: Judging,
    /// Where the assessment goes; standard output without it
    #[arg(short, long = "output", value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Report {
    /// An assessment that `evaluate` wrote
    #[arg(value_name = "ASSESSMENT")]
    pub assessment: PathBuf,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Args, Debug)]
pub struct CheckConfig {
    /// The estate file
    #[arg(
        short,
        long = "config",
        value_name = "FILE",
        default_value = "estate.toml"
    )]
    pub config: PathBuf,
    /// The policy file
    #[arg(short, long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
}

/// How the catalogue is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CatalogueFormat {
    Table,
    Json,
    Markdown,
}

#[derive(Args, Debug)]
pub struct Checks {
    /// How to print the list
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: CatalogueFormat,
}

#[derive(Args, Debug)]
pub struct Explain {
    /// A check's id, a code as a service answers it, or a whole message with a code in it; without it,
    /// every code is listed
    #[arg(value_name = "ID", allow_hyphen_values = true)]
    pub id: Vec<String>,
}

#[derive(Args, Debug)]
pub struct Sim {
    /// Which pretend tenant: neglected or tidy, or a scenario file of your own
    #[arg(long, value_name = "NAME", default_value = "neglected")]
    pub scenario: String,
    /// Listen on this port (and the next one); any free ones without it
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Where the CA certificate and the estate file go; a new temporary directory without it
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}
