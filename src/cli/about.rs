//! Commands that tell about the tool and its files, and the pretend tenant alone.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

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
    #[arg(value_name = "ID", allow_negative_numbers = true)]
    pub id: Vec<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  credaudit sim\n  credaudit sim --scenario tidy --dir sim")]
pub struct Sim {
    /// Which pretend tenant: neglected, tidy, half-permitted, overprivileged, throttled, broken, or a
    /// scenario file of your own
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
