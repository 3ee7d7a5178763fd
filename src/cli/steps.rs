//! The steps of an audit as commands: the whole of it, each alone, and the show.

use std::path::PathBuf;

use clap::Args;

use super::common::{Judging, Output, Reading, Scope};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit demo\n  credaudit demo --scenario tidy\n  credaudit demo --keep out    # estate, snapshot, report and mail to look at"
)]
pub struct Demo {
    /// Which pretend tenant: neglected (something is wrong everywhere), tidy, or tidy seen on a bad day:
    /// half-permitted, throttled, broken; or by an auditor who may do too much: overprivileged
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
    after_help = "Examples:\n  credaudit audit\n  credaudit audit -c estate.toml -p strict --env prod\n  credaudit audit -o report.json -o report.txt --mail\n  credaudit audit --deadline 5m --fail-on medium\n  credaudit audit --fail-on-new\n  credaudit audit --previous last.json --keep-snapshot last.json"
)]
pub struct Audit {
    #[command(flatten)]
    pub scope: Scope,
    #[command(flatten)]
    pub judging: Judging,
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub output: Output,
    /// Keep what was read as a snapshot, too: for --previous of the next run
    #[arg(long, value_name = "FILE")]
    pub keep_snapshot: Option<PathBuf>,
    /// End with 10 only where something is new or worse since the last kept run of the same estate, and
    /// with 11 only where something is newly unreadable
    #[arg(long)]
    pub fail_on_new: bool,
    /// Do not keep this run in the history
    #[arg(long)]
    pub no_history: bool,
    /// Mail the report, as the mail table of the estate says
    #[arg(long)]
    pub mail: bool,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit collect -o snapshot.json\n  credaudit collect --registration raia-contact-sync -o snapshot.json\n  credaudit collect -p policy.toml --isolation all -o snapshot.json"
)]
pub struct Collect {
    #[command(flatten)]
    pub scope: Scope,
    #[command(flatten)]
    pub reading: Reading,
    /// The policy file: says which credentials are tried on other environments (`probe` of its isolation table), and no
    /// more is taken from it here. Without it, the built-in baseline
    #[arg(short, long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
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
    after_help = "Examples:\n  credaudit report assessment.json\n  credaudit report assessment.json --format json\n  credaudit report assessment.json -o report.sarif -o junit.xml -o credentials.ics\n  credaudit report assessment.json -o findings.csv --csv findings"
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
    after_help = "Audits, and sends one message to each person for whom something is due: a credential of theirs that entered a \
                  new band of days before its end, or that was renewed. Each band is told once. What was sent stands in the \
                  history, which must be on.\n\n\
                  Ends with 0 where everybody who had to be told was told, with 11 where the audit is incomplete (every message \
                  says so), with 1 where somebody could not be told: they are tried again next time.\n\n\
                  Examples:\n  credaudit remind\n  credaudit remind --dry-run\n  credaudit remind -c estate.toml --deadline 5m"
)]
pub struct Remind {
    #[command(flatten)]
    pub scope: Scope,
    #[command(flatten)]
    pub judging: Judging,
    #[command(flatten)]
    pub reading: Reading,
    /// Print what would be sent, and send and remember nothing
    #[arg(long)]
    pub dry_run: bool,
}
