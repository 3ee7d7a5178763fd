//! What several commands take: which estate, how to judge, where the report goes, how long to wait.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::model::{IsolationProbe, Severity};

/// A report's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatWord {
    Table,
    Json,
    Html,
    Markdown,
    Sarif,
    Junit,
    Csv,
    Ics,
    Prometheus,
}

/// What a row of a CSV report is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CsvRows {
    /// One row per credential, with its expiry
    #[default]
    Credentials,
    /// One row per finding, and per check that could not run
    Findings,
}

/// Format of an answer that is not a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AnswerFormat {
    Table,
    Json,
}

/// Which credentials are tried on other environments than their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum IsolationWord {
    /// None
    Off,
    /// Those of test and development on production
    IntoProduction,
    /// Each on the environments of other tiers
    CrossTier,
    /// Each on every other environment of its tenant
    All,
}

impl From<IsolationWord> for IsolationProbe {
    fn from(word: IsolationWord) -> Self {
        match word {
            IsolationWord::Off => Self::Off,
            IsolationWord::IntoProduction => Self::IntoProduction,
            IsolationWord::CrossTier => Self::CrossTier,
            IsolationWord::All => Self::All,
        }
    }
}

/// Where a report goes.
#[derive(Args, Debug)]
pub struct Output {
    /// Format of the report. Default: what CREDAUDIT_FORMAT names (on standard output only), or table
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<FormatWord>,
    /// Write the report to a file; may be given several times. The file name's ending sets the format: .txt, .json,
    /// .html, .md, .sarif, .xml (JUnit), .csv, .ics (calendar), .prom (Prometheus)
    #[arg(short, long = "output", value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Print everything, not the one-screen summary
    #[arg(long)]
    pub full: bool,
    /// What each row of a CSV report is about
    #[arg(
        long,
        value_name = "ROWS",
        default_value = "credentials",
        hide_default_value = true
    )]
    pub csv: CsvRows,
}

/// Which estate, and which part of it.
#[derive(Args, Debug)]
pub struct Scope {
    /// The estate file: what should exist. Default: the one that CREDAUDIT_CONFIG names, or estate.toml or
    /// credaudit.toml in this folder or the nearest one above
    #[arg(short, long = "config", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Audit this environment only; may be given several times
    #[arg(long = "env", value_name = "NAME")]
    pub environments: Vec<String>,
    /// Audit this registration only; may be given several times
    #[arg(long = "registration", value_name = "NAME")]
    pub registrations: Vec<String>,
}

/// How to read.
#[derive(Args, Debug)]
pub struct Reading {
    /// Also find Dynamics-related apps that the estate does not list (as scope = "tenant" does)
    #[arg(long, conflicts_with_all = ["environments", "registrations"])]
    pub inventory: bool,
    /// The last run's snapshot. Where prove = "on-change" and nothing has changed, its proof is used again; and its
    /// own sign-ins are not counted as the integration's. The file may be missing on the first run
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
    /// Which credentials to try on other environments of their tenant. Default: as the policy says (`probe` in
    /// its isolation table)
    #[arg(long, value_name = "WHICH")]
    pub isolation: Option<IsolationWord>,
    /// Test and development environments only: in each table where the estate denies it, also try to change and
    /// to delete a row that does not exist. The environment must declare its organization-id and must not share
    /// its Dataverse with production. Nothing is ever created. An id is tried only after a read has shown that it
    /// does not exist, and the first probe that succeeds, or whose result is unknown, stops all others.
    /// Synchronous plug-ins that are registered before the security check may run
    #[arg(long)]
    pub probe_writes: bool,
    /// Stop reading after this long (90s, 10m, 1h) and continue with what was read so far
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub deadline: Duration,
}

/// How to judge.
#[derive(Args, Debug)]
pub struct Judging {
    /// The policy file: what is acceptable. Default: the one that CREDAUDIT_POLICY names, or the built-in
    /// `baseline`; `strict` and `relaxed` are built in too
    #[arg(short, long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Evaluate as if it were this date (2026-12-31, UTC); data is still read now
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Exit with 10 if there are findings at or above this severity: info, low, medium, high, critical
    #[arg(long, value_name = "LEVEL")]
    pub fail_on: Option<Severity>,
}

/// Whether findings may end a job.
#[derive(Args, Clone, Copy, Debug)]
pub struct ExitZero {
    /// Exit with 0 where the verdict is 10 or 11, for schedulers that stop or alarm on any other code. What goes wrong
    /// (1) and what is written wrong (2) still ends with its own code
    #[arg(long)]
    pub exit_zero: bool,
}

impl ExitZero {
    /// The code that stands in place of this verdict's.
    pub(crate) fn ends(self, verdict: u8) -> Option<u8> {
        (self.exit_zero && verdict != 0).then_some(0)
    }
}

/// Which history, and whose runs in it.
#[derive(Args, Debug)]
pub struct Kept {
    /// The estate whose runs to show; it also says where its history is kept. Default: as for `audit`
    #[arg(short, long = "config", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Read this history file, with the runs of every estate in it; no estate file is needed
    #[arg(long, value_name = "FILE", conflicts_with = "config")]
    pub file: Option<PathBuf>,
    /// Show a few pretend runs of the built-in demo tenant
    #[arg(long, conflicts_with_all = ["config", "file"])]
    pub demo: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: AnswerFormat,
}

/// `90s`, `10m`, `1h` or `1h30m`; from one second to one day.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is not a duration; write one like 90s, 10m or 1h");
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
    use clap::ValueEnum;

    use super::{IsolationProbe, IsolationWord, duration};

    #[test]
    fn the_flag_and_the_policy_have_the_same_words() {
        for word in IsolationWord::value_variants() {
            let written = word.to_possible_value().expect("none is hidden");
            assert_eq!(IsolationProbe::from(*word).as_str(), written.get_name());
        }
        assert_eq!(
            IsolationWord::value_variants().len(),
            IsolationProbe::ALL.len()
        );
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
