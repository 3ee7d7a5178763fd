//! The command line, as clap reads it.

use std::path::PathBuf;
use std::time::Duration;

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
    /// Render an assessment, without network
    Report(Report),
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
#[command(
    after_help = "Examples:\n  credaudit demo\n  credaudit demo --scenario tidy\n  credaudit demo --keep out    # estate, snapshot, report and mail to look at"
)]
pub struct Demo {
    /// Which pretend tenant: neglected (something is wrong everywhere), tidy, or tidy seen on a bad day:
    /// half-permitted, throttled, broken
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
#[command(
    after_help = "Examples:\n  credaudit audit\n  credaudit audit -c estate.toml -p strict --env prod\n  credaudit audit -o report.json -o report.txt --mail\n  credaudit audit --deadline 5m --fail-on medium"
)]
pub struct Audit {
    #[command(flatten)]
    pub scope: Scope,
    #[command(flatten)]
    pub judging: Judging,
    #[command(flatten)]
    pub output: Output,
    /// Stop reading after this long (90s, 10m, 1h) and judge what was read until then
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub deadline: Duration,
    /// Mail the report, as the mail table of the estate says
    #[arg(long)]
    pub mail: bool,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit collect -o snapshot.json\n  credaudit collect --registration raia-contact-sync -o snapshot.json"
)]
pub struct Collect {
    #[command(flatten)]
    pub scope: Scope,
    /// Stop reading after this long (90s, 10m, 1h) and keep what was read until then
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub deadline: Duration,
    /// Where the snapshot goes; standard output without it
    #[arg(short, long = "output", value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit evaluate snapshot.json -o assessment.json\n  credaudit evaluate snapshot.json -p strict --as-of 2026-12-31"
)]
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
#[command(
    after_help = "Examples:\n  credaudit report assessment.json\n  credaudit report assessment.json --format json"
)]
pub struct Report {
    /// An assessment that `evaluate` wrote
    #[arg(value_name = "ASSESSMENT")]
    pub assessment: PathBuf,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit check-config\n  credaudit check-config -c estate.toml -p policy.toml"
)]
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
#[command(after_help = "Examples:\n  credaudit checks\n  credaudit checks --format markdown")]
pub struct Checks {
    /// How to print the list
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: CatalogueFormat,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit explain credential-expired\n  credaudit explain AADSTS7000222\n  credaudit explain 0x80040220\n  credaudit explain finops-401"
)]
pub struct Explain {
    /// A check's id, a code as a service answers it, or a whole message with a code in it; without it,
    /// every code is listed
    #[arg(value_name = "ID", allow_hyphen_values = true)]
    pub id: Vec<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  credaudit sim\n  credaudit sim --scenario tidy --dir sim")]
pub struct Sim {
    /// Which pretend tenant: neglected, tidy, half-permitted, throttled, broken, or a scenario file of
    /// your own
    #[arg(long, value_name = "NAME", default_value = "neglected")]
    pub scenario: String,
    /// Listen on this port (and the next one); any free ones without it
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Where the CA certificate and the estate file go; a new temporary directory without it
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// Which file a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The estate file, as people write it
    Estate,
    /// The policy file, as people write it
    Policy,
    /// What `collect` writes
    Snapshot,
    /// What `--format json` writes
    Report,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit schema estate > estate.schema.json\n\nThen begin the estate file with the line\n  #:schema ./estate.schema.json\nand an editor with Even Better TOML completes and checks it."
)]
pub struct Schema {
    /// Which file
    #[arg(value_name = "FILE")]
    pub of: SchemaOf,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit completions bash > ~/.local/share/bash-completion/completions/credaudit\n  credaudit completions zsh > ~/.zfunc/_credaudit"
)]
pub struct Completions {
    /// For which shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit man | man -l -\n  credaudit man --dir ~/.local/share/man/man1"
)]
pub struct ManPages {
    /// Write a page for every command there
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// `90s`, `10m`, `1h` or `1h30m`; from one second to one day.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no time; write one like 90s, 10m or 1h");
    let mut seconds = 0_u64;
    let mut digits = String::new();
    for letter in text.trim().chars() {
        if letter.is_ascii_digit() && digits.len() < 9 {
            digits.push(letter);
            continue;
        }
        let unit = match letter.to_ascii_lowercase() {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            _ => return Err(wrong()),
        };
        let number: u64 = digits.parse().map_err(|_| wrong())?;
        seconds += number * unit;
        digits.clear();
    }
    match seconds {
        _ if !digits.is_empty() => Err(format!(
            "`{text}` has no unit at its end; write one like 90s, 10m or 1h"
        )),
        0 => Err(wrong()),
        1..=86_400 => Ok(Duration::from_secs(seconds)),
        _ => Err(format!("{text} is longer than a day")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Cli, duration};
    use clap::CommandFactory;

    #[test]
    fn the_commands_are_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_deadline_is_read_as_people_write_it() {
        for (text, seconds) in [
            ("90s", 90),
            ("10m", 600),
            ("1h", 3600),
            ("1h30m", 5400),
            (" 2M ", 120),
        ] {
            assert_eq!(
                duration(text).map(|time| time.as_secs()),
                Ok(seconds),
                "{text}"
            );
        }
        for text in [
            "",
            "0s",
            "10",
            "s",
            "1d",
            "-5m",
            "25h",
            "99999999999999999999s",
            "1.5h",
            "\u{661}m",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
